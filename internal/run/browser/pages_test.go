package browser_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/run/testkit"
	"cadans/internal/web"
)

// shown are the pages of the dashboard. Where a patient is asked for, it is one with a story to tell.
var shown = []struct{ name, path string }{
	{"caseload", "/caseload"}, {"alerts", "/alerts"}, {"alerts-snoozed", "/alerts?show=snoozed"},
	{"alerts-done", "/alerts?show=resolved"}, {"patient", "/patients/%s"},
	{"patient-12-weeks", "/patients/%s?weeks=12"}, {"program", "/patients/%s/program"},
	{"editor", "/patients/%s/program/draft"}, {"proposals", "/patients/%s/proposals"},
	{"sessions", "/patients/%s/sessions"}, {"modules", "/patients/%s/modules"},
	{"questionnaires", "/patients/%s/questionnaires"}, {"activity", "/patients/%s/activity"},
	{"notes", "/patients/%s/notes"}, {"access-log", "/patients/%s/access-log"}, {"letter", "/patients/%s/letter"},
	{"invite", "/patients/%s/invite"}, {"new-patient", "/patients/new"}, {"library", "/library"},
	{"exercise", "/library/bridge"}, {"new-exercise", "/library/new"}, {"own-exercise", "/library/" + ownExercise},
	{"own-exercise-editor", "/library/" + ownExercise + "/edit"}, {"practice", "/practice"},
	{"members", "/practice/members"}, {"settings", "/practice/settings"}, {"help", "/help"}, {"set-up", "/setup"},
	{"not-found", missing}, {"phone", "/p"},
}

// unshown are the addresses that are looked at elsewhere, or that show nothing, and why.
var unshown = map[string]string{
	"/": "leads to the caseload", "/stay": "answers a script", "/live": "is a stream",
	"/library/media/:media_hash": "is a file", "/sign-in": "stands in first_test.go",
	"/sign-in/code": "stands in first_test.go", "/practice/audit": "is an admin's: it stands in first_test.go",
}

// Every page of the table is looked at.
func TestEveryPageIsShown(t *testing.T) {
	t.Parallel()
	for _, p := range web.Pages() {
		if p.Method != http.MethodGet || unshown[p.Path] != "" {
			continue
		}
		require.True(t, slices.ContainsFunc(shown, func(s struct{ name, path string }) bool {
			path, _, _ := strings.Cut(strings.Replace(s.path, "%s", ownExercise, 1), "?")
			return path == p.Path || fiber.RoutePatternMatch(path, p.Path)
		}), "nobody looks at %s: add it to shown, or say in unshown why there is nothing to see", p.Path)
	}
}

// Every page, in both languages, both themes and two widths: nothing scrolls sideways, says something on the console or
// asks another host, and none breaks the rules of WCAG 2.2 A and AA.
func TestEveryPage(t *testing.T) {
	at, b := inside(t)
	at.writesExercise(t)
	patient := b.dropped()
	axe, err := os.ReadFile(filepath.Join("testdata", "axe-core", "axe.min.js"))
	require.NoError(t, err)
	for l, language := range []string{"nl", "en"} {
		for th, theme := range []string{"light", "dark"} {
			b.reads(language, theme)
			for w, width := range []int64{1280, 390} {
				b.do("resize", chromedp.EmulateViewport(width, 900))
				for _, page := range shown {
					b.visit(strings.Replace(page.path, "%s", patient, 1))
					name := fmt.Sprintf("%s-%s-%s-%d", page.name, language, theme, width)
					picture(b, name)
					b.fits(name, language)
					if (l+th+w)%2 == 0 { // each two of language, theme and width meet: the rules take longest
						b.breaksNoRule(name, string(axe))
					}
				}
			}
		}
	}
}

// Texts that are 40 % longer and run from right to left fit on a phone: no page scrolls sideways.
func TestEveryPageHoldsAnyLanguage(t *testing.T) {
	at, b := inside(t)
	at.writesExercise(t)
	patient := b.dropped()
	b.reads(string(words.Pseudo), "light")
	b.do("resize", chromedp.EmulateViewport(390, 900))
	for _, page := range shown {
		b.visit(strings.Replace(page.path, "%s", patient, 1))
		require.Eventually(
			t, func() bool { return evaluate[bool](b, isPseudo) }, patience, 20*time.Millisecond, page.name,
		)
		picture(b, page.name+"-qps-light-390")
		if evaluate[int](b, overflow) > 0 {
			t.Errorf("%s scrolls sideways, for %s", page.name, evaluate[[]string](b, widest))
		}
	}
}

const isPseudo = `document.documentElement.dir === "rtl" && document.documentElement.lang === "qps"`

// widest are the elements that stick out, but for those that scroll by themselves.
const widest = `[...document.querySelectorAll("main *, header *")].filter(e => {
	const r = e.getBoundingClientRect();
	return (r.left < 0 || r.right > innerWidth) && !e.closest(".scroll, .sr, .skip");
}).slice(0, 5).map(e => e.outerHTML.slice(0, 120))`

// overflow is how much wider a page is than the window.
const overflow = `document.documentElement.scrollWidth - document.documentElement.clientWidth`

const ownExercise = "019aa0c4-7d00-7000-8000-0000000000e1"

// writesExercise gives the practice an exercise of its own, with a picture, as the second member.
func (p *practice) writesExercise(t *testing.T) {
	t.Helper()
	ctx, v := context.Background(), p.member(t)
	m, _, err := p.app.Exercises.AddMedia(ctx, v, testkit.Picture())
	require.NoError(t, err)
	text := words.Pair{NL: "Handdoek trekken", EN: "Towel pull"}
	_, _, err = p.app.Exercises.Save(ctx, v, exercise.Own{Exercise: exercise.Exercise{
		Slug:         ownExercise,
		Module:       exercise.Strength,
		Region:       "neck",
		Name:         text,
		Instructions: text,
		Cautions:     text,
		Default:      exercise.Dose{Sets: 2, Reps: 8},
		Picture:      m.Hash,
	}}, "")
	require.NoError(t, err)
}

// dropped is the id of the first patient of the list whose adherence fell.
func (b *tab) dropped() string {
	b.t.Helper()
	return evaluate[string](
		b,
		`[...document.querySelectorAll("table.list tbody tr")]
			.find(r => r.textContent.includes("Adherence over 14 days")).querySelector("a")
			.getAttribute("href").slice("/patients/".length)`,
	)
}

func (b *tab) isSound(name, axe, language string) {
	b.t.Helper()
	b.fits(name, language)
	b.breaksNoRule(name, axe)
}

func (b *tab) fits(name, language string) {
	b.t.Helper()
	require.Eventually(
		b.t, func() bool { return evaluate[string](b, `document.documentElement.lang`) == language }, patience,
		20*time.Millisecond, name,
	)
	require.LessOrEqual(
		b.t, evaluate[int](b, overflow), 0,
		"%s scrolls sideways", name,
	)
}

func (b *tab) breaksNoRule(name, axe string) {
	b.t.Helper()
	found := evaluate[[]string](b, axe+`; axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"], resultTypes: ["violations"]
	}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html + " " + n.failureSummary)))`)
	require.Empty(b.t, found, name)
}
