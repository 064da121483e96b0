package mend_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/api/door/mend"
	"cadans/internal/record/safety"
)

// Signs are understood in whatever form they were told.
func TestSigns(t *testing.T) {
	t.Parallel()
	both := []safety.Sign{safety.SaddleNumbness, safety.ChestPain}
	for body, want := range map[string][]safety.Sign{
		`{"new_signs": ["saddle_numbness", "chest_pain"]}`:                           both,
		`{"new_signs": ["SADDLE-NUMBNESS", " chest pain\r\n"]}`:                      both,
		`{"new_signs": "saddle_numbness, chest_pain"}`:                               both,
		`{"new_signs": {"saddle_numbness": true, "chest_pain": false}}`:              both[:1],
		`{"new_signs": {"list": ["saddle_numbness"]}}`:                               both[:1],
		`{"data": {"new_signs": ["saddle_numbness"]}}`:                               both[:1],
		`{"newSigns": ["saddle_numbness"]}`:                                          both[:1],
		`{"new_signs": ["saddle_numbness"], "new_signs": []}`:                        both[:1],
		"\ufeff" + `{"new_signs": ["saddle_numbness"]}`:                              both[:1],
		`{"new_signs": {"saddle_numbness": true`:                                     both[:1],
		`{"newSigns": []}`:                                                           nil,
		`{"New-Signs": ["saddle_numbness"]}`:                                         both[:1],
		`{"note": "a", "new_signs": ["saddle_numbness", "chest_pai`:                  both[:1],
		`{"new_signs": ["saddle_numbness", "chest_pain"], "note": "a` + "\n" + `b"}`: both,
		`{"new_signs": ["saddle_numbness",]}`:                                        both[:1],
		`{"new_signs": ["saddle_numbness", "saddle_numbness"]}`:                      both[:1],
		`{"note": "saddle_numbness"}`:                                                nil,
		`{"new_signs": ["something_else"]}`:                                          nil,
		`{"new_signs": null}`:                                                        nil,
		`no JSON`:                                                                    nil,
		``:                                                                           nil,
	} {
		require.Equal(t, want, mend.Signs(body), body)
	}
}

// A record that was cut off anywhere behind a sign still tells it.
func TestSignsOfWhatWasCutOff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sign := rapid.SampledFrom(safety.NewSignQuestions).Draw(t, "question").Sign
		whole := `{"id":"x","new_signs":["` + string(sign) + `"`
		rest := `],"note":"Tintelingen.","items":[{"item_id":"y"}]}`
		cut := rapid.IntRange(0, len(rest)).Draw(t, "cut")
		require.Equal(t, []safety.Sign{sign}, mend.Signs(whole+rest[:cut]))
	})
}

func TestID(t *testing.T) {
	t.Parallel()
	const id = "019aa0c4-7d00-7000-8000-0000000000a1"
	require.Equal(t, id, mend.ID(`{"id": "`+id+`"}`, "y"))
	require.Equal(t, id, mend.ID(`{"id": 7}`, id))
	require.Empty(t, mend.ID(`{"id": 7}`, "Y"))
	require.Empty(t, mend.ID(`{"id": "`+id, ""))
}
