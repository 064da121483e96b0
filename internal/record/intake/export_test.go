package intake

import "cadans/internal/record/exercise"

// Base is somebody without any factor, complete but for the signs.
func Base() Answers {
	n := func(v int) *int { return &v }
	no, yes, region, radiating := new(bool), true, LowBack, NoRadiation
	return Answers{
		Region: &region, Weeks: n(2), Recovered: no, Prior: n(0), PainAverage: n(3), PainWorst: n(5),
		Radiating: &radiating, Fear: n(2), Confidence: n(8), Motivation: n(8), Expectation: n(8), BadNights: n(1),
		Stress: n(3), PHQ2Interest: n(0), PHQ2Mood: n(0), ActiveDays: n(6), ActiveMinutes: n(30), StrengthDays: n(2),
		WalkMinutes: n(30), WalkWeekMinutes: n(60), WalkAid: new(bool), LowerLimb: new(bool), Falls: n(0),
		Minutes: n(20), Days: n(5), Likes: []exercise.Module{}, Dislikes: []exercise.Module{},
		Equipment: []string{"mat", "chair"}, Goals: []Goal{{"gardening", 6}}, Works: &yes, WorkLoad: n(3),
		WorkSatisfaction: n(8), SickHours: n(0),
	}
}
