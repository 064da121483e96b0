package safety_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/safety"
)

// A reviewer reads the limit itself, not somebody to whom it applies.
func TestConditionsGiveTheirLimits(t *testing.T) {
	t.Parallel()
	rules := safety.Rules()
	for id, when := range map[string]string{
		"E-7": "everybody: chest_pain",
		"E-12": "everybody: collapse with pulsating_abdomen. " +
			"from the age of 60 on or where no age is asked: collapse",
		"E-14": "everybody: infection with infection_risk, infection with spinal_surgery",
		"R-2":  "everybody: infection (not with infection_risk, spinal_surgery)",
		"R-3": "everybody: trauma (not with major_trauma), minor_trauma with osteoporosis, " +
			"minor_trauma with severe_osteoporosis, minor_trauma with corticosteroids. " +
			"from the age of 75 on: minor_trauma",
		"R-5": "everybody: thigh_weakness, foot_weakness, new_leg_weakness, new_arm_weakness, new_weakness. " +
			"with weakness where the pain spreads, under 6 weeks: without any sign",
		"R-11": "under the age of 60: collapse (not with pulsating_abdomen)",
		"V-2": "in a first episode, under the age of 20 or from the age of 51 on " +
			"(the practice may set another age than 50): without any sign",
		"V-3":  "from 5 weeks on: night_pain with no_improvement",
		"V-10": "from 2 falls on: without any sign",
		"V-13": "under the age of 45, from 13 weeks on: night_waking (not with morning_stiffness). " +
			"under the age of 47, from 104 weeks on: night_waking (not with morning_stiffness)",
		"V-15": "with weakness where the pain spreads, from 6 weeks on: without any sign",
		"V-16": "under the age of 16: without any sign",
	} {
		i := slices.IndexFunc(rules, func(r safety.Rule) bool { return r.ID == id })
		require.Equal(t, when, rules[i].When, id)
	}
	for _, r := range rules {
		require.NotEmpty(t, r.When, r.ID)
	}
}
