// Package caseload makes what a therapist reads: a list of patients that shows who needs attention first, and one
// patient in 30 seconds. It writes nothing.
//
// Every state is explained with numbers and dates, against the patient's own baseline. A phone that has not been in
// contact is "unknown", never "at risk". A missing pain score is shown as missing.
package caseload

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/text"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/internal/record/settings"
	"cadans/internal/record/visit"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// State is the state of a patient in the list.
type State string

// The states, from most to least urgent.
const (
	SafetyStop   State = "safety_stop"   // only a recorded decision reopens the program
	Dropped      State = "dropped"       // far below the patient's own median
	PainUp       State = "pain_up"       // pain rose, or a session was stopped because of it
	NeverStarted State = "never_started" // days after the start, nothing logged
	Low          State = "low"           // below half
	Partial      State = "partial"
	NotSyncing   State = "not_syncing" // unknown: the phone has not been in contact
	NotPaired    State = "not_paired"
	NoProgram    State = "no_program"
	Starting     State = "starting" // too little data
	OnTrack      State = "on_track"
	Prevention   State = "prevention"
	Paused       State = "paused"
)

// order ranks the states; the first four need attention.
var order = []State{
	SafetyStop, Dropped, PainUp, NeverStarted, Low, Partial, NotSyncing, NotPaired, NoProgram, Starting, OnTrack,
	Prevention, Paused,
}

func (s State) needsAttention() bool {
	return s == SafetyStop || s == Dropped || s == PainUp || s == NeverStarted
}

// Row is one patient of the list: today's status and its interpretation.
type Row struct {
	adherence.Status
	Patient     people.Patient
	State       State
	Reason      string
	LastContact *time.Time
	Alerts      []alert.Alert  // open and not snoozed, the most urgent first
	NextVisit   localtime.Date // zero when none was agreed
}

// NeedsAttention reports whether a therapist should act: because of the patient's state, or because of an open alert
// that cannot wait until the next visit.
func (r Row) NeedsAttention() bool {
	return r.State.needsAttention() || len(r.Alerts) > 0 && r.Alerts[0].Urgency != alert.NextVisit
}

// Filter narrows the list to some States and names; After continues where a page ended.
type Filter struct {
	States []State
	Name   string // part of it, ignoring case; empty matches everybody
	After  Position
	Limit  int
}

// Position is where a page ended: its last patient, and the number of rows up to there in case that patient leaves the
// list. It holds no name and no state, because it is part of a URL.
type Position struct {
	Patient id.Patient
	Seen    int
}

// Page is a part of the list. Counts are those of the whole list, before filtering.
type Page struct {
	Rows   []Row
	Counts map[State]int
	AsOf   time.Time
	Next   *Position // nil on the last page
}

// Service implements the use cases of this package.
type Service struct {
	guard *access.Guard
}

// NewService returns the service.
func NewService(guard *access.Guard) *Service {
	return &Service{guard: guard}
}

// Caseload returns the patients the viewer may see, those who need attention first, with reasons in the given language.
func (s *Service) Caseload(ctx context.Context, v access.Viewer, f Filter, l people.Language) (Page, error) {
	return access.Read(ctx, s.guard, v.InScope(access.GetCaseload), func(tx *database.Tx) (Page, error) {
		patients, err := people.InScope(tx, v, access.GetCaseload)
		if err != nil {
			return Page{}, err
		}
		rows, err := rowsOf(tx, v.Practice, patients, l)
		p := pageOf(rows, f)
		p.AsOf = tx.Now()
		return p, err
	})
}

func pageOf(rows []Row, f Filter) Page {
	p := Page{Counts: map[State]int{}}
	for _, row := range rows {
		p.Counts[row.State]++
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(
			trueFirst(a.NeedsAttention(), b.NeedsAttention()),
			cmp.Compare(slices.Index(order, a.State), slices.Index(order, b.State)),
			trueFirst(!a.NextVisit.IsZero(), !b.NextVisit.IsZero()), a.NextVisit.DaysSince(b.NextVisit),
			cmp.Compare(a.Patient.Name, b.Patient.Name),
			cmp.Compare(a.Patient.ID, b.Patient.ID),
		)
	})
	if len(f.States) > 0 {
		rows = slices.DeleteFunc(rows, func(r Row) bool { return !slices.Contains(f.States, r.State) })
	}
	if f.Name != "" {
		rows = slices.DeleteFunc(rows, func(r Row) bool {
			return !text.Finds(f.Name, r.Patient.Name+" "+strconv.Itoa(r.Patient.BirthYear))
		})
	}
	// if the last patient has left the list, a row may appear twice, which is better than leaving one out
	start := min(max(f.After.Seen-1, 0), len(rows))
	if at := slices.IndexFunc(rows, func(r Row) bool { return r.Patient.ID == f.After.Patient }); at >= 0 {
		start = at + 1
	}
	end := min(start+f.Limit, len(rows))
	p.Rows = rows[start:end]
	if end < len(rows) {
		p.Next = &Position{Patient: rows[end-1].Patient.ID, Seen: end}
	}
	return p
}

// trueFirst compares booleans; true comes first.
func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// rowsOf reads the data of a practice's patients in a handful of queries, whatever their number and the length of their
// histories.
func rowsOf(tx *database.Tx, practice id.Practice, patients []people.Patient, l people.Language) ([]Row, error) {
	limits, err := settings.Of(tx, practice)
	if err != nil {
		return nil, err
	}
	statuses, err := adherence.StatusesOf(tx, patients)
	if err != nil {
		return nil, err
	}
	contacts, err := people.LastContact(tx, people.IDs(patients))
	if err != nil {
		return nil, err
	}
	open, err := alert.OpenOf(tx, people.IDs(patients))
	if err != nil {
		return nil, err
	}
	visits, err := visit.NextOf(tx, people.IDs(patients), localtime.DateOf(tx.Now()).AddDays(-1))
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(patients))
	for i, p := range patients {
		rows[i] = judge(
			evidence{Status: statuses[p.ID], patient: p, contact: contacts[p.ID], limits: limits, language: l},
		)
		rows[i].Alerts, rows[i].NextVisit = open[p.ID], visits[p.ID]
	}
	return rows, nil
}
