package review

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/rulebook"
)

// Every rule and text has one row, with its words in both languages and its source.
func TestTheListIsComplete(t *testing.T) {
	t.Parallel()
	list, err := Current()
	require.NoError(t, err)
	keys := map[string]bool{}
	for _, row := range list.Rows {
		require.False(t, keys[row.Key], "%s stands twice", row.Key)
		keys[row.Key] = true
		require.NotEmpty(t, row.Source, row.Key)
		require.Equal(t, row.Text.NL == "", row.Text.EN == "", row.Key)
		require.True(t, row.Text.NL != "" || row.Rule != "", row.Key)
	}
	for _, key := range []string{
		"gate/E-1", "gate/V-15", "question/fear", "question/sign/chest_pain", "modules/rule/1/M-1",
		"dose/limit/most_rise", "progression/limit/well_again", "instrument/odi", "exercise/bridge",
		"education/module-1", "text/walking.overshoot", "modules/caution/C-1", "ladder/bridge-small", "gate/together",
		"modules/factor/mood", "modules/risk/low", "modules/phase/acute", "modules/mood/alert", "modules/support/high",
	} {
		require.True(t, keys[key], key)
	}
	for _, count := range list.Counts() {
		require.NotZero(t, count.All, count.Part)
		require.True(t, words.English.Has(count.Part.Key()), count.Part)
	}
}

// Every table of the rule book has as many rows as entries: a new kind of rule cannot be left out.
func TestEveryTableHasRows(t *testing.T) {
	t.Parallel()
	list, err := Current()
	require.NoError(t, err)
	rowsOf := map[string]string{ // the row's key begins with
		"caps": "modules/cap/", "minds": "modules/mind/", "days": "modules/days/", "cautions": "modules/caution/",
		"base": "modules/base/", "rules": "modules/rule/", "ranges": "dose/range/",
	}
	book := rulebook.Current()
	for _, part := range []any{book.Modules, book.Dose, book.Progression} {
		table := reflect.ValueOf(part)
		for i := range table.NumField() {
			name, kind := table.Type().Field(i).Tag.Get("yaml"), table.Field(i).Kind()
			if kind != reflect.Slice && kind != reflect.Map || name == "former" {
				continue // limits and single texts stand in TestTheListIsComplete; former decides nothing
			}
			require.Contains(t, rowsOf, name)
			rows := slices.Collect(func(yield func(string) bool) {
				for _, row := range list.Rows {
					if strings.HasPrefix(row.Key, rowsOf[name]) && !yield(row.Key) {
						return
					}
				}
			})
			require.Len(t, rows, table.Field(i).Len(), name)
		}
	}
}

// Each exercise stands in one ladder at most, and its neighbours stand beside it.
func TestLaddersHoldEveryStep(t *testing.T) {
	t.Parallel()
	list, err := Current()
	require.NoError(t, err)
	library, err := exercise.Load()
	require.NoError(t, err)
	rungs := map[string]string{}
	for _, row := range list.Of(Ladders) {
		ladder := strings.Split(strings.SplitN(row.Rule, ": ", 2)[1], " → ")
		for i, slug := range ladder {
			require.NotContains(t, rungs, slug)
			rungs[slug] = row.Key
			e, err := library.Find(slug)
			require.NoError(t, err)
			require.Equal(t, i == 0, e.Easier == "", slug)
			require.Equal(t, i == len(ladder)-1, e.Harder == "", slug)
		}
	}
	for _, e := range library.All() {
		require.Equal(t, e.Easier != "" || e.Harder != "", rungs[e.Slug] != "", e.Slug)
	}
}

// No row keeps a place open, and each number of an instrument stands in its row.
func TestRowsSayTheirNumbers(t *testing.T) {
	t.Parallel()
	list, err := Current()
	require.NoError(t, err)
	for _, row := range list.Rows {
		if row.Part == Texts {
			continue // a text keeps its names in braces
		}
		require.NotContains(t, row.Rule+row.Text.EN+row.Text.NL, "…", row.Key)
		require.NotRegexp(t, `\{[a-z_]+\}`, row.Text.NL+row.Text.EN, row.Key)
		switch row.Key {
		case "instrument/odi":
			require.Contains(t, row.Rule, "0 to 100")
			require.Contains(t, row.Rule, "important change: 10")
		case "modules/caution/C-1":
			require.Contains(t, row.Text.EN, "asks for balance")
			require.Contains(t, row.Rule, "bird-dog")
		case "gate/together":
			require.Contains(t, row.Rule, "2 or more")
		case "modules/phase/subacute":
			require.Equal(t, "6 to 12 weeks", row.Rule)
		case "modules/factor/mood":
			require.Equal(t, "PHQ-2 of 3 or more", row.Rule)
		case "modules/factor/expectation":
			require.Equal(t, "expectation of 0 to 3", row.Rule)
		case "modules/risk/high":
			require.True(t, strings.HasPrefix(row.Rule, "5 or more physical with 0 psychosocial factors; "+
				"4 or more physical with 1 psychosocial factors; 0 or more physical with 2 "), row.Rule)
		case "modules/risk/low":
			require.Equal(t, "0 to 1 physical with 0 psychosocial factors; 0 physical with 1 psychosocial factors",
				row.Rule)
		}
	}
}

// A signature holds for the wording that was read: whoever signs a row that is worded otherwise signs nothing.
func TestASignatureHoldsForOneWording(t *testing.T) {
	t.Parallel()
	list, err := Current()
	require.NoError(t, err)
	row := list.Rows[0]
	before := list.Total()
	for _, tc := range []struct {
		signature Signature
		approved  bool
	}{
		{Signature{Row: row.Key, Wording: row.Wording(), Verdict: Approved}, true},
		{Signature{Row: row.Key, Wording: row.Wording(), Verdict: "change"}, false},
		{Signature{Row: row.Key, Wording: "another", Verdict: Approved}, false},
		{Signature{Row: "another", Wording: row.Wording(), Verdict: Approved}, false},
	} {
		signed := List{Rows: list.Rows, verdicts: map[string]Signature{tc.signature.Wording: tc.signature}}
		require.Equal(t, tc.approved, signed.IsApproved(row))
		if tc.approved {
			require.Equal(t, before.Unapproved-1, signed.Total().Unapproved)
		}
	}
	for _, change := range []func(*Row){
		func(r *Row) { r.Rule += "x" }, func(r *Row) { r.Text.NL += "x" }, func(r *Row) { r.Text.EN += "x" },
		func(r *Row) { r.Source += "x" },
	} {
		other := row
		change(&other)
		require.NotEqual(t, row.Wording(), other.Wording())
	}
}

// What is signed is about rows that there are.
func TestSignaturesAreAboutRows(t *testing.T) {
	t.Parallel()
	list, err := Current()
	require.NoError(t, err)
	signed, err := signatures()
	require.NoError(t, err)
	keys := map[string]bool{}
	for _, row := range list.Rows {
		keys[row.Key] = true
	}
	for _, s := range signed {
		require.True(t, keys[s.Row], s.Row)
		require.Contains(t, []string{Approved, "change"}, s.Verdict)
		require.NotEmpty(t, s.Reviewer)
		require.NotEmpty(t, s.Date)
	}
}

// The document and the table hold every row, in each language.
func TestTheDocument(t *testing.T) {
	t.Parallel()
	list, err := Current()
	require.NoError(t, err)
	for _, language := range words.All() {
		var page bytes.Buffer
		require.NoError(t, list.WriteHTML(&page, language))
		require.Equal(t, len(list.Rows), strings.Count(page.String(), "<small>"))
		for _, part := range Parts {
			require.True(t, strings.Contains(page.String(), "<h2>"+language.Say(part.Key())), "%s, %s", language, part)
		}
	}
	var table bytes.Buffer
	require.NoError(t, list.WriteCSV(&table))
	lines, err := csv.NewReader(&table).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, len(list.Rows)+1)
}
