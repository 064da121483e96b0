// Package overview shows a practice its own numbers: the distribution of adherence, the barriers, and RE-AIM (reach,
// effectiveness, adoption, implementation, maintenance) as far as the data allow.
//
// No number is about fewer than ten patients. A smaller cell is hidden, and so is the next smallest one if the hidden
// cell could be derived from the rest. Nobody is ranked. Each number has a definition.
package overview

import (
	"context"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/record/settings"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// fewest is the minimum number of patients behind a number.
const fewest = 10

// Cell is a number of patients; nil when it is hidden.
type Cell struct {
	Name     string
	Patients *int
}

// Tile is one indicator. Its key determines the unit of Value, which is nil if there are too few patients.
type Tile struct {
	Dimension string
	Key       string
	Value     *int
	Of        *int // the denominator

	definition string // key of its text
}

// Definition says what the number means.
func (t Tile) Definition(l people.Language) string { return l.Say(t.definition) }

// Overview is a practice's numbers for a period.
type Overview struct {
	Since, Until localtime.Date
	Patients     *int // with an active program today
	Adherence    []Cell
	Barriers     []Cell
	Tiles        []Tile
}

// Service implements the use case of this package.
type Service struct{ guard *access.Guard }

// NewService returns the service.
func NewService(guard *access.Guard) *Service { return &Service{guard: guard} }

// The period in days: twelve weeks by default, at most two years.
const (
	usual   = 84
	longest = 731
)

// Of returns the overview of the viewer's practice. Zero dates mean the last twelve weeks.
func (s *Service) Of(ctx context.Context, v access.Viewer, since, until localtime.Date) (Overview, error) {
	return access.Read(ctx, s.guard, v.Enters(access.GetPracticeMetrics), func(tx *database.Tx) (Overview, error) {
		limits, err := settings.Of(tx, v.Practice)
		if err != nil {
			return Overview{}, err
		}
		zone, err := localtime.LoadZone(limits.Zone)
		if err != nil {
			return Overview{}, err
		}
		o, err := period(since, until, localtime.Today(tx.Now(), zone))
		if err != nil {
			return Overview{}, err
		}
		err = o.load(tx, v.Practice, zone)
		return o, err
	})
}

func (o *Overview) load(tx *database.Tx, practice id.Practice, zone *time.Location) error {
	patients, err := people.OfPractice(tx, practice)
	if err != nil {
		return err
	}
	statuses, err := adherence.StatusesOf(tx, patients)
	if err != nil {
		return err
	}
	o.spread(patients, statuses)
	if o.Barriers, err = barriers(tx, practice, o.Until); err != nil {
		return err
	}
	f := facts{tx: tx, practice: practice, since: o.Since, until: o.Until, zone: zone}
	o.Tiles, err = f.tiles()
	return err
}

func period(since, until, today localtime.Date) (Overview, error) {
	if until.IsZero() || until.After(today) {
		until = today
	}
	if since.IsZero() {
		since = until.AddDays(1 - usual).Clamp()
	}
	if until.DaysSince(since) >= longest {
		return Overview{}, fault.Input(fault.Violation{Pointer: "/since", Code: "period-too-long"})
	}
	return Overview{Since: since, Until: until}, nil
}

// bands are the upper bounds of the distribution, in permille; the last one is inclusive.
var bands = []struct {
	name  string
	below int
}{{"0-20", 200}, {"20-40", 400}, {"40-60", 600}, {"60-80", 800}, {"80-100", 1001}}

// spread counts patients by adherence over 28 days. Patients without enough data are unknown, not low.
func (o *Overview) spread(patients []people.Patient, statuses map[id.Patient]adherence.Status) {
	counts := make([]int, len(bands)+1)
	total := 0
	for _, p := range patients {
		s := statuses[p.ID]
		if !s.Asked {
			continue
		}
		total++
		at := len(bands)
		if s.Last28.Sessions != nil {
			at = slices.IndexFunc(bands, func(b struct {
				name  string
				below int
			}) bool {
				return *s.Last28.Sessions < b.below
			})
		}
		counts[at]++
	}
	for i, n := range hide(counts) {
		name := "unknown"
		if i < len(bands) {
			name = bands[i].name
		}
		o.Adherence = append(o.Adherence, Cell{Name: name, Patients: n})
	}
	o.Patients = enough(total)
}

// barriersBack is how many days of barriers are counted.
const barriersBack = 28

func barriers(tx *database.Tx, practice id.Practice, until localtime.Date) ([]Cell, error) {
	counts, err := barrier.CountsOf(tx, practice, until.AddDays(1-barriersBack), until)
	names := barrier.All()
	cells := make([]Cell, len(names))
	for i, name := range names {
		// a patient may name several barriers, so no total reveals a hidden cell
		cells[i] = Cell{Name: string(name), Patients: enough(counts[name])}
	}
	return cells, err
}

// enough returns a number of patients, or nil if it is too small to show.
func enough(n int) *int {
	if n < fewest {
		return nil
	}
	return &n
}

// hide removes cells that are too small. Because the total is shown, a single hidden cell could be derived; then the
// smallest of the others is hidden as well.
func hide(counts []int) []*int {
	cells := make([]*int, len(counts))
	hidden, smallest := 0, -1
	for i, n := range counts {
		if cells[i] = enough(n); cells[i] == nil {
			hidden++
		} else if smallest < 0 || n < counts[smallest] {
			smallest = i
		}
	}
	if hidden == 1 && smallest >= 0 {
		cells[smallest] = nil
	}
	return cells
}
