package caseload

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/id"
	"cadans/internal/people"
)

// A patient on whom a page ended may leave the list before the next one is asked for. The list then goes on; it does not
// begin again, or a client that follows cursors would never end.
func TestAPageGoesOnWhenItsLastPatientHasLeft(t *testing.T) {
	t.Parallel()
	list := func(names ...string) (rows []Row) {
		for _, name := range names {
			rows = append(rows, Row{Patient: people.Patient{ID: id.Patient(name), Name: name}, State: OnTrack})
		}
		return rows
	}
	first := pageOf(list("a", "b", "c", "d", "e"), Filter{Limit: 2})
	require.Equal(t, Position{Patient: "b", Seen: 2}, *first.Next)
	for _, tc := range []struct {
		name  string
		rows  []Row
		next  string
		count int
	}{
		{"still there", list("a", "b", "c", "d", "e"), "c", 2},
		{"somebody came before", list("0", "a", "b", "c", "d", "e"), "c", 2},
		{"gone", list("a", "c", "d", "e"), "c", 2},
		{"nearly all gone", list("a"), "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			page := pageOf(tc.rows, Filter{After: *first.Next, Limit: 2})
			require.Len(t, page.Rows, tc.count)
			if tc.count > 0 {
				require.Equal(t, tc.next, page.Rows[0].Patient.Name)
			}
		})
	}
}
