package safety

import (
	"slices"
	"strings"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Errors of this package.
var (
	ErrNoReport = fault.New(fault.NotFound, "not-found", "no such safety report")
	// ErrStopped means that the program is blocked until a report is cleared.
	ErrStopped = fault.New(fault.Conflict, "safety-stop", "a safety stop is open")
	// ErrUndecided means that a therapist must decide about a report before the patient gets a program.
	ErrUndecided = fault.New(fault.Conflict, "needs-clinical-review", "a safety review is undecided")
)

// Source says which answers were screened.
type Source string

// The sources.
const (
	FromIntake  Source = "intake"
	FromSession Source = "session"
	FromCheckIn Source = "check_in"
)

// Outcome is what a therapist decides about a report.
type Outcome string

// The outcomes. A stop continues after Refer; somebody else has to see the patient first.
const (
	Cleared  Outcome = "cleared"
	Referred Outcome = "refer"
)

// Decision is one recorded decision; the last decision about a report is in force.
type Decision struct {
	ID        id.SafetyDecision
	Outcome   Outcome
	Note      string
	DecidedBy id.Member
	DecidedAt time.Time
}

// Report is what the gate found and what was decided about it.
type Report struct {
	ID       id.SafetyReport
	Patient  id.Patient
	Source   Source
	SourceID string
	Verdict
	RuleVersion int
	Signs       []Sign // that were new; empty for an intake, which has its own
	RaisedAt    time.Time
	Decisions   []Decision
}

// Status is the status of a report: awaiting, referred or cleared.
func (r Report) Status() string {
	if len(r.Decisions) == 0 {
		return "awaiting"
	}
	if r.Decisions[len(r.Decisions)-1].Outcome == Referred {
		return "referred"
	}
	return "cleared"
}

// Awaits reports whether nobody has decided about the report yet.
func (r Report) Awaits() bool { return len(r.Decisions) == 0 }

// Blocks reports whether this report blocks the program.
func (r Report) Blocks() bool { return r.Level.Stops() && r.Status() != "cleared" }

// AlertKind is the kind of this package's alerts. A decision ends them.
const AlertKind alert.Kind = "safety"

// Gate raises reports. Its guard stops and reopens the program in the same transaction.
type Gate struct {
	guard Guard
	told  Told
}

// Told returns what a patient answered in the latest intake as far as it may combine with a later sign, and its day;
// nothing without one.
type Told func(tx *database.Tx, patient id.Patient) (Answers, localtime.Date, error)

// Guard stops and reopens a patient's program.
type Guard interface {
	Stop(tx *database.Tx, patient id.Patient, on localtime.Date) error
	Reopen(tx *database.Tx, patient id.Patient, on localtime.Date) error
}

// NewGate returns a gate.
func NewGate(guard Guard, told Told) *Gate { return &Gate{guard, told} }

// Admit screens answers. Any result but OK is stored and raises an alert; a stop also blocks the program.
func (g *Gate) Admit(
	tx *database.Tx, patient people.Patient, source Source, sourceID string, a Answers,
) (Verdict, error) {
	return g.report(tx, patient, Report{Source: source, SourceID: sourceID, Verdict: Screen(a)})
}

// AdmitNew is Admit for signs that are new, beside what is known: the patient's age, what was recent at the latest
// intake, what the same source told before, and what any source told in the last 7 days.
func (g *Gate) AdmitNew(
	tx *database.Tx, patient people.Patient, source Source, sourceID string, signs, before []Sign,
) (Verdict, error) {
	if len(signs) == 0 {
		return Verdict{Level: OK}, nil
	}
	known, told, err := g.known(tx, patient)
	if err != nil {
		return Verdict{}, err
	}
	return g.report(tx, patient, Report{
		Source: source, SourceID: sourceID, Verdict: ScreenNew(signs, known, told.with(before)), Signs: signs,
	})
}

// AdmitOnce is AdmitNew for a source that may tell the same again: only the signs that no report of it has are new. It
// returns all that was found in what the source told.
func (g *Gate) AdmitOnce(
	tx *database.Tx, patient people.Patient, source Source, sourceID string, signs []Sign,
) (Verdict, error) {
	reports, err := newStore(tx).reports(patient.ID)
	if err != nil {
		return Verdict{}, err
	}
	var before []Sign
	for _, r := range reports {
		if r.Source == source && r.SourceID == sourceID {
			before = append(before, r.Signs...)
		}
	}
	added := slices.DeleteFunc(slices.Clone(signs), func(s Sign) bool { return slices.Contains(before, s) })
	if _, err := g.AdmitNew(tx, patient, source, sourceID, added, before); err != nil {
		return Verdict{}, err
	}
	return g.ToldBy(tx, patient.ID, source, sourceID)
}

// known returns what is known of a patient, and that with what was told in the last days.
func (g *Gate) known(tx *database.Tx, patient people.Patient) (known, told Answers, err error) {
	today := patient.Today(tx.Now())
	year, _, _ := today.Date()
	known = Answers{AgeMin: year - patient.BirthYear - 1, AgeMax: year - patient.BirthYear}
	answers, on, err := g.told(tx, patient.ID)
	if err != nil {
		return known, told, err
	}
	if today.DaysSince(on) <= recentDays {
		known.Yes = slices.DeleteFunc(slices.Clone(answers.Yes), func(s Sign) bool {
			return !slices.Contains(recent, s)
		})
	}
	told = known
	if today.DaysSince(on) <= toldDays {
		told = answers.with(known.Yes)
		told.AgeMin, told.AgeMax = known.AgeMin, known.AgeMax
	}
	lately, err := toldLately(tx, patient, today)
	return known, told.with(lately), err
}

// toldLately returns the signs that were new in the last days, whatever was decided about them.
func toldLately(tx *database.Tx, patient people.Patient, today localtime.Date) (signs []Sign, err error) {
	reports, err := newStore(tx).reports(patient.ID)
	for _, r := range reports {
		if today.DaysSince(patient.Today(r.RaisedAt)) <= toldDays {
			signs = append(signs, r.Signs...)
		}
	}
	return signs, err
}

// ToldBy returns all that was found in what a source told, so that a retry and a later look answer alike.
func (g *Gate) ToldBy(tx *database.Tx, patient id.Patient, source Source, sourceID string) (Verdict, error) {
	reports, err := newStore(tx).reports(patient)
	all := Verdict{Level: OK}
	for _, r := range reports {
		if r.Source == source && r.SourceID == sourceID {
			all = all.and(r.Verdict)
		}
	}
	return all, err
}

// and is what both found, the most serious first.
func (v Verdict) and(other Verdict) Verdict {
	if other.Level.rank() > v.Level.rank() {
		v, other = other, v
	}
	v.Findings = slices.Concat(v.Findings, other.Findings)
	v.Urgency = alert.Soonest(v.Urgency, other.Urgency)
	return v
}

func (g *Gate) report(tx *database.Tx, patient people.Patient, report Report) (Verdict, error) {
	v := report.Verdict
	if v.Level == OK {
		return v, nil
	}
	report.ID, report.Patient = id.SafetyReport(id.New()), patient.ID
	report.RuleVersion, report.RaisedAt = RuleVersion, tx.Now()
	if err := newStore(tx).insertReport(report); err != nil {
		return v, err
	}
	if err := alert.Raise(tx, patient.ID, report.alert()); err != nil {
		return v, err
	}
	if !v.Level.Stops() {
		return v, nil
	}
	return v, g.guard.Stop(tx, patient.ID, patient.Today(tx.Now()))
}

// alerts holds the keys of what a therapist reads at each level.
var alerts = map[Level]string{
	Emergency: "safety.alert.emergency", Refer: "safety.alert.refer", Review: "safety.alert.review",
}

func (r Report) alert() alert.Raised {
	found := make([]words.Pair, len(r.Findings))
	for i, f := range r.Findings {
		found[i] = f.Pair
	}
	list := words.Join(found, "; ")
	return alert.Raised{
		Kind: AlertKind, Subject: string(r.ID), Urgency: r.Urgency, RuleVersion: RuleVersion,
		Pair: words.KeepAs(func(l words.Language) string { return l.Say(alerts[r.Level], "findings", list.In(l)) }),
	}
}

// BlockOf returns the most serious report that blocks the patient's program; ok is false if there is none.
func BlockOf(tx *database.Tx, patient id.Patient) (Report, bool, error) {
	reports, err := newStore(tx).reports(patient)
	var block Report
	var ok bool
	for _, r := range reports {
		if r.Blocks() && r.Level.rank() > block.Level.rank() {
			block, ok = r, true
		}
	}
	return block, ok, err
}

// MayPublish returns ErrStopped during a stop, and ErrUndecided while a review awaits a decision.
func MayPublish(tx *database.Tx, patient id.Patient) error {
	reports, err := newStore(tx).reports(patient)
	if err != nil {
		return err
	}
	undecided := false
	for _, r := range reports {
		if r.Blocks() {
			return ErrStopped
		}
		undecided = undecided || r.Status() != "cleared"
	}
	if undecided {
		return ErrUndecided
	}
	return nil
}

// check refuses a decision without a reason.
func (d Decision) check() error {
	if strings.TrimSpace(d.Note) == "" {
		return fault.Input(fault.Violation{Pointer: "/note", Code: "required"})
	}
	return nil
}
