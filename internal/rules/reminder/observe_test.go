package reminder

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// even is a decision so long after nine, in which either of two was as likely.
func even(after time.Duration, kind Kind, arm Arm) logged {
	return logged{patient: "p", kind: kind, arm: arm, at: database.At(nine.Add(after)),
		chances: []Chance{{Nothing, 500},
			{Plain, 500}}}
}

// A session follows a decision when it was performed after it, within 24 hours to the millisecond.
func TestASessionFollowsADecision(t *testing.T) {
	t.Parallel()
	l := even(0, Cue, Plain)
	at := func(after ...time.Duration) (performed []database.Instant) {
		for _, d := range after {
			performed = append(performed, database.At(nine.Add(d)))
		}
		return performed
	}
	for name, tc := range map[string]struct {
		performed []database.Instant
		want      bool
	}{
		"never":                  {nil, false},
		"at that moment":         {at(0), false},
		"a millisecond later":    {at(time.Millisecond), true},
		"24 hours later":         {at(24 * time.Hour), true},
		"a millisecond more":     {at(24*time.Hour + time.Millisecond), false},
		"before":                 {at(-time.Hour), false},
		"before, and after":      {at(-time.Hour, time.Hour), true},
		"before, and long after": {at(-time.Hour, 48*time.Hour), false},
	} {
		require.Equal(t, tc.want, l.done(tc.performed), name)
	}
}

// A decision that sent tells about its own way of saying it, one that did not about every way it could have been; a
// way without a
// chance, or with certainty, tells nothing.
func TestWhatADecisionTellsAbout(t *testing.T) {
	t.Parallel()
	seven := 700
	could := []Chance{{Nothing, 400}, {Plain, 400}, {Benefit, 200}, {IfThen, 0}}
	performed := []database.Instant{database.At(nine.Add(time.Hour))}
	for name, tc := range map[string]struct {
		arm     Arm
		chances []Chance
		want    map[Arm]Observation
	}{
		"sent plainly":   {Plain, could, map[Arm]Observation{Plain: {Sent: true, Probability: .5}}},
		"sent otherwise": {Benefit, could, map[Arm]Observation{Benefit: {Sent: true, Probability: 1.0 / 3}}},
		"not sent": {Nothing, could,
			map[Arm]Observation{Plain: {Probability: .5}, Benefit: {Probability: 1.0 / 3}}},
		"certain":       {Plain, []Chance{{Nothing, 0}, {Plain, 1000}}, nil},
		"never":         {Nothing, []Chance{{Nothing, 1000}, {Plain, 0}}, nil},
		"nothing to be": {Plain, []Chance{{Plain, 1000}}, nil},
	} {
		found := map[Kind]map[Arm][]Observation{}
		l := even(0, Rescue, tc.arm)
		l.chances, l.state.Week7 = tc.chances, &seven
		l.addTo(found, performed, 2)
		var got map[Arm]Observation
		for arm, observed := range found[Rescue] {
			if got == nil {
				got = map[Arm]Observation{}
			}
			require.Len(t, observed, 1, name)
			require.InDelta(t, tc.want[arm].Probability, observed[0].Probability, 1e-12, name)
			observed[0].Probability = tc.want[arm].Probability
			got[arm] = observed[0]
		}
		for arm, o := range tc.want {
			o.Patient, o.Weight, o.Recent, o.Done = "p", 2, .7, true
			tc.want[arm] = o
		}
		require.Equal(t, tc.want, got, name)
	}
	found := map[Kind]map[Arm][]Observation{}
	even(0, Cue, Plain).addTo(found, nil, 1)
	require.Equal(t, []Observation{{Patient: "p", Sent: true, Probability: .5, Weight: 1}}, found[Cue][Plain],
		"adherence unknown, nothing done")
}

// Another decision within 20 hours that sent spoils what the first one tells; one that chance left out makes it stand
// for more; one
// that was certain, or came later, does not matter.
func TestWhatADecisionDoesAlone(t *testing.T) {
	t.Parallel()
	certain := even(9*time.Hour, Rescue, Plain)
	certain.chances = []Chance{{Plain, 1000}}
	for name, tc := range map[string]struct {
		next []logged
		want []float64 // weights of the first
	}{
		"alone":            {nil, []float64{1}},
		"another sent":     {[]logged{even(9*time.Hour, Rescue, Plain)}, nil},
		"another left out": {[]logged{even(9*time.Hour, Rescue, Nothing)}, []float64{2}},
		"two left out": {[]logged{even(9*time.Hour, Rescue, Nothing), even(10*time.Hour, Lapse, Nothing)},
			[]float64{4}},
		"one left out, one sent": {[]logged{even(9*time.Hour, Rescue, Nothing), even(10*time.Hour, Lapse, Plain)},
			nil},
		"one that was certain":     {[]logged{certain}, []float64{1}},
		"sent after 20 hours":      {[]logged{even(20*time.Hour, Rescue, Plain)}, nil},
		"sent a moment after that": {[]logged{even(20*time.Hour+time.Millisecond, Rescue, Plain)}, []float64{1}},
		"the next day's, whatever": {[]logged{even(24*time.Hour, Rescue, Nothing)}, []float64{1}},
	} {
		found := map[Kind]map[Arm][]Observation{}
		observeCourse(found, append([]logged{even(0, Cue, Plain)}, tc.next...), nil)
		var weights []float64
		for _, o := range found[Cue][Plain] {
			weights = append(weights, o.Weight)
		}
		require.Equal(t, tc.want, weights, name)
	}
	found := map[Kind]map[Arm][]Observation{}
	observeCourse(found, []logged{even(0, Cue, Plain), even(9*time.Hour, Rescue, Nothing)}, nil)
	require.Len(t, found[Rescue][Plain], 1, "the second one tells about itself")
}

// Permille of weights add up to 1000, between 100 and 800; what rounding leaves goes to, or comes from, the likeliest.
func TestBoundedByHand(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		weights []float64
		want    []int
	}{
		{[]float64{1, 1}, []int{500, 500}},
		{[]float64{1, 1, 1}, []int{334, 333, 333}},
		{[]float64{1, 1, 1, 1, 1}, []int{200, 200, 200, 200, 200}},
		{[]float64{9, 1}, []int{800, 200}},
		{[]float64{1, 9}, []int{200, 800}},
		{[]float64{1, 0}, []int{800, 200}},
		{[]float64{0, 1, 0}, []int{100, 800, 100}},
		{[]float64{1, 1, 4}, []int{217, 217, 566}},
		{[]float64{4, 1, 1}, []int{566, 217, 217}},
		{[]float64{2, 1, 1}, []int{450, 275, 275}},
		{[]float64{.2, .2, .2, .4}, []int{220, 220, 220, 340}},
	} {
		require.Equal(t, tc.want, bounded(tc.weights), "%v", tc.weights)
	}
}

// The same beliefs give the same chances, to the last digit: they are logged to be made again.
func TestTheSameBeliefsGiveTheSameChances(t *testing.T) {
	t.Parallel()
	require.Equal(t, []Chance{{Nothing, 522}, {Plain, 478}}, Sampled([]Believed{{Nothing, 2, 3}, {Plain, 2, 3}}))
	require.Equal(
		t, []Chance{{Nothing, 360}, {Plain, 640}}, Sampled([]Believed{{Nothing, 400, 600}, {Plain, 430, 570}}),
	)
	require.Equal(t, []Chance{{Nothing, 147}, {Plain, 253}, {IfThen, 149}, {Tailored, 340}, {Benefit, 111}},
		Sampled([]Believed{
			{Nothing, 20, 30}, {Plain, 24, 26}, {IfThen, 22, 30}, {Tailored, 5, 5}, {Benefit, 10, 20},
		}))
}

// An if-then plan is recalled where there is one, a barrier answered where one was named.
func TestWhichWaysFitAPatient(t *testing.T) {
	t.Parallel()
	e := Experience{"": {Plain: {Done: 1, NotDone: 2}}, "time": {Plain: {Done: 3}, Tailored: {NotDone: 4}}}
	arms := func(f Facts) (arms []Arm) {
		for _, b := range f.beliefs() {
			arms = append(arms, b.Arm)
			about := e.About(f.Barrier, b.Arm)
			require.Equal(t, Believed{b.Arm, about.A, about.B}, b)
		}
		return arms
	}
	require.Equal(t, []Arm{Nothing, Plain, Benefit}, arms(Facts{Experience: e}))
	require.Equal(t, []Arm{Nothing, Plain, IfThen, Benefit}, arms(Facts{Experience: e, HasPlan: true}))
	require.Equal(t, []Arm{Nothing, Plain, Tailored, Benefit}, arms(Facts{Experience: e, Barrier: "time"}))
	require.Equal(t, Outcomes{3, 4}, Outcomes{2, 4}.with(true))
	require.Equal(t, Outcomes{2, 5}, Outcomes{2, 4}.with(false))
	require.Equal(t, Outcomes{1, 2}, Outcomes{2, 4}.minus(Outcomes{1, 2}))
}

// The learner chooses about cues, rescues and lapses of patients who consented, where a practice has switched it on.
func TestWhereTheLearnerChooses(t *testing.T) {
	t.Parallel()
	for kind, want := range map[Kind]bool{Cue: true, Rescue: true, Lapse: true, Weekly: false, Milestone: false,
		Questions: false, Feedback: false} {
		f := Facts{Kind: kind, Experience: Experience{}, Patient: people.Patient{Research: true}}
		require.Equal(t, want, f.learns(), kind)
		f.Patient.Research = false
		require.False(t, f.learns(), kind)
		f.Patient.Research, f.Experience = true, nil
		require.False(t, f.learns(), kind)
	}
}

// What the learner is taught: each decision by barrier and way, and a time only where it was chosen and something was
// sent.
func TestWhatADecisionTeaches(t *testing.T) {
	t.Parallel()
	day := localtime.MustParseDate("2026-03-02")
	known := knowledge{arms: map[Kind]Experience{Cue: {}}, times: newTimes()}
	performed := []database.Instant{database.At(nine.Add(time.Hour))}
	l := even(0, Cue, Plain)
	l.state.Barrier, l.state.Tried = "time", &Tried{Date: day, Window: "08:00-11:00"}
	known.count(l, performed)
	known.count(l, nil)
	l.arm = Nothing
	known.count(l, performed)
	l.arm, l.state.Tried, l.state.Barrier = Benefit, nil, ""
	known.count(l, performed)
	require.Equal(t, map[Kind]Experience{Cue: {
		barrier.Barrier("time"): {Plain: {Done: 1, NotDone: 1},
			Nothing: {Done: 1}}, barrier.Barrier(""): {Benefit: {Done: 1}},
	}}, known.arms)
	require.Equal(t, map[id.Patient][]trial{"p": {{day, "08:00-11:00", true}, {day, "08:00-11:00", false}}},
		known.times.of)
	require.Equal(t, map[localtime.Date]Outcomes{day: {Done: 1, NotDone: 1}}, known.times.byPart[0])
}
