package simulate

import (
	"math"
	"math/rand/v2"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/internal/rules/reminder"
	"cadans/pkg/localtime"
)

// person is a patient of the model: what a person does without a push, and what a push adds. The numbers belong to
// the model. They are chosen to resemble what studies report; they are not findings.
//
//   - Course of adherence: 12 % decline, 45 % stay, 43 % grow, as in the trajectories of a home-exercise app for
//     musculoskeletal pain.
//   - Each day a person exercises or not, at a favourite time of day, give or take an hour.
//   - A push before the session is done is opened by some and acted on by fewer. It adds about 4 percentage points at
//     first, as the prompts of Morrison and others did (PLoS One 2017), and the effect fades over weeks, as that of
//     suggestions did in HeartSteps.
//   - More than four pushes in seven days tire people: they open fewer, and some turn pushes off for good.
type person struct {
	id      id.Patient
	viewer  access.Viewer
	address string
	version program.Version
	random  *rand.Rand

	start     float64 // log-odds of a session on a planned day in the first week
	slope     float64 // added each week
	favourite int     // minute of the day
	opens     float64 // chance to open a push
	acts      float64 // chance to exercise after opening, where nothing was planned any more that day

	plans  map[localtime.Date]plan
	pushes []localtime.Date
	gone   bool // turned pushes off
}

// plan is what a person would do on a day without a push.
type plan struct {
	minute int
	does   bool
	done   bool
}

// persuades is how much more, or less, effect each wording has.
var persuades = map[reminder.Arm]float64{
	"":                1,
	reminder.Plain:    1,
	reminder.IfThen:   1.4,
	reminder.Tailored: 1.3,
	reminder.Benefit:  .6,
}

// quota is how many sessions a week each person is asked to do.
const quota = 5

// courses are the shares of the courses of adherence, in percent, and the change per week in log-odds.
var courses = []struct {
	share int
	slope float64
}{{12, -.15}, {45, 0}, {43, .05}}

func newPerson(random *rand.Rand) *person {
	p := &person{random: random, plans: map[localtime.Date]plan{}}
	p.start = .2 + .9*random.NormFloat64()
	at := random.IntN(100)
	for _, c := range courses {
		if at < c.share {
			p.slope = c.slope
			break
		}
		at -= c.share
	}
	p.favourite = []int{8*60 + 30, 10 * 60, 13 * 60, 18*60 + 30, 20 * 60}[random.IntN(5)]
	p.opens = .25 + .3*random.Float64()
	p.acts = .2 + .3*random.Float64()
	return p
}

// on returns what the person would do on a day in a week of the program. It is drawn once.
func (p *person) on(date localtime.Date, week int) plan {
	known, drawn := p.plans[date]
	if !drawn {
		chance := 1 / (1 + math.Exp(-(p.start + p.slope*float64(week))))
		known = plan{
			does:   p.random.Float64() < chance*quota/7,
			minute: min(max(p.favourite+int(60*p.random.NormFloat64()), 7*60), 22*60),
		}
		p.plans[date] = known
	}
	return known
}

// fading returns the share of the response that is left in a week.
func fading(week int) float64 { return math.Exp(-float64(week) / 20) }

// openChance falls with every push beyond four in seven days.
func (p *person) openChance(date localtime.Date) float64 {
	return p.opens * math.Pow(.75, float64(max(p.recent(date)-tiring, 0)))
}

const tiring = 4

func (p *person) recent(date localtime.Date) (n int) {
	for i := len(p.pushes) - 1; i >= 0 && date.DaysSince(p.pushes[i]) < 7; i-- {
		n++
	}
	return n
}

// outcome is the time within which a session counts as following a decision, as in the estimate.
const outcome = 24 * time.Hour

// anyway reports whether a session would follow within 24 hours without a push.
func (p *person) anyway(now time.Time, zone *time.Location, weekOf func(localtime.Date) int) bool {
	today := localtime.Today(now, zone)
	for _, date := range []localtime.Date{today, today.AddDays(1)} {
		next := p.on(date, weekOf(date))
		at := localtime.Resolve(date, localtime.TimeOfDay(next.minute), zone)
		if next.does && at.After(now) && !at.After(now.Add(outcome)) {
			return true
		}
	}
	return false
}
