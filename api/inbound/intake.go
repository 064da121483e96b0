package inbound

import (
	"cadans/api/wire"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// Answers is what a patient has answered so far.
func Answers(w wire.IntakeAnswers) intake.Answers {
	a := intake.Answers{
		Weeks: w.Weeks, Prior: w.Prior, PainAverage: w.NprsAvg24, PainWorst: w.NprsWorst, Fear: w.Fear,
		Confidence: w.Confidence, Motivation: w.Motivation, Expectation: w.Expectation, BadNights: w.BadNights,
		Stress: w.Stress, PHQ2Interest: w.Phq2Interest, PHQ2Mood: w.Phq2Mood, ActiveDays: w.PavsDays,
		ActiveMinutes: w.PavsMinutes, StrengthDays: w.StrengthDays, WalkMinutes: w.WalkMinutes,
		WalkWeekMinutes: w.WalkWeekMinutes, Falls: w.Falls12M, Minutes: w.Minutes, Days: w.Days, WorkLoad: w.WorkLoad,
		WorkSatisfaction: w.WorkSatisfaction, SickHours: w.SickHours, Recovered: w.Recovered,
		RadiatingNumb: w.RadiatingNumb, RadiatingWeak: w.RadiatingWeak, WalkAid: w.WalkAid, LowerLimb: w.LowerLimb,
		Works: w.Works, Region: (*intake.Region)(w.Region), Radiating: (*intake.Radiation)(w.Radiating),
		Likes:     list(w.Likes, func(m wire.Module) exercise.Module { return exercise.Module(m) }),
		Dislikes:  list(w.Dislikes, func(m wire.Module) exercise.Module { return exercise.Module(m) }),
		Equipment: list(w.Equipment, func(e wire.EquipmentItem) string { return string(e) }),
		Goals:     list(w.Goals, goal),
		Slots:     list(w.Slots, slot),
	}
	if w.Signs != nil {
		a.Signs = map[safety.Sign]bool{}
		for sign, yes := range *w.Signs {
			a.Signs[safety.Sign(sign)] = yes
		}
	}
	return a
}

func goal(g wire.IntakeGoal) intake.Goal { return intake.Goal{Activity: g.Activity, Score: g.Score} }

// slot reads a time that the contract has checked.
func slot(s wire.IntakeSlot) intake.Slot {
	return intake.Slot{Time: localtime.MustParseTimeOfDay(s.Time), Anchor: value(s.Anchor)}
}

// list distinguishes a missing list from an empty one: not answered is not "nothing".
func list[A, B any](given *[]A, convert func(A) B) []B {
	if given == nil {
		return nil
	}
	converted := make([]B, len(*given))
	for i, a := range *given {
		converted[i] = convert(a)
	}
	return converted
}
