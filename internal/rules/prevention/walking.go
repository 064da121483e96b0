// Package prevention continues after recovery, because seven in ten people have pain again within a year. It has a
// walking plan, its weekly decisions, the contacts that belong to it, and the monthly question whether pain came back.
//
// The plan follows WalkBack (Lancet 2024): adults who had recovered from low back pain built up to 30 minutes on 5 days
// a week within 6 months, with six contacts with a physiotherapist, and had their next activity-limiting episode later
// (median 208 against 112 days, hazard ratio 0.72). The control group had no treatment, so the effects of walking and
// coaching cannot be separated. The weekly steps are design choices: 5, 10 or 15 minutes more, but at most a fifth of
// the week. The standard track is at 127 minutes in week 12, where WalkBack saw 130.
//
// The minutes of each week are derived from the plan and the log alone: deciding again gives the same result. A late
// log counts until two days after its week.
package prevention

import (
	"cadans/internal/kernel/words"
	"cadans/internal/record/dose"
	"cadans/pkg/localtime"
)

// Track is how fast the minutes increase.
type Track string

// The tracks, with the minutes they add after each week that goes well.
const (
	Gentle   Track = "gentle"   // 5
	Standard Track = "standard" // 10
	Fast     Track = "fast"     // 15
)

// Step returns the additional minutes per week.
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
	leastWalk  = 2 // minutes
	Target     = 150
	floor      = 15 // after a setback
)

// Start holds the data from which a plan begins.
type Start struct {
	WeekMinutes int // walked in a week now
	Comfortable int // minutes without a break
	LowerLimb   bool
	Age         int
	LowConfid   bool
}

// WeekOne returns the minutes of the first week: 80 % of the current minutes, in multiples of 5, from 30 to 150. Who
// cannot walk for 10 minutes begins with three walks of what is comfortable.
func (s Start) WeekOne() int {
	least := min(leastStart, Days(0)*max(s.Comfortable, leastWalk))
	return min(max(round5(s.WeekMinutes*8, 10), least), Target)
}

// Track proposes a track: gentle for a comfortable walk under 15 minutes, a complaint of the leg, an age of 75 or more,
// or low confidence; fast for at least 75 current minutes a week; otherwise standard.
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

// round5 rounds n/d to a multiple of 5, halves up.
func round5(n, d int) int { return (2*n + 5*d) / (10 * d) * 5 }

// Days returns on how many days a week the minutes are walked.
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

// PerWalk returns the minutes of one walk, which may be split in two of at least 5.
func PerWalk(minutes int) int { return (minutes + Days(minutes) - 1) / Days(minutes) }

// briskFrom is the week from which two walks a week are brisk: able to talk, but not to sing.
const briskFrom = 3

// BriskWalks returns how many walks of a week of the plan are brisk.
func BriskWalks(week int) int {
	if week < briskFrom {
		return 0
	}
	return 2
}

// Outcome is the outcome of a week.
type Outcome string

// The outcomes.
const (
	Advance Outcome = "advance"
	Hold    Outcome = "hold"
	Back    Outcome = "back"
	Paused  Outcome = "paused"
)

// Week holds the data about one week of the plan.
type Week struct {
	Monday     localtime.Date
	Done       int  // minutes walked
	PausedDays int  // of 7
	PauseEnded int  // length in days of a pause that ended in this week or on the day before it; otherwise 0
	PainBroken int  // walks that hurt more than acceptable
	LowerLimb  bool // a new complaint of foot, knee or hip
}

// Decision is the result of the rules for a week. Minutes is what the week asked.
type Decision struct {
	Week
	Number    int // 1 for the first
	Minutes   int
	Outcome   Outcome
	Overshoot bool // 50 % above what was asked, two weeks in a row: said to the patient, the minutes rise as usual
	Restart   bool // after 4 weeks of pause a therapist must set a new start
}

// Plan is a walking plan.
type Plan struct {
	StartOn localtime.Date // a Monday
	Track   Track
	WeekOne int
	Rules   int // the RuleVersion that it was started under
}

// The first versions of the rules in which a week rises by a fifth at most: of its minutes, and of its walks, whose
// minutes are rounded up.
const (
	capped      = 2
	cappedWalks = 3
)

// after returns the minutes of the week after one that went well. One minute more in each walk is the smallest unit.
func (p Plan) after(minutes int) int {
	next := min(minutes+p.Track.Step(), Target)
	if p.Rules >= capped {
		next = min(next, dose.Most(minutes, Days(minutes)))
	}
	for p.Rules >= cappedWalks && next > minutes && walked(next) > dose.Most(walked(minutes), Days(minutes)) {
		next--
	}
	return next
}

// walked returns the minutes of all walks of a week.
func walked(minutes int) int { return PerWalk(minutes) * Days(minutes) }

// Decide returns a decision about each week that has ended, and the minutes of the next week.
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
	over    int // weeks in a row with at least half more than asked
}

func (s *state) decide(number int, w Week) Decision {
	s.minutes = Resumed(s.minutes, w.PauseEnded)
	d := Decision{Week: w, Number: number, Minutes: s.minutes, Restart: w.PauseEnded >= 28}
	if w.PausedDays == 7 {
		d.Outcome = Paused
		return d
	}
	asked := s.minutes * (7 - w.PausedDays)
	share := func(percent int) bool { return w.Done*7*100 >= asked*percent } // at least that share was done
	s.count(share)
	d.Overshoot = s.over >= 2
	switch {
	case w.LowerLimb:
		d.Outcome = Back
		s.minutes = min(s.minutes, max(round5((s.minutes-s.plan.Track.Step())*7, 10), floor))
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

// Resumed returns the minutes after a pause: 80 % after 7 days or more, 60 % after 14 or more; never more than before.
func Resumed(minutes, days int) int {
	switch {
	case days >= 14:
		return min(minutes, max(round5(minutes*6, 10), floor))
	case days >= 7:
		return min(minutes, max(round5(minutes*8, 10), floor))
	default:
		return minutes
	}
}

// contact is a planned contact with the therapist, with the key of its purpose.
type contact struct {
	week int
	key  string
}

// text is the text for the therapist.
func (c contact) text() words.Pair { return words.Keep(c.key, "week", c.week) }

// contacts are the six of the trial. The weeks after the first are design choices that a practice can set.
var contacts = []contact{
	{0, "walking.contact.start"},
	{2, "walking.contact.ask"},
	{5, "walking.contact.adjust"},
	{9, "walking.contact.ask"},
	{14, "walking.contact.adjust"},
	{24, "walking.contact.keep_up"},
}

// contactIn returns the contact of a week, given the weeks of all contacts but the first.
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
