package reminder_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/rules/reminder"
)

// Two patients of each kind, worked out by hand: sending goes with a session in 3 of 4, not sending in 1 of 4.
func TestEstimateByHand(t *testing.T) {
	t.Parallel()
	var observed []reminder.Observation
	for patient := range 8 {
		for decision := range 2 {
			sent := decision == 0
			done := patient%4 != 0 == sent // sent: 6 of 8, not sent: 2 of 8
			observed = append(observed, reminder.Observation{
				Patient:     id.Patient(fmt.Sprint(patient)),
				Sent:        sent,
				Probability: .5,
				Weight:      1,
				Recent:      float64(patient%2) / 2,
				Done:        done,
			})
		}
	}
	e := reminder.Estimate(observed)
	require.Equal(t, [3]int{16, 8, 8}, [3]int{e.Decisions, e.Sent, e.Patients})
	require.InDelta(t, .75, e.RateSent, 1e-12)
	require.InDelta(t, .25, e.RateNotSent, 1e-12)
	require.InDelta(t, .5, e.Effect, 1e-12)
	require.Less(t, e.Low, e.Effect)
	require.InDelta(t, e.Effect-e.Low, e.High-e.Effect, 1e-12)
}

// Unequal chances, weights and controls, worked out apart from the program: the estimate, its interval over patients,
// and the rates.
func TestEstimateOfUnequalDecisions(t *testing.T) {
	t.Parallel()
	var observed []reminder.Observation
	for patient, done := range []string{"110", "011", "101", "110", "001", "100"} {
		for i, probability := range []float64{.5, .8, .25} {
			observed = append(observed, reminder.Observation{
				Patient: id.Patient(fmt.Sprint(patient)), Sent: (patient+i)%3 != 1, Probability: probability,
				Weight: []float64{1,
					1, 2}[i],
				Recent: []float64{.1, .9, .4, .6, .3, .8}[patient], Done: done[i] == '1',
			})
		}
	}
	e := reminder.Estimate(observed)
	require.Equal(t, [3]int{18, 12, 6}, [3]int{e.Decisions, e.Sent, e.Patients})
	require.InDelta(t, -0.099903271, e.Effect, 1e-8)
	require.InDelta(t, -1.591391416, e.Low, 1e-8)
	require.InDelta(t, 1.391584875, e.High, 1e-8)
	require.InDelta(t, 0.561111111, e.RateSent, 1e-8)
	require.InDelta(t, 0.655172414, e.RateNotSent, 1e-8)
}

// Who is sent to more often is also who exercises more, and nothing else is known about them: the plain difference is
// wrong, the
// weighted one is not.
func TestEstimateUndoesUnequalChances(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	const truth = .1
	var observed []reminder.Observation
	plain := map[bool][2]float64{}
	for patient := range 400 {
		eager := patient%2 == 0
		chance, base := .25, .2
		if eager {
			chance, base = .8, .6
		}
		for range 40 {
			o := reminder.Observation{Patient: id.Patient(fmt.Sprint(patient)), Sent: random.Float64() < chance,
				Probability: chance, Weight: 1}
			if o.Sent {
				base += truth
			}
			o.Done = random.Float64() < base
			if o.Sent {
				base -= truth
			}
			observed = append(observed, o)
			sum := plain[o.Sent]
			sum[0]++
			if o.Done {
				sum[1]++
			}
			plain[o.Sent] = sum
		}
	}
	e := reminder.Estimate(observed)
	naive := plain[true][1]/plain[true][0] - plain[false][1]/plain[false][0]
	require.Greater(t, naive, 2*truth)
	require.InDelta(t, truth, e.Effect, .02)
	require.Less(t, e.Low, truth)
	require.Greater(t, e.High, truth)
}

// The interval holds the truth about as often as it says, although decisions about one patient are alike.
func TestTheIntervalCovers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	const truth, repetitions = .06, 400
	covered := 0
	for range repetitions {
		var observed []reminder.Observation
		for patient := range 60 {
			base := .2 + .5*random.Float64()
			own := truth + .1*(random.Float64()-.5) // patients respond differently
			for range 20 {
				o := reminder.Observation{Patient: id.Patient(fmt.Sprint(patient)), Sent: random.Float64() < .5,
					Probability: .5, Weight: 1, Recent: base}
				p := base
				if o.Sent {
					p += own
				}
				o.Done = random.Float64() < p
				observed = append(observed, o)
			}
		}
		if e := reminder.Estimate(observed); e.Low <= truth && truth <= e.High {
			covered++
		}
	}
	require.GreaterOrEqual(t, covered, repetitions*92/100)
	require.LessOrEqual(t, covered, repetitions*985/1000)
}

// A control in which nobody differs explains nothing, and is left out.
func TestAControlThatIsTheSameForAll(t *testing.T) {
	t.Parallel()
	var observed []reminder.Observation
	for i := range 8 {
		observed = append(observed, reminder.Observation{Patient: id.Patient(fmt.Sprint(i)), Sent: i%2 == 0,
			Probability: .5, Weight: 1, Done: i < 3})
	}
	require.InDelta(t, .5-.25, reminder.Estimate(observed).Effect, 1e-12)
}

func TestTooLittleToEstimateFrom(t *testing.T) {
	t.Parallel()
	one := reminder.Observation{Patient: "a", Sent: true, Probability: .5, Weight: 1}
	for name, observed := range map[string][]reminder.Observation{
		"nothing":      nil,
		"one decision": {one},
		"only sent":    {one, {Patient: "b", Sent: true, Probability: .5, Weight: 1}},
		"two patients": {one, {Patient: "b", Probability: .5, Weight: 1}},
	} {
		e := reminder.Estimate(observed)
		require.Equal(t, len(observed), e.Decisions, name)
		require.True(t, math.IsNaN(e.Effect) && math.IsNaN(e.Low) && math.IsNaN(e.High), name)
	}
}
