package intake

import (
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// Phase is the stage of an episode, by its length.
type Phase string

// The phases: acute under 6 weeks, subacute 6 to 12, chronic above 12; recovered when the episode is over.
const (
	Acute     Phase = "acute"
	Subacute  Phase = "subacute"
	Chronic   Phase = "chronic"
	Recovered Phase = "recovered"
)

// PhaseOf returns the phase of an episode.
func PhaseOf(weeks int, recovered bool) Phase {
	switch {
	case recovered:
		return Recovered
	case weeks < 6:
		return Acute
	case weeks <= 12:
		return Subacute
	default:
		return Chronic
	}
}

// The cut-offs of the PHQ-2, 0 to 6 (Arroll 2010: 2 or more finds 86 % of depressions, 3 or more is more specific).
const (
	MoodWatch = 2
	MoodAlert = 3
)

// PHQ2 returns the sum of both items, 0 to 6.
func (a Answers) PHQ2() int { return *a.PHQ2Interest + *a.PHQ2Mood }

// Mood returns the response that the PHQ-2 calls for: ok, watch or alert.
func (a Answers) Mood() string {
	switch score := a.PHQ2(); {
	case score >= MoodAlert:
		return "alert"
	case score >= MoodWatch:
		return "watch"
	default:
		return "ok"
	}
}

// MoodAdvice is what a patient with a low mood reads; empty without one, and where mood was not asked.
func (a Answers) MoodAdvice(l people.Language) string {
	if a.PHQ2Interest == nil || a.PHQ2Mood == nil || a.Mood() != "alert" {
		return ""
	}
	return l.Say("intake.mood.advice")
}

// PAVS returns the physical activity vital sign: minutes of moderate activity a week. The Dutch norm is 150.
func (a Answers) PAVS() int { return *a.ActiveDays * *a.ActiveMinutes }

// shortWalk is the comfortable walk, in minutes, below which walking is not the first choice (design choice).
const shortWalk = 10

// WalkLimited reports whether walking needs caution: less than 10 comfortable minutes, a walking aid, or a fall.
func (a Answers) WalkLimited() bool {
	return *a.WalkMinutes < shortWalk || *a.WalkAid || *a.Falls > 0
}

// IsRadicular reports whether the pain looks like that of a nerve root: below the knee or elbow, or with numbness or
// weakness.
func (a Answers) IsRadicular() bool {
	yes := func(answer *bool) bool { return answer != nil && *answer }
	return *a.Radiating == BelowTheJoint ||
		*a.Radiating != NoRadiation && (yes(a.RadiatingNumb) || yes(a.RadiatingWeak))
}

// Phase returns the phase of the episode on the day of the answers.
func (a Answers) Phase() Phase { return PhaseOf(*a.Weeks, *a.Recovered) }

// PhaseOn returns the phase of the episode on a later day: it moves on with the date of onset, without a new intake.
func (i Intake) PhaseOn(day localtime.Date) Phase {
	return PhaseOf(*i.Answers.Weeks+max(day.DaysSince(i.SubmittedOn), 0)/7, *i.Answers.Recovered)
}

// ForGate returns the answers that the safety gate reads.
func (a Answers) ForGate(p people.Patient, year int, s settings.Settings) safety.Answers {
	answers := safety.Answers{
		Neck:         a.Region.HasNeck(),
		AgeMin:       year - p.BirthYear - 1,
		AgeMax:       year - p.BirthYear,
		FirstEpisode: *a.Prior == 0,
		OldAge:       s.FirstEpisodeAge,
		Weeks:        *a.Weeks,
		Falls:        *a.Falls,
		WeakLimb:     a.isLimbWeak(),
		NumbLeg:      *a.Radiating == BelowTheJoint && a.RadiatingNumb != nil && *a.RadiatingNumb,
	}
	answers.Yes = a.Yes()
	return answers
}

// isLimbWeak reports whether there is weakness where the pain spreads.
func (a Answers) isLimbWeak() bool {
	return *a.Radiating != NoRadiation && a.RadiatingWeak != nil && *a.RadiatingWeak
}

// Yes are the signs that were answered with yes, in the order of the form.
func (a Answers) Yes() (signs []safety.Sign) {
	for _, q := range safety.IntakeQuestions {
		if a.Signs[q.Sign] {
			signs = append(signs, q.Sign)
		}
	}
	return signs
}

// Factor is one number of the profile. Worse says in which direction it gets worse.
type Factor struct {
	Key   string
	Value int
	Worse string // higher or lower
}

// Profile returns the mix of factors that may maintain the complaints. It is a description, not a score, and names no
// cause. Work factors are included only for those who work.
func (a Answers) Profile() []Factor {
	factors := []Factor{
		{"nprs_avg24", *a.PainAverage, "higher"}, {"nprs_worst", *a.PainWorst, "higher"}, {"fear", *a.Fear, "higher"},
		{"confidence", *a.Confidence, "lower"}, {"motivation", *a.Motivation, "lower"},
		{"expectation", *a.Expectation, "lower"}, {"bad_nights", *a.BadNights, "higher"},
		{"stress", *a.Stress, "higher"}, {"phq2", a.PHQ2(), "higher"}, {"pavs", a.PAVS(), "lower"},
		{"strength_days", *a.StrengthDays, "lower"},
	}
	if *a.Works {
		factors = append(factors, Factor{"work_load", *a.WorkLoad, "higher"},
			Factor{"work_satisfaction", *a.WorkSatisfaction, "lower"}, Factor{"sick_hours", *a.SickHours, "higher"})
	}
	return factors
}

// Risk is a proposal for how much support somebody needs; a therapist sets the final risk.
type Risk string

// The risks.
const (
	Low    Risk = "low"
	Medium Risk = "medium"
	High   Risk = "high"
)

// Cut-offs for the factors of Risk (design choices, not validated).
const (
	highScore  = 7
	lowScore   = 3
	highStress = 6
)

// Prognosis counts the factors that KNGF's guideline on low back pain (2021) associates with persistent complaints, as
// far as the intake asks about them. It does not ask about general health, coping and relations at work.
func (a Answers) Prognosis() (physical, psychosocial []string) {
	limitation := 0
	for _, goal := range a.Goals {
		limitation += goal.Score
	}
	for _, f := range []struct {
		key     string
		present bool
	}{
		{"prior", *a.Prior >= 1}, {"activity_limitation", limitation <= lowScore*len(a.Goals)},
		{"leg_pain", *a.Radiating != NoRadiation}, {"pain", *a.PainAverage >= highScore},
		{"work_load", *a.Works && *a.WorkLoad >= highScore},
	} {
		if f.present {
			physical = append(physical, f.key)
		}
	}
	for _, f := range []struct {
		key     string
		present bool
	}{
		{"stress", *a.Stress >= highStress}, {"fear", *a.Fear >= highScore}, {"mood", a.PHQ2() >= MoodAlert},
		{"expectation", *a.Expectation <= lowScore}, {"work_satisfaction", *a.Works && *a.WorkSatisfaction <= lowScore},
	} {
		if f.present {
			psychosocial = append(psychosocial, f.key)
		}
	}
	return physical, psychosocial
}

// Risk proposes a risk: low with at most 1 factor, high with at least 5 or with two psychosocial ones, otherwise medium
// (design choice, not validated, and not the STarT Back tool).
func (a Answers) Risk() Risk {
	physical, psychosocial := a.Prognosis()
	switch all := len(physical) + len(psychosocial); {
	case all >= 5 || len(psychosocial) >= 2:
		return High
	case all >= 2:
		return Medium
	default:
		return Low
	}
}

// Support is what a risk calls for: weeks with the app and contacts with the therapist (e-Exercise LBP).
type Support struct{ Weeks, Contacts int }

// Support returns the support that a risk calls for.
func (r Risk) Support() Support {
	switch r {
	case Low:
		return Support{Weeks: 3, Contacts: 2}
	case Medium:
		return Support{Weeks: 12, Contacts: 8}
	default:
		return Support{Weeks: 12, Contacts: 12}
	}
}
