package caseload

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
)

// A patient on whom a page ended may leave the list before the next one is asked for. The list then goes on; it does
// not begin again, or a client that follows cursors would never end.
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

// shown names the patients of a page by their ids.
func shown(p Page) (ids []string) {
	for _, r := range p.Rows {
		ids = append(ids, string(r.Patient.ID))
	}
	return ids
}

// inOrder is a list as a therapist reads it: who needs attention, the gravest state first, who comes soonest, then
// by name and id.
func inOrder() []Row {
	row := func(as, name string, s State) Row {
		return Row{Patient: people.Patient{ID: id.Patient(as), Name: name}, State: s}
	}
	pressing := row("z", "Z", Paused)
	pressing.Alerts = []alert.Alert{{Raised: alert.Raised{Urgency: alert.Today}}}
	tomorrow, later := row("y", "Y", Low), row("x", "X", Low)
	tomorrow.NextVisit, later.NextVisit = day.AddDays(1), day.AddDays(2)
	return []Row{row("9", "Q", Dropped), row("8", "A", PainUp), pressing, tomorrow, later, row("2", "Anna", Low),
		row("3", "Anna", Low),
		row("1", "Bert", Low), row("0", "A", OnTrack)}
}

func TestTheOrderOfTheList(t *testing.T) {
	t.Parallel()
	want := []string{"9", "8", "z", "y", "x", "2", "3", "1", "0"}
	for range len(want) {
		rows := inOrder()
		slices.Reverse(rows)
		require.Equal(t, want, shown(pageOf(rows, Filter{Limit: 99})))
	}
}

// A filter keeps the rows that match, in any case, and the counts of all; the last page says that it is the last.
func TestFilteringTheList(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		f    Filter
		want []string
		more *Position
	}{
		"states":           {Filter{States: []State{Dropped, OnTrack}, Limit: 9}, []string{"9", "0"}, nil},
		"a part of a name": {Filter{Name: "NN", Limit: 9}, []string{"2", "3"}, nil},
		"both":             {Filter{States: []State{Low}, Name: "bert", Limit: 9}, []string{"1"}, nil},
		"a full page":      {Filter{States: []State{Dropped, PainUp}, Limit: 2}, []string{"9", "8"}, nil},
		"one row more": {Filter{States: []State{Dropped, PainUp, OnTrack}, Limit: 2}, []string{"9", "8"},
			&Position{Patient: "8", Seen: 2}},
		"after the first": {Filter{After: Position{Patient: "9", Seen: 1}, Limit: 2}, []string{"8", "z"},
			&Position{Patient: "z", Seen: 3}},
		"after one gone": {Filter{After: Position{Patient: "gone", Seen: 2}, Limit: 1}, []string{"8"},
			&Position{Patient: "8", Seen: 2}},
	} {
		p := pageOf(inOrder(), tc.f)
		require.Equal(t, tc.want, shown(p), name)
		require.Equal(t, tc.more, p.Next, name)
		require.Equal(t, map[State]int{Dropped: 1, PainUp: 1, Paused: 1, Low: 5, OnTrack: 1}, p.Counts, name)
	}
}
