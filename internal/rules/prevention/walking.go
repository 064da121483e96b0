// Package prevention goes on after recovery: seven in ten people have pain again within a year. It holds the walking
// plan, its weekly decisions, the contacts that belong to it, and the monthly question whether pain came back.
//
// The plan follows WalkBack (Lancet 2024): adults who had recovered from low back pain built up to 30 minutes on 5 days
// a week within 6 months, with six contacts with a physiotherapist, and had their next activity-limiting episode later
// (median 208 against 112 days, hazard ratio 0.72). The control group had no treatment, and walking and coaching cannot
// be told apart. The weekly steps are design choices: 5, 10 or 15 minutes more, and a fifth of the week at most. The
// middle track comes to the 130 minutes a week that were seen at 12 weeks.
//
// It promises that the minutes of each week follow from the plan and what was logged alone: deciding again gives the
// same, and a late log is taken into account for two days after its week.
package prevention

import (
	"cadans/internal/kernel/words"
	"cadans/internal/record/dose"
	"cadans/pkg/localtime"
)

// Track is how fast the minutes rise.
type Track string

// The tracks: minutes more in each week that goes well.
const (
	Gentle   Track = "gentle"   // 5
	Standard Track = "standard" // 10
	Fast     Track = "fast"     // 15
)

// Step returns the minutes more a week.
func (t Track) Step() int {
	switch t {
	case Gentle:
		return 5
	case Fast:
		return 15
	default:
		return 10
	}
}

// Limits of the plan, in minutes a week.
const (
	leastStart = 30
	Target     = 150
	floor      = 15 // after a setback
)

// Start is what a plan begins from.
type Start struct {
	WeekMinutes int // walked in a week now
	Comfortable int // minutes in one go
	LowerLimb   bool
	Age         int
	LowConfid   bool
}

// WeekOne returns the minutes of the first week: 80 % of now, in fives, 30 to 150.
func (s Start) WeekOne() int { return min(max(round5(s.WeekMinutes*8, 10), leastStart), Target) }

// Track proposes: gentle for a comfortable walk under 15 minutes, a complaint of the leg, 75 years or more, or little
// confidence; fast for 75 minutes a week or more now; else standard.
func (s Start) Track() Track {
	switch {
	case s.Comfortable < 15 || s.LowerLimb || s.Age >= 75 || s.LowConfid:
		return Gentle
	case s.WeekMinutes >= 75:
		return Fast
	default:
		return Standard
	}
}

// round5 returns n/d in fives, halves up.
func round5(n, d int) int { return (2*n + 5*d) / (10 * d) * 5 }

// Days returns on how many days a week's minutes are walked.
func Days(minutes int) int {
	switch {
	case minutes < 60:
		return 3
	case minutes < 100:
		return 4
	default:
		return 5
	}
}

// PerWalk returns the minutes of one walk; it may be split in two of at least 5.
func PerWalk(minutes int) int { return (minutes + Days(minutes) - 1) / Days(minutes) }

// briskFrom is the week from which two walks a week are brisk: talk, but not sing.
const briskFrom = 3

// BriskWalks returns how many walks of a week of the plan are brisk.
func BriskWalks(week int) int {
	if week < briskFrom {
		return 0
	}
	return 2
}

// Outcome is what became of a week.
type Outcome string

// The outcomes.
const (
	Advance Outcome = "advance"
	Hold    Outcome = "hold"
	Back    Outcome = "back"
	Paused  Outcome = "paused"
)

// Week is what is known of one week of the plan.
type Week struct {
	Monday     localtime.Date
	Done       int  // minutes walked
	PausedDays int  // of 7
	PauseEnded int  // length in days of a pause that ended in this week or on the day before it; 0 without
	PainBroken int  // walks that hurt more than acceptable
	LowerLimb  bool // a new complaint of foot, knee or hip
}

// Decision is what the rules say about a week. Minutes is what the week asked.
type Decision struct {
	Week
	Number    int // 1 for the first
	Minutes   int
	Outcome   Outcome
	Overshoot bool // 50 % more than asked, two weeks in a row: steady wins, and nothing goes faster
	Restart   bool // after 4 weeks of pause a therapist sets a new start
}

// Plan is a walking plan.
type Plan struct {
	StartOn localtime.Date // a Monday
	Track   Track
	WeekOne int
	Rules   int // the RuleVersion that it was started under
}

// capped is the first version of the rules in which a week rises by a fifth at most.
const capped = 2

// after returns the minutes of the week after one that went well.
func (p Plan) after(minutes int) int {
	next := minutes + p.Track.Step()
	if p.Rules >= capped {
		next = min(next, dose.Most(minutes, Days(minutes))) // one minute more in each walk is the smallest unit
	}
	return min(next, Target)
}

// Decide goes through the weeks that have ended and returns a decision about each, and the minutes of the next week.
func (p Plan) Decide(weeks []Week) (decisions []Decision, next int) {
	s := state{plan: p, minutes: p.WeekOne}
	for i, week := range weeks {
		decisions = append(decisions, s.decide(i+1, week))
	}
	return decisions, s.minutes
}

type state struct {
	plan    Plan
	minutes int
	low     int // weeks in a row with less than a third done
	over    int // weeks in a row with half more than asked
}

func (s *state) decide(number int, w Week) Decision {
	s.minutes = Resumed(s.minutes, w.PauseEnded)
	d := Decision{Week: w, Number: number, Minutes: s.minutes, Restart: w.PauseEnded >= 28}
	if w.PausedDays == 7 {
		d.Outcome = Paused
		return d
	}
	asked := s.minutes * (7 - w.PausedDays)
	share := func(percent int) bool { return w.Done*7*100 >= asked*percent } // done at least that share
	s.count(share)
	d.Overshoot = s.over >= 2
	switch {
	case w.LowerLimb:
		d.Outcome = Back
		s.minutes = max(round5((s.minutes-s.plan.Track.Step())*7, 10), floor)
	case s.low >= 2 || w.PainBroken >= 2:
		d.Outcome, s.low = Back, 0
		s.minutes = max(s.minutes-s.plan.Track.Step(), min(s.plan.WeekOne, s.minutes))
	case share(67) && w.PainBroken == 0:
		d.Outcome = Advance
		s.minutes = s.plan.after(s.minutes)
	default:
		d.Outcome = Hold
	}
	return d
}

func (s *state) count(share func(int) bool) {
	if share(33) {
		s.low = 0
	} else {
		s.low++
	}
	if share(151) {
		s.over++
	} else {
		s.over = 0
	}
}

// Resumed returns the minutes after a pause of so many days: 80 % from 7 on, 60 % from 14 on.
func Resumed(minutes, days int) int {
	switch {
	case days >= 14:
		return max(round5(minutes*6, 10), floor)
	case days >= 7:
		return max(round5(minutes*8, 10), floor)
	default:
		return minutes
	}
}

// contact is a planned moment with the therapist, and the key of what it is for.
type contact struct {
	week int
	key  string
}

// say is what the therapist is told.
func (c contact) say() words.Pair { return words.Keep(c.key, "week", c.week) }

// contacts are six, as in the trial; the weeks after the first are design choices that a practice can set.
var contacts = []contact{
	{0, "walking.contact.start"},
	{2, "walking.contact.ask"},
	{5, "walking.contact.adjust"},
	{9, "walking.contact.ask"},
	{14, "walking.contact.adjust"},
	{24, "walking.contact.keep_up"},
}

// contactIn returns the contact of a week, given the weeks of those after the first.
func contactIn(week int, weeks []int) (contact, bool) {
	for i, c := range contacts {
		if i > 0 {
			c.week = weeks[i-1]
		}
		if c.week == week {
			return c, true
		}
	}
	return contact{}, false
}
