package progression_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/record/program"
	"cadans/internal/rules/attention"
	"cadans/internal/rules/progression"
	"cadans/internal/run/testdb"
)

// What a therapist accepts is what the patient's program asks from that day; the same decision again changes nothing,
// another is
// refused.
func TestAProposalIsAccepted(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		ctx, tess := context.Background(), l.AsMember(testdb.Tess)
		l.looks(testdb.Anna)
		c := l.change(testdb.Anna)
		for range 2 {
			accepted, err := l.Decide(ctx, tess, testdb.Anna, c.ID, progression.Accepted, "well done")
			require.NoError(t, err)
			require.Equal(t, progression.Accepted, accepted.State)
			require.Equal(t, "well done", accepted.Reason)
			require.Equal(t, bridge(2, 9), l.now(testdb.Anna).Items[0])
			require.Equal(t, 3, l.now(testdb.Anna).Number)
			require.Equal(t, testdb.Tess, l.now(testdb.Anna).PublishedBy)
			require.Empty(t, l.alerts(testdb.Anna))
		}
		for outcome, reason := range map[progression.State]string{progression.Accepted: "other words",
			progression.Refused: "well done"} {
			_, err := l.Decide(ctx, tess, testdb.Anna, c.ID, outcome, reason)
			require.ErrorIs(t, err, progression.ErrDecided)
		}
		_, err := l.Decide(ctx, tess, testdb.Anna, "c9", progression.Accepted, "")
		require.ErrorIs(t, err, progression.ErrNotFound)
		require.Equal(t, bridge(2, 8), l.now(testdb.Bert).Items[0])
	})
}

// Nothing gets harder while an alert about pain is open, and nobody is shown that it could; it may be refused, and
// less may be asked.
func TestNothingGetsHarderInPain(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		ctx, tess := context.Background(), l.AsMember(testdb.Tess)
		l.waits(testdb.Anna, "c1", l.Clock.Now())
		l.waits(testdb.Anna, "c2", l.Clock.Now())
		l.Insert("progressions", testdb.Row{"patient_id": testdb.Anna, "id": "c3", "rule": "REGRESS", "state": "open",
			"item_before": l.item, "item_after": l.stored(bridge(2,
				5)), "because": `[{"nl":"Pijn.","en":"Pain."}]`, "session_id": "s1",
			"made_at": l.Clock.Now()})
		l.hurts(testdb.Anna, attention.PainRise)
		require.Equal(t, []string{"c3 open"}, l.states(testdb.Anna))
		_, err := l.Decide(ctx, tess, testdb.Anna, "c1", progression.Accepted, "")
		require.ErrorIs(t, err, progression.ErrPain)
		require.Equal(t, bridge(2, 8), l.now(testdb.Anna).Items[0])
		_, err = l.Decide(ctx, tess, testdb.Anna, "c1", progression.Refused, "not now")
		require.NoError(t, err)
		_, err = l.Decide(ctx, tess, testdb.Anna, "c3", progression.Accepted, "")
		require.NoError(t, err)
		require.Equal(t, bridge(2, 5), l.now(testdb.Anna).Items[0])
	})
}

// A decision that no longer fits the program is refused: another exercise or dose is there by now, or the item is gone.
func TestADecisionThatIsOvertaken(t *testing.T) {
	other := bridge(2, 8)
	other.Exercise = "bridge-small"
	gone := bridge(2, 8)
	gone.ID = "i2"
	inLab(t, func(t *testing.T, l lab) {
		l.looks(testdb.Anna)
		c := l.change(testdb.Anna)
		for name, item := range map[string]program.Item{"another dose": bridge(2, 10), "another exercise": other,
			"gone": gone} {
			l.sets("DELETE FROM program_versions WHERE id = 'v3' AND patient_id = ?", testdb.Anna)
			l.Insert("program_versions", testdb.Row{"id": "v3", "patient_id": testdb.Anna, "number": 3,
				"effective_from": day, "items": l.stored(item), "published_by": testdb.Tess,
				"origin": program.Published})
			_, err := l.Decide(
				context.Background(), l.AsMember(testdb.Tess), testdb.Anna, c.ID, progression.Accepted, "",
			)
			require.ErrorIs(t, err, progression.ErrOvertaken, name)
			require.Equal(t, progression.Open, l.change(testdb.Anna).State, name)
			require.Equal(t, []program.Item{item}, l.now(testdb.Anna).Items, name)
		}
	})
}

// An accepted step keeps the days that the program asks for by now.
func TestAnAcceptedStepKeepsItsDays(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		l.looks(testdb.Anna)
		seldom := bridge(2, 8)
		seldom.Schedule.Quota = 2
		l.Insert("program_versions", testdb.Row{"id": "v3", "patient_id": testdb.Anna, "number": 3,
			"effective_from": day, "items": l.stored(seldom), "published_by": testdb.Tess, "origin": program.Published})
		_, err := l.Decide(context.Background(), l.AsMember(testdb.Tess), testdb.Anna, l.change(testdb.Anna).ID,
			progression.Accepted, "")
		require.NoError(t, err)
		seldom.Dose.Reps = 9
		require.Equal(t, []program.Item{seldom}, l.now(testdb.Anna).Items)
	})
}

// What has risen since a step was proposed counts when it is accepted: a therapist who raised another exercise, or did
// this one on more days, waits a week; refusing it is possible all the same.
func TestAStepBesideWhatHasRisenSince(t *testing.T) {
	other, often := bridge(3, 12), bridge(2, 8)
	other.ID, other.Exercise, often.Schedule.Quota = "i2", "sit-to-stand", 5
	for name, since := range map[string][]program.Item{
		"another exercise": {bridge(2, 8), other}, "on more days": {often, other.WithDose(bridge(3, 8).Dose)},
	} {
		t.Run(name, func(t *testing.T) {
			inLab(t, func(t *testing.T, l lab) {
				ctx, tess := context.Background(), l.AsMember(testdb.Tess)
				l.stands(testdb.Anna, "v3", 3, day.AddDays(-14), bridge(2, 8), other.WithDose(bridge(3, 8).Dose))
				l.looks(testdb.Anna)
				c := l.change(testdb.Anna)
				l.stands(testdb.Anna, "v4", 4, day, since...)
				_, err := l.Decide(ctx, tess, testdb.Anna, c.ID, progression.Accepted, "")
				require.ErrorIs(t, err, progression.ErrTooMuch)
				require.Equal(t, since, l.now(testdb.Anna).Items)
				l.sets("UPDATE program_versions SET effective_from = '2026-02-22' WHERE id = 'v4' AND patient_id = ?",
					testdb.Anna)
				_, err = l.Decide(ctx, tess, testdb.Anna, c.ID, progression.Accepted, "")
				require.NoError(t, err, "a week later")
			})
		})
	}
}

// A patient sees what was changed, not what waits, was refused or overtaken.
func TestAPatientSeesWhatWasChanged(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		for i, state := range []progression.State{progression.Open, progression.Applied, progression.Accepted,
			progression.Refused,
			progression.Undone, progression.Superseded} {
			l.Insert("progressions", testdb.Row{
				"patient_id": testdb.Anna, "id": state, "rule": "PROGRESS", "state": state,
				"item_before": l.item,
				"item_after":  l.item, "because": "[]", "session_id": "s1",
				"made_at": l.Clock.Now().Add(time.Duration(i) * time.Minute),
			})
		}
		mine, err := l.Mine(context.Background(), l.AsPatient(testdb.Anna))
		require.NoError(t, err)
		var shown []progression.State
		for _, c := range mine {
			shown = append(shown, c.State)
		}
		require.Equal(t, []progression.State{progression.Undone, progression.Accepted, progression.Applied}, shown)
		mine, err = l.Mine(context.Background(), l.AsPatient(testdb.Bert))
		require.NoError(t, err)
		require.Empty(t, mine)
	})
}

// Whoever does not treat a patient finds no such patient, whatever is asked, and changes nothing.
func TestChangesOfAnotherPractice(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		ctx, elsa := context.Background(), l.AsMember(testdb.Elsa)
		l.waits(testdb.Anna, "c1", l.Clock.Now())
		for name, ask := range map[string]func() error{
			"list": func() error { _, err := l.List(ctx, elsa, testdb.Anna); return err },
			"decide": func() error {
				_, err := l.Decide(ctx, elsa, testdb.Anna, "c1", progression.Refused, "")
				return err
			},
			"auto": func() error { _, err := l.Auto(ctx, elsa, testdb.Anna); return err },
			"set":  func() error { return l.SetAuto(ctx, elsa, testdb.Anna, true) },
		} {
			require.EqualError(t, ask(), access.ErrNotFound.Error(), name)
		}
		require.Equal(t, []string{"c1 open"}, l.states(testdb.Anna))
		auto, err := l.Auto(ctx, l.AsMember(testdb.Tess), testdb.Anna)
		require.NoError(t, err)
		require.False(t, auto)
	})
}
