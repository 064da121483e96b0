package proposal

import (
	"slices"

	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/rulebook"
	"cadans/internal/record/safety"
	"cadans/internal/record/settings"
)

// RuleVersion is the version of the rules in this package. It rises with every change of them.
var RuleVersion = rulebook.Current().Modules.Version

// Education is always part of a program: explanation and encouragement to stay active. It has no exercises.
const Education exercise.Module = "education"

// Case is the part of an intake that the rules read. Scores run from 0 to 10.
type Case struct {
	Region       intake.Region
	Phase        intake.Phase
	Pain         int // NPRS, average of 24 hours
	Fear         int
	BadNights    int // 0 to 7
	Stress       int
	PHQ2         int // 0 to 6
	PAVS         int // minutes a week
	StrengthDays int // 0 to 7
	Prior        int // earlier episodes
	Motivation   int
	Confidence   int
	Minutes      int // per session
	Days         int // per week
	WalkMinutes  int // comfortably, without a break
	WalkLimited  bool
	LowerLimb    bool
	Unsteady     bool          // a fall or a walking aid
	Able         bool          // no goal is limited
	Signs        []safety.Sign // answered with yes
	Likes        []exercise.Module
	Dislikes     []exercise.Module
	Equipment    []string
	Settings     settings.Settings
}

// CaseOf reads a complete intake.
func CaseOf(a intake.Answers, s settings.Settings) Case {
	able := !slices.ContainsFunc(a.Goals, func(g intake.Goal) bool { return g.Score < ableFrom })
	cautious := a.Cautious()
	return Case{
		Region: *a.Region, Phase: a.Phase(), Pain: *a.PainAverage, Fear: *a.Fear, BadNights: *a.BadNights,
		Stress: *a.Stress, PHQ2: a.PHQ2(), PAVS: a.PAVS(), StrengthDays: *a.StrengthDays, Prior: *a.Prior,
		Motivation: *a.Motivation, Confidence: *a.Confidence, Minutes: *a.Minutes, Days: *a.Days,
		WalkMinutes: *a.WalkMinutes, WalkLimited: a.WalkLimited(), LowerLimb: cautious.LowerLimb,
		Unsteady: cautious.Unsteady, Able: able, Signs: cautious.Signs,
		Likes: a.Likes, Dislikes: a.Dislikes, Equipment: a.Equipment, Settings: s,
	}
}

// Low reports whether to start with the smallest program that can work: motivation or confidence below 7, the threshold
// of self-management action planning, or the practice's setting.
func (c Case) Low() bool {
	return c.Motivation < c.Settings.LowBelow || c.Confidence < c.Settings.LowBelow
}

func (c Case) likes(m exercise.Module) bool    { return slices.Contains(c.Likes, m) }
func (c Case) dislikes(m exercise.Module) bool { return slices.Contains(c.Dislikes, m) }

// cautious is what the rulebook's cautions ask about the case.
func (c Case) cautious() intake.Cautious {
	return intake.Cautious{Unsteady: c.Unsteady, LowerLimb: c.LowerLimb, Signs: c.Signs}
}

// Modules lists every scored module; its order breaks ties.
var Modules = []exercise.Module{
	exercise.Exposure, exercise.Walking, exercise.Strength, exercise.Core, exercise.Mobility, exercise.Aerobic,
	exercise.Relaxation, exercise.Sleep, exercise.Stress,
}

// mind are the mental modules; a program has one, rarely two.
var mind = []exercise.Module{exercise.Relaxation, exercise.Sleep, exercise.Stress}

// The rulebook's part for programs.
var (
	book       = rulebook.Current().Modules
	ableFrom   = book.Limits.AbleFrom.Value
	muchFear   = book.Limits.MuchFear.Value
	severePain = book.Limits.SeverePain.Value
)

// facts is what the rulebook's conditions may ask about.
func (c Case) facts() rulebook.Facts {
	cautious := c.cautious().Facts()
	return rulebook.Facts{
		Numbers: map[string]int{
			"fear": c.Fear, "bad_nights": c.BadNights, "stress": c.Stress, "phq2": c.PHQ2, "pavs": c.PAVS,
			"strength_days": c.StrengthDays, "prior": c.Prior,
		},
		Words: map[string]string{
			"region": string(c.Region), "phase": string(c.Phase), "walk_limited": rulebook.YesNo(c.WalkLimited),
			"starts_small":  rulebook.YesNo(c.Low()),
			"short_of_time": rulebook.YesNo(c.Minutes <= c.Settings.ShortMinutes),
			"unsteady":      cautious.Words["unsteady"],
			"lower_limb":    cautious.Words["lower_limb"],
		},
		Sets: cautious.Sets,
	}
}

// Because is one reason for a score.
type Because struct {
	Rule     string
	Points   int
	Evidence string
	NL, EN   string
}

// Score is a module with its points and all reasons for them.
type Score struct {
	Module  exercise.Module
	Points  int
	Because []Because
	Chosen  bool
}

func (s *Score) add(b Because) {
	s.Points += b.Points
	s.Because = append(s.Because, b)
}

// base is the name of where each module begins in a phase.
const base = "base"

// Scores scores every module, in the order of Modules.
func Scores(c Case) []Score {
	facts := c.facts()
	scores := make([]Score, len(Modules))
	for i, m := range Modules {
		scores[i] = Score{Module: m}
		start := book.Base[string(c.Phase)]
		scores[i].add(because(base, start.Points[string(m)], book.Choice, start.Text))
		for _, r := range book.Rules {
			if points := r.Points[string(m)]; points != 0 && r.When.Holds(facts) {
				scores[i].add(because(r.ID, points, r.Evidence, r.Text))
			}
		}
		scores[i].prefer(c)
	}
	return scores
}

// prefer adds points for what the patient likes, and takes them for what the patient would rather not do.
func (s *Score) prefer(c Case) {
	p := book.Preference
	switch {
	case c.likes(s.Module):
		s.add(because(p.ID, p.Liked.Points, p.Evidence, p.Liked.Text))
	case c.dislikes(s.Module):
		s.add(because(p.ID, p.Disliked.Points, p.Evidence, p.Disliked.Text))
	}
}

func because(rule string, points int, evidence, text rulebook.Text) Because {
	return Because{Rule: rule, Points: points, Evidence: evidence.EN, NL: text.NL, EN: text.EN}
}
