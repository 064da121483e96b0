package browser_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
)

// freeTexts are the columns with what people write: messages, notes, answers and names.
var freeTexts = map[string][]string{
	"feedback": {"text"}, "sessions": {"note"}, "session_notes": {"text"}, "barrier_reports": {"note"},
	"module_responses": {"text", "feedback"}, "valued_activities": {"activity"}, "change_requests": {"note"},
	"safety_decisions": {"note"}, "program_templates": {"name"}, "program_versions": {"reason_nl", "reason_en"},
	"patients": {"name"}, "members": {"name"}, "practices": {"name"},
}

// A word without an end, such as a link, makes no page wider than the window, whoever wrote it.
func TestLongWordsBreak(t *testing.T) {
	at, b := inside(t)
	patient := b.dropped()
	at.writesLongWords(t, strings.Repeat("w", 300))
	b.reads("nl", "light")
	for _, width := range []int64{390, 1280} {
		b.do("resize", chromedp.EmulateViewport(width, 900))
		for _, page := range append(shown, struct{ name, path string }{"docs", "/docs"}) {
			b.leave(page.name, chromedp.Navigate(b.at.url+strings.Replace(page.path, "%s", patient, 1)))
			picture(b, fmt.Sprintf("%s-long-words-%d", page.name, width))
			if over := evaluate[int](b, overflow); over > 0 {
				t.Errorf("%s is %d px too wide at %d, for %s", page.name, over, width, evaluate[[]string](b, widest))
			}
		}
	}
}

// writesLongWords replaces every free text, and gives the practice an exercise with a long name.
func (p *practice) writesLongWords(t *testing.T, word string) {
	t.Helper()
	require.NoError(t, p.app.DB.Write(context.Background(), func(tx *database.Tx) error {
		for table, columns := range freeTexts {
			for _, column := range columns {
				if _, err := tx.Exec("UPDATE "+table+" SET "+column+" = ?", word); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	text := words.Pair{NL: word, EN: word}
	_, _, err := p.app.Exercises.Save(context.Background(), p.member(t), exercise.Own{Exercise: exercise.Exercise{
		Slug: ownExercise, Module: exercise.Strength, Region: "neck", Name: text, Instructions: text, Cautions: text,
		Default: exercise.Dose{Sets: 2, Reps: 8},
	}}, "")
	require.NoError(t, err)
}
