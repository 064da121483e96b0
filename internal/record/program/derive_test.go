package program_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/run/testdb"
)

// has stores a version of a patient, of so many days from today, with a bridge of so many sets.
func (d desk) has(patient id.Patient, as id.ProgramVersion, number, days, sets int, origin program.Origin) {
	d.t.Helper()
	stored, err := bridge(sets).In(library(d.t)).Encode()
	require.NoError(d.t, err)
	d.Insert("program_versions", testdb.Row{"patient_id": patient, "id": as, "number": number,
		"effective_from": today.AddDays(days),
		"items":          stored, "published_by": testdb.Tom, "origin": origin})
}

// asks stores a version of a patient, of so many days from today.
func (d desk) asks(
	patient id.Patient, as id.ProgramVersion, number, days int, origin program.Origin, items ...program.NewItem,
) {
	d.t.Helper()
	var stored []string
	for _, item := range items {
		one, err := item.In(library(d.t)).Encode()
		require.NoError(d.t, err)
		stored = append(stored, strings.Trim(one, "[]"))
	}
	d.Insert("program_versions", testdb.Row{
		"patient_id": patient, "id": as, "number": number, "effective_from": today.AddDays(days),
		"items": "[" + strings.Join(stored, ",") + "]", "published_by": testdb.Tom, "origin": origin,
	})
}

// history is what was ever asked of a patient.
func (d desk) history(patient id.Patient) program.History {
	d.t.Helper()
	h, language, err := d.Versions(context.Background(), d.AsMember(testdb.Tess), patient)
	require.NoError(d.t, err)
	require.Equal(d.t, people.Dutch, language)
	return h
}

// shown is a version as a line: its day from today, origin, who published it, and the sets of its items.
type shown struct {
	days   int
	origin program.Origin
	by     id.Member
	sets   []int
}

func (d desk) shows(patient id.Patient) (all []shown) {
	d.t.Helper()
	for n, v := range d.history(patient).Versions {
		s := shown{v.EffectiveFrom.DaysSince(today), v.Origin, v.PublishedBy, nil}
		for _, item := range v.Items {
			s.sets = append(s.sets, item.Dose.Sets)
		}
		require.Equal(d.t, n+1, v.Number)
		all = append(all, s)
	}
	return all[1:] // the first one is of the town
}

// stops stores an open stop of the safety gate.
func (d desk) stops(patient id.Patient) {
	d.t.Helper()
	d.Insert("safety_reports", testdb.Row{
		"patient_id": patient,
		"id":         "r1",
		"source":     "session",
		"level":      safety.Refer,
		"findings":   "[]",
	})
}

func dosed(n int) *exercise.Dose { return &exercise.Dose{Sets: n, Reps: 8, HoldS: 2} }

// An adjustment makes a version of today on top of the one in force, once; it says who made it and why.
func TestAnAdjustmentIsPublishedOnce(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		for _, patient := range []id.Patient{testdb.Bert, testdb.Anna} {
			d.has(patient, "v2", 2, -5, 2, program.Published)
		}
		based := d.history(testdb.Anna).Etag()
		a := program.Adjustment{ID: "v3", Reason: "more", Changes: []program.Change{{Item: "i1", Kind: program.SetTo,
			Dose: dosed(3)}}}
		for _, want := range []bool{true, false} {
			h, created, err := d.Adjust(ctx, tess, testdb.Anna, a, based)
			require.NoError(t, err)
			require.Equal(t, want, created)
			require.Len(t, h.Versions, 3)
			require.Equal(t, "more", h.Versions[2].Reason.NL)
			require.Equal(t, "more", h.Versions[2].Reason.EN)
		}
		require.Equal(t, []shown{{-5, program.Published, testdb.Tom, []int{2}}, {0, program.ByAdjustment, testdb.Tess,
			[]int{3}}},
			d.shows(testdb.Anna))
		require.Equal(t, []shown{{-5, program.Published, testdb.Tom, []int{2}}}, d.shows(testdb.Bert))
		require.Equal(t, []string{"p-anna 2026-03-02"}, d.told.changes)
	})
}

// What a caution of the latest intake keeps from a patient is not offered, and refused when asked for; somebody else
// may have it.
func TestACautionKeepsASwap(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx := context.Background()
		d.has(testdb.Anna, "v2", 2, -5, 2, program.Published)
		d.has(testdb.Bert, "v2", 2, -5, 2, program.Published)
		for number, answers := range []string{`{"falls12m":0}`, `{"falls12m":1}`} {
			d.Insert("intakes", testdb.Row{"patient_id": testdb.Anna, "id": answers, "number": number + 1,
				"answers": answers, "submitted_on": today, "submitted_at": d.Clock.Now()})
		}
		offered := func(patient id.Patient) (slugs []string) {
			found, err := d.Alternatives(ctx, d.AsPatient(patient), "i1")
			require.NoError(t, err)
			for _, e := range found {
				slugs = append(slugs, e.Slug)
			}
			return slugs
		}
		require.Contains(t, offered(testdb.Bert), "deadlift-backpack")
		require.NotContains(t, offered(testdb.Anna), "deadlift-backpack")
		swap := program.Swap{ID: "v3", Item: "i1", Exercise: "deadlift-backpack"}
		_, _, err := d.Swap(ctx, d.AsPatient(testdb.Anna), swap)
		var refused *fault.Fault
		require.ErrorAs(t, err, &refused)
		require.Equal(t, []fault.Violation{{Pointer: "/exercise", Code: "cautioned"}}, refused.Violations)
		require.Len(t, d.shows(testdb.Anna), 1)
		_, created, err := d.Swap(ctx, d.AsPatient(testdb.Bert), swap)
		require.NoError(t, err)
		require.True(t, created)
	})
}

// A therapist may step an item by hand to an exercise that a caution keeps from the patient, or do more of one; the
// answer names the caution, also when it is asked again. Less needs no warning, and nobody else gets one.
func TestACautionIsNamedToATherapist(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		top := program.NewItem{ID: "i1", Exercise: "bird-dog-leg", Dose: exercise.Dose{Sets: 1, Reps: 1},
			Schedule: bridge(1).Schedule}
		harder, more := top.In(library(t)), true
		for more && harder.Exercise == top.Exercise {
			top.Dose = harder.Dose
			harder, more = harder.Harder(library(t))
		}
		for _, patient := range []id.Patient{testdb.Anna, testdb.Bert} {
			d.asks(patient, "v2", 2, -30, program.Published, top)
		}
		d.Insert("intakes", testdb.Row{"patient_id": testdb.Anna, "id": "n1", "number": 1,
			"answers": `{"falls12m":1}`, "submitted_on": today, "submitted_at": d.Clock.Now()})
		adjust := func(patient id.Patient, as id.ProgramVersion, change program.Change, based string) []words.Pair {
			t.Helper()
			change.Item = "i1"
			a := program.Adjustment{ID: as, Changes: []program.Change{change}}
			h, _, err := d.Adjust(ctx, tess, patient, a, based)
			require.NoError(t, err)
			return h.Warnings
		}
		named := []words.Pair{{
			NL: "Diagonaal strekken past niet bij de laatste intake. Gevallen of een loophulpmiddel: geen oefening " +
				"die om evenwicht vraagt of staand tot de grond buigt.",
			EN: "Opposite arm and leg reach does not suit what the latest intake says. A fall or a walking aid: no " +
				"exercise that asks for balance, or that bends to the floor from standing.",
		}}
		up, based := program.Change{Kind: program.Progress}, d.history(testdb.Anna).Etag()
		require.Equal(t, named, adjust(testdb.Anna, "v3", up, based))
		require.Equal(t, named, adjust(testdb.Anna, "v3", up, based), "a retry")
		require.Empty(t, adjust(testdb.Bert, "v3", up, d.history(testdb.Bert).Etag()))
		require.Equal(t, "bird-dog", d.history(testdb.Anna).Versions[2].Items[0].Exercise)
		more2 := program.Change{Kind: program.SetTo, Dose: dosed(3)}
		require.Equal(t, named, adjust(testdb.Anna, "v4", more2, d.history(testdb.Anna).Etag()))
		less := program.Change{Kind: program.Regress}
		require.Empty(t, adjust(testdb.Anna, "v5", less, d.history(testdb.Anna).Etag()))
	})
}

// What is not based on the latest version, begins in the past, changes nothing or meets a stop is not published.
func TestWhatIsNotPublished(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		d.has(testdb.Anna, "v2", 2, -5, 2, program.Published)
		based := d.history(testdb.Anna).Etag()
		adjust := func(a program.Adjustment, based string) error {
			a.ID = "v3"
			_, created, err := d.Adjust(ctx, tess, testdb.Anna, a, based)
			require.False(t, created)
			return err
		}
		change := []program.Change{{Item: "i1", Kind: program.SetTo, Dose: dosed(3)}}
		require.ErrorIs(t, adjust(program.Adjustment{Changes: change}, ""), program.ErrUnconditional)
		require.ErrorIs(t, adjust(program.Adjustment{Changes: change}, "other"), program.ErrStale)
		require.True(t, fault.Is(adjust(program.Adjustment{Changes: change, EffectiveFrom: today.AddDays(-1)}, based),
			fault.Invalid))
		change[0].Dose = dosed(2)
		require.ErrorIs(t, adjust(program.Adjustment{Changes: change}, based), program.ErrNothingChanged)
		d.stops(testdb.Bert)
		change[0].Dose = dosed(3)
		d.stops(testdb.Anna)
		require.ErrorIs(t, adjust(program.Adjustment{Changes: change}, based), safety.ErrStopped)
		_, _, err := d.Publish(ctx, tess, testdb.Anna, d.version("v3", 2), based)
		require.ErrorIs(t, err, safety.ErrStopped)
		_, _, err = d.Mine(ctx, d.AsPatient(testdb.Anna))
		require.ErrorIs(t, err, safety.ErrStopped)
		require.Len(t, d.shows(testdb.Anna), 1)
	})
}

// A program that is completed asks nothing from that day on, and is completed once.
func TestAProgramIsCompleted(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		d.has(testdb.Anna, "v2", 2, -5, 2, program.Published)
		a := program.Adjustment{ID: "v3", EffectiveFrom: today.AddDays(2), Reason: "well"}
		_, created, err := d.Complete(ctx, tess, testdb.Anna, a, d.history(testdb.Anna).Etag())
		require.NoError(t, err)
		require.True(t, created)
		require.Equal(t, []shown{{-5, program.Published, testdb.Tom, []int{2}}, {2, program.ByCompletion, testdb.Tess,
			nil}},
			d.shows(testdb.Anna))
		a.ID, a.EffectiveFrom = "v4", today.AddDays(3)
		_, created, err = d.Complete(ctx, tess, testdb.Anna, a, d.history(testdb.Anna).Etag())
		require.ErrorIs(t, err, program.ErrNothingChanged)
		require.False(t, created)
	})
}

// A patient reads the program of today in the own language; a therapist's own pauses and theirs are listed the latest
// first.
func TestWhatAPatientReads(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, anna := context.Background(), d.AsPatient(testdb.Anna)
		d.has(testdb.Anna, "v2", 2, 0, 3, program.Published)
		d.has(testdb.Anna, "v3", 3, 1, 4, program.Published)
		version, language, err := d.Mine(ctx, anna)
		require.NoError(t, err)
		require.Equal(t, id.ProgramVersion("v2"), version.ID)
		require.Equal(t, people.Dutch, language)
		d.paused(testdb.Anna, "p1", "holiday", 5, 6)
		d.paused(testdb.Anna, "p2", "holiday", 15, 16)
		d.paused(testdb.Anna, "p3", "holiday", 10, 11)
		d.paused(testdb.Bert, "p4", "holiday", 10, 11)
		ids := func(pauses []program.Pause, err error) (all []id.Pause) {
			require.NoError(t, err)
			for _, p := range pauses {
				all = append(all, p.ID)
			}
			return all
		}
		require.Equal(t, []id.Pause{"p2", "p3", "p1"}, ids(d.MyPauses(ctx, anna)))
		require.Equal(t, []id.Pause{"p2", "p3", "p1"}, ids(d.Pauses(ctx, d.AsMember(testdb.Tess), testdb.Anna)))
	})
}

// A patient pauses for at most 21 days alone, and ends no stop; a pause that is over stays as it was.
func TestWhoMayPause(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, anna := context.Background(), d.AsPatient(testdb.Anna)
		_, _, err := d.PauseMine(ctx, anna, program.NewPause{ID: "p1", Reason: "holiday", Start: today,
			End: today.AddDays(21)})
		require.True(t, fault.Is(err, fault.Invalid), err)
		paused, created, err := d.PauseMine(ctx, anna, program.NewPause{ID: "p1", Reason: "holiday", Start: today,
			End: today.AddDays(20)})
		require.NoError(t, err)
		require.True(t, created)
		require.Equal(t, program.Pause{ID: "p1", Patient: testdb.Anna, Reason: "holiday", Start: today,
			End:        today.AddDays(20),
			DeclaredBy: "patient"}, paused)
		again, created, err := d.PauseMine(ctx, anna, program.NewPause{ID: "p1", Reason: "holiday", Start: today,
			End: today.AddDays(20)})
		require.NoError(t, err)
		require.False(t, created)
		require.Equal(t, paused, again)

		d.paused(testdb.Anna, "stop", program.SafetyPause, 0, endless.DaysSince(today))
		for _, end := range []func() error{
			func() error { return d.EndMine(ctx, anna, "stop") },
			func() error { return d.EndPause(ctx, d.AsMember(testdb.Tess), testdb.Anna, "stop") },
		} {
			require.ErrorIs(t, end(), program.ErrSafetyPause)
		}
		d.paused(testdb.Anna, "over", "illness", -9, -4)
		before := d.pauses()
		require.NoError(t, d.EndMine(ctx, anna, "over"))
		require.Equal(t, before, d.pauses())
	})
}

// Whoever does not treat a patient adjusts and completes nothing, and whoever is no patient swaps nothing.
func TestNobodyElseAdjusts(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, elsa := context.Background(), d.AsMember(testdb.Elsa)
		d.has(testdb.Anna, "v2", 2, -5, 2, program.Published)
		based := d.history(testdb.Anna).Etag()
		a := program.Adjustment{ID: "v3", Changes: []program.Change{{Item: "i1", Kind: program.SetTo, Dose: dosed(3)}}}
		_, _, err := d.Adjust(ctx, elsa, testdb.Anna, a, based)
		require.EqualError(t, err, access.ErrNotFound.Error())
		_, _, err = d.Complete(ctx, elsa, testdb.Anna, a, based)
		require.EqualError(t, err, access.ErrNotFound.Error())
		tess := d.AsMember(testdb.Tess)
		tess.Patient = testdb.Anna
		_, _, err = d.Mine(ctx, tess)
		require.Error(t, err)
		_, err = d.Alternatives(ctx, tess, "i1")
		require.Error(t, err)
		require.Len(t, d.shows(testdb.Anna), 1)
	})
}
