package program

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/exercise"
	"cadans/internal/run/testdb"
)

// full is an item with something in each field, of an exercise that can be made lighter and easier.
func full() NewItem {
	n := testdb.Filled[NewItem]()
	n.Exercise, n.Dose, n.Minimum = "bridge", reps(4, 12), &exercise.Dose{Sets: 1, Reps: 8}
	return n
}

// Every copy of an item keeps each field that it is not meant to change, also one that is new.
func TestCopiesKeepEveryField(t *testing.T) {
	t.Parallel()
	library := embedded(t)
	n := full()
	whole := n.In(library)
	lighter, ok := whole.Lighter()
	require.True(t, ok)
	easier, ok := whole.Easier(library)
	require.True(t, ok)
	another := reps(3, 9)
	set, wrong := Change{Kind: SetTo, Dose: &another}.apply(library, whole)
	require.Empty(t, wrong)
	encoded, err := encodeItems([]Item{whole})
	require.NoError(t, err)
	stored, err := decodeItems([]byte(encoded))
	require.NoError(t, err)
	shown := NewItem{ID: n.ID, Exercise: n.Exercise, Dose: n.Dose, Schedule: n.Schedule} // by the editor's form
	for name, tc := range map[string]struct {
		of, copied any
		changes    []string
	}{
		"NewItem.In":     {n, whole, nil},
		"Item.AsNew":     {whole, whole.AsNew(), []string{"Module", "SecondsPerSet", "Revision"}}, // the library's
		"NewItem.asItem": {n, n.asItem(), nil},
		"what is stored": {whole, stored[0], nil},
		"Item.Lighter":   {whole, lighter, []string{"Dose"}},
		"Item.Scaled":    {whole, whole.Scaled(70), []string{"Dose"}},
		"Item.Shorter":   {whole, whole.Shorter(), []string{"Dose"}},
		"Item.Easier": {whole, easier, []string{"Exercise", "Dose", "Minimum", "Module", "SecondsPerSet",
			"Revision"}},
		"a set dose":     {whole, set, []string{"Dose"}},
		"NewItem.After":  {n, shown.After(n), nil},
		"Item.timedOnce": {whole, whole.timedOnce(), nil},
	} {
		require.Empty(t, testdb.Lost(tc.of, tc.copied, tc.changes...), "%s forgets this: copy it there", name)
	}
}
