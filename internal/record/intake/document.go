package intake

import (
	"encoding/json"
	"fmt"

	"cadans/internal/record/exercise"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// answersDocument is an intake as stored: one document, only read as a whole. Its fields are those of Answers.
type answersDocument struct {
	Region           *Region              `json:"region,omitempty"`
	Weeks            *int                 `json:"weeks,omitempty"`
	Recovered        *bool                `json:"recovered,omitempty"`
	Prior            *int                 `json:"prior,omitempty"`
	PainAverage      *int                 `json:"nprs_avg24,omitempty"`
	PainWorst        *int                 `json:"nprs_worst,omitempty"`
	Radiating        *Radiation           `json:"radiating,omitempty"`
	RadiatingNumb    *bool                `json:"radiating_numb,omitempty"`
	RadiatingWeak    *bool                `json:"radiating_weak,omitempty"`
	Fear             *int                 `json:"fear,omitempty"`
	Confidence       *int                 `json:"confidence,omitempty"`
	Motivation       *int                 `json:"motivation,omitempty"`
	Expectation      *int                 `json:"expectation,omitempty"`
	BadNights        *int                 `json:"bad_nights,omitempty"`
	Stress           *int                 `json:"stress,omitempty"`
	PHQ2Interest     *int                 `json:"phq2_interest,omitempty"`
	PHQ2Mood         *int                 `json:"phq2_mood,omitempty"`
	ActiveDays       *int                 `json:"pavs_days,omitempty"`
	ActiveMinutes    *int                 `json:"pavs_minutes,omitempty"`
	StrengthDays     *int                 `json:"strength_days,omitempty"`
	WalkMinutes      *int                 `json:"walk_minutes,omitempty"`
	WalkWeekMinutes  *int                 `json:"walk_week_minutes,omitempty"`
	WalkAid          *bool                `json:"walk_aid,omitempty"`
	LowerLimb        *bool                `json:"lower_limb,omitempty"`
	Falls            *int                 `json:"falls12m,omitempty"`
	Minutes          *int                 `json:"minutes,omitempty"`
	Days             *int                 `json:"days,omitempty"`
	Slots            []slotDocument       `json:"slots"`
	Likes            []exercise.Module    `json:"likes"`
	Dislikes         []exercise.Module    `json:"dislikes"`
	Equipment        []string             `json:"equipment"`
	Goals            []goalDocument       `json:"goals"`
	Works            *bool                `json:"works,omitempty"`
	WorkLoad         *int                 `json:"work_load,omitempty"`
	WorkSatisfaction *int                 `json:"work_satisfaction,omitempty"`
	SickHours        *int                 `json:"sick_hours,omitempty"`
	Signs            map[safety.Sign]bool `json:"signs,omitempty"`
}

type slotDocument struct {
	Time   string `json:"time"`
	Anchor string `json:"anchor,omitempty"`
}

type goalDocument struct {
	Activity string `json:"activity"`
	Score    int    `json:"score"`
}

func encode(a Answers) (string, error) {
	d := answersDocument{
		Region: a.Region, Weeks: a.Weeks, Recovered: a.Recovered, Prior: a.Prior, PainAverage: a.PainAverage,
		PainWorst: a.PainWorst, Radiating: a.Radiating, RadiatingNumb: a.RadiatingNumb, RadiatingWeak: a.RadiatingWeak,
		Fear: a.Fear, Confidence: a.Confidence, Motivation: a.Motivation, Expectation: a.Expectation,
		BadNights: a.BadNights, Stress: a.Stress, PHQ2Interest: a.PHQ2Interest, PHQ2Mood: a.PHQ2Mood,
		ActiveDays: a.ActiveDays, ActiveMinutes: a.ActiveMinutes, StrengthDays: a.StrengthDays,
		WalkMinutes: a.WalkMinutes, WalkWeekMinutes: a.WalkWeekMinutes, WalkAid: a.WalkAid, LowerLimb: a.LowerLimb,
		Falls: a.Falls, Minutes: a.Minutes, Days: a.Days, Likes: a.Likes, Dislikes: a.Dislikes, Equipment: a.Equipment,
		Works: a.Works, WorkLoad: a.WorkLoad, WorkSatisfaction: a.WorkSatisfaction, SickHours: a.SickHours,
		Signs: a.Signs,
	}
	for _, slot := range a.Slots {
		d.Slots = append(d.Slots, slotDocument{Time: slot.Time.String(), Anchor: slot.Anchor})
	}
	for _, goal := range a.Goals {
		d.Goals = append(d.Goals, goalDocument(goal))
	}
	text, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("intake: encode answers: %w", err)
	}
	return string(text), nil
}

func decode(stored []byte) (Answers, error) {
	var d answersDocument
	if err := json.Unmarshal(stored, &d); err != nil {
		return Answers{}, fmt.Errorf("intake: decode answers: %w", err)
	}
	a := Answers{
		Region: d.Region, Weeks: d.Weeks, Recovered: d.Recovered, Prior: d.Prior, PainAverage: d.PainAverage,
		PainWorst: d.PainWorst, Radiating: d.Radiating, RadiatingNumb: d.RadiatingNumb, RadiatingWeak: d.RadiatingWeak,
		Fear: d.Fear, Confidence: d.Confidence, Motivation: d.Motivation, Expectation: d.Expectation,
		BadNights: d.BadNights, Stress: d.Stress, PHQ2Interest: d.PHQ2Interest, PHQ2Mood: d.PHQ2Mood,
		ActiveDays: d.ActiveDays, ActiveMinutes: d.ActiveMinutes, StrengthDays: d.StrengthDays,
		WalkMinutes: d.WalkMinutes, WalkWeekMinutes: d.WalkWeekMinutes, WalkAid: d.WalkAid, LowerLimb: d.LowerLimb,
		Falls: d.Falls, Minutes: d.Minutes, Days: d.Days, Likes: d.Likes, Dislikes: d.Dislikes, Equipment: d.Equipment,
		Works: d.Works, WorkLoad: d.WorkLoad, WorkSatisfaction: d.WorkSatisfaction, SickHours: d.SickHours,
		Signs: d.Signs,
	}
	for _, slot := range d.Slots {
		time, err := localtime.ParseTimeOfDay(slot.Time)
		if err != nil {
			return Answers{}, fmt.Errorf("intake: decode slot: %w", err)
		}
		a.Slots = append(a.Slots, Slot{Time: time, Anchor: slot.Anchor})
	}
	for _, goal := range d.Goals {
		a.Goals = append(a.Goals, Goal(goal))
	}
	return a, nil
}
