package proposal

import (
	"slices"

	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/settings"
)

// RuleVersion is the version of the rules in this package. Increase it with every change of them.
const RuleVersion = 2

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
	WalkLimited  bool
	LowerLimb    bool
	Unsteady     bool // a fall or a walking aid
	Able         bool // no goal is limited
	Likes        []exercise.Module
	Dislikes     []exercise.Module
	Equipment    []string
	Settings     settings.Settings
}

// ableFrom is the score from which a goal counts as achieved.
const ableFrom = 8

// CaseOf reads a complete intake.
func CaseOf(a intake.Answers, s settings.Settings) Case {
	able := !slices.ContainsFunc(a.Goals, func(g intake.Goal) bool { return g.Score < ableFrom })
	return Case{
		Region: *a.Region, Phase: a.Phase(), Pain: *a.PainAverage, Fear: *a.Fear, BadNights: *a.BadNights,
		Stress: *a.Stress, PHQ2: a.PHQ2(), PAVS: a.PAVS(), StrengthDays: *a.StrengthDays, Prior: *a.Prior,
		Motivation: *a.Motivation, Confidence: *a.Confidence, Minutes: *a.Minutes, Days: *a.Days,
		WalkLimited: a.WalkLimited(), LowerLimb: *a.LowerLimb, Unsteady: *a.Falls > 0 || *a.WalkAid, Able: able,
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

// Modules lists every scored module; its order breaks ties.
var Modules = []exercise.Module{
	exercise.Exposure, exercise.Walking, exercise.Strength, exercise.Core, exercise.Mobility, exercise.Aerobic,
	exercise.Relaxation, exercise.Sleep, exercise.Stress,
}

// mind are the mental modules; a program has one, rarely two.
var mind = []exercise.Module{exercise.Relaxation, exercise.Sleep, exercise.Stress}

// base is the starting score of each module by phase (design choices).
var base = map[intake.Phase]map[exercise.Module]int{
	intake.Acute: {exercise.Walking: 40, exercise.Mobility: 50, exercise.Relaxation: 10},
	intake.Subacute: {exercise.Walking: 40, exercise.Strength: 30, exercise.Core: 30, exercise.Mobility: 30,
		exercise.Aerobic: 20, exercise.Relaxation: 10},
	intake.Chronic: {exercise.Walking: 40, exercise.Strength: 40, exercise.Core: 40, exercise.Mobility: 20,
		exercise.Aerobic: 30, exercise.Relaxation: 10},
	intake.Recovered: {exercise.Walking: 90, exercise.Strength: 30, exercise.Core: 20, exercise.Mobility: 10,
		exercise.Aerobic: 20},
}

// muchFear is the fear of movement from which exercises against fear are always part of the program.
const muchFear = 7

// rule adds points when it applies. Evidence is its source.
type rule struct {
	id       string
	applies  func(Case) bool
	points   map[exercise.Module]int
	evidence string
	text     [2]string // Dutch, English
}

var phaseText = map[intake.Phase][2]string{
	intake.Acute:     {"Klachten korter dan 6 weken.", "Complaints for less than 6 weeks."},
	intake.Subacute:  {"Klachten 6 tot 12 weken.", "Complaints for 6 to 12 weeks."},
	intake.Chronic:   {"Klachten langer dan 12 weken.", "Complaints for more than 12 weeks."},
	intake.Recovered: {"De klachten zijn voorbij.", "The complaints are over."},
}

var rules = []rule{
	{"M-1", func(c Case) bool { return c.Fear >= muchFear },
		map[exercise.Module]int{exercise.Exposure: 80, exercise.Strength: -20},
		"Lopez-de-Uralde 2016; RESTORE, Lancet Rheumatol 2025; KNGF low back pain 2021",
		[2]string{
			"Veel bewegingsangst (7 of meer): eerst stap voor stap weer durven bewegen.",
			"Much fear of movement (7 or more): first dare to move again, step by step.",
		}},
	{"M-2", func(c Case) bool { return c.Fear >= 4 && c.Fear < muchFear },
		map[exercise.Module]int{exercise.Exposure: 40},
		"design choice: M-1 with a smaller dose",
		[2]string{"Enige bewegingsangst (4 tot 6).", "Some fear of movement (4 to 6)."}},
	{"M-3", func(c Case) bool { return c.BadNights >= 3 && c.BadNights < 5 },
		map[exercise.Module]int{exercise.Sleep: 45, exercise.Relaxation: 20},
		"Craige 2023: care without drugs improves sleep a little",
		[2]string{"3 of 4 slechte nachten in de week.", "3 or 4 bad nights a week."}},
	{"M-3", func(c Case) bool { return c.BadNights >= 5 },
		map[exercise.Module]int{exercise.Sleep: 60, exercise.Relaxation: 20},
		"Craige 2023: care without drugs improves sleep a little",
		[2]string{"5 of meer slechte nachten in de week.", "5 or more bad nights a week."}},
	{"M-4", func(c Case) bool { return c.Stress >= 6 && c.Stress < 8 },
		map[exercise.Module]int{exercise.Relaxation: 40, exercise.Stress: 35},
		"KNGF low back pain 2021; Vambheim: relaxation reduced pain in most trials",
		[2]string{"Spanning 6 of 7.", "Stress of 6 or 7."}},
	{"M-4", func(c Case) bool { return c.Stress >= 8 },
		map[exercise.Module]int{exercise.Relaxation: 40, exercise.Stress: 50},
		"KNGF low back pain 2021; Vambheim: relaxation reduced pain in most trials",
		[2]string{"Spanning 8 of meer.", "Stress of 8 or more."}},
	{"M-5", func(c Case) bool { return c.PHQ2 >= intake.MoodAlert },
		map[exercise.Module]int{exercise.Walking: 25, exercise.Aerobic: 25},
		"Owen 2020; cut-off Arroll 2010",
		[2]string{
			"Sombere stemming (PHQ-2 van 3 of meer): conditie helpt de stemming.",
			"Low mood (PHQ-2 of 3 or more): endurance helps mood.",
		}},
	{"M-6", func(c Case) bool { return c.PAVS < 150 },
		map[exercise.Module]int{exercise.Walking: 30, exercise.Aerobic: 10},
		"Dutch physical activity guideline: 150 minutes a week",
		[2]string{"Minder dan 150 minuten beweging in de week.", "Less than 150 minutes of activity a week."}},
	{"M-7", func(c Case) bool { return c.Phase == intake.Chronic && c.StrengthDays < 2 },
		map[exercise.Module]int{exercise.Strength: 15},
		"Dutch physical activity guideline: twice a week; Fernandez-Rodriguez 2022, Owen 2020",
		[2]string{
			"Minder dan 2 dagen in de week iets voor de spieren.",
			"Less than 2 days a week of muscle training.",
		}},
	{"M-8", func(c Case) bool {
		return c.Region.HasNeck() && (c.Phase == intake.Subacute || c.Phase == intake.Chronic)
	}, map[exercise.Module]int{exercise.Strength: 20, exercise.Core: 10},
		"Andersen 2011; Sterling 2019; Price 2020; Mueller 2023",
		[2]string{
			"Nekklachten van 6 weken of langer: kracht van nek en schouders.",
			"Neck complaints for 6 weeks or more: strength of neck and shoulders.",
		}},
	{"M-9", func(c Case) bool { return c.Prior >= 3 && c.Phase != intake.Recovered },
		map[exercise.Module]int{exercise.Strength: 15},
		"da Silva 2019: more than two episodes predict the next",
		[2]string{"3 of meer eerdere periodes.", "3 or more earlier episodes."}},
	{"M-9", func(c Case) bool { return c.Prior >= 3 && c.Phase == intake.Recovered },
		map[exercise.Module]int{exercise.Strength: 15, exercise.Walking: 20},
		"WalkBack, Lancet 2024",
		[2]string{
			"3 of meer eerdere periodes, nu hersteld: wandelen verkleint de kans op terugkeer.",
			"3 or more earlier episodes, now recovered: walking makes another one less likely.",
		}},
	{"M-10", func(c Case) bool { return c.WalkLimited },
		map[exercise.Module]int{exercise.Walking: -40, exercise.Aerobic: 30},
		"design choice: safety",
		[2]string{"Wandelen gaat nu moeilijk.", "Walking is difficult now."}},
}

// Points for preferences; a dislike excludes a module.
const (
	likedPoints    = 15
	dislikedPoints = -100
)

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

// Scores scores every module, in the order of Modules.
func Scores(c Case) []Score {
	scores := make([]Score, len(Modules))
	for i, m := range Modules {
		s := Score{Module: m}
		s.add(Because{
			Rule:     "base",
			Points:   base[c.Phase][m],
			Evidence: "design choice",
			NL:       phaseText[c.Phase][0],
			EN:       phaseText[c.Phase][1],
		})
		for _, r := range rules {
			if points := r.points[m]; points != 0 && r.applies(c) {
				s.add(Because{Rule: r.id, Points: points, Evidence: r.evidence, NL: r.text[0], EN: r.text[1]})
			}
		}
		switch {
		case c.likes(m):
			s.add(Because{
				"M-11", likedPoints, "KNGF low back pain 2021: match preferences", "De patiënt doet dit graag.",
				"The patient likes this.",
			})
		case c.dislikes(m):
			s.add(Because{
				"M-11", dislikedPoints, "KNGF low back pain 2021: match preferences", "De patiënt wil dit liever niet.",
				"The patient would rather not do this.",
			})
		}
		scores[i] = s
	}
	return scores
}
