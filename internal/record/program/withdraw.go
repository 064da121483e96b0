package program

import (
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Errors of a withdrawal.
var (
	ErrNoVersion = fault.New(fault.NotFound, "not-found", "no such program version")
	ErrStarted   = fault.New(fault.Conflict, "version-started", "the version has started")
	ErrWithdrawn = fault.New(fault.Conflict, "version-withdrawn", "the version was withdrawn")
	ErrPlanned   = fault.New(fault.Conflict, "version-of-a-rule", "a rule planned the version")
)

// Withdrawal is a version that was taken back before it started. It never governs a day.
type Withdrawal struct {
	Version
	At time.Time
	By id.Member
}

// WithdrawIn takes back a version that has not started, in the caller's transaction; the versions before it govern its
// days. Based is the last-read Etag. It returns the version, and false where it was withdrawn already. A version that a
// rule planned ends with what it belongs to, such as a flare. The caller has checked the viewer, and plans anew what
// rules have built on the version.
func (s *Service) WithdrawIn(
	tx *database.Tx, v access.Viewer, p people.Patient, version id.ProgramVersion, based string,
) (Version, bool, error) {
	h, err := HistoryOf(tx, p.ID)
	if err != nil || h.isWithdrawn(version) {
		return Version{}, false, err
	}
	today := p.Today(tx.Now())
	found, err := h.withdrawable(version, based, today)
	if err != nil {
		return Version{}, false, err
	}
	if err := newStore(tx).withdraw(found, v.Member); err != nil {
		return Version{}, false, err
	}
	return found, true, s.observer.ExpectationChanged(tx, p.ID, found.EffectiveFrom, today)
}

func (h History) isWithdrawn(version id.ProgramVersion) bool {
	return slices.ContainsFunc(h.Withdrawn, func(w Withdrawal) bool { return w.ID == version })
}

// withdrawable returns the version, or why it stays.
func (h History) withdrawable(version id.ProgramVersion, based string, today localtime.Date) (Version, error) {
	found, known := h.Version(version)
	switch {
	case !known:
		return Version{}, ErrNoVersion
	case based == "":
		return Version{}, ErrUnconditional
	case based != h.Etag():
		return Version{}, ErrStale
	case found.Origin.IsReplaceable():
		return Version{}, ErrPlanned
	case !found.IsAhead(today):
		return Version{}, ErrStarted
	default:
		return found, nil
	}
}

// HadItem reports whether any version had the item, also one that was withdrawn.
func (h History) HadItem(item id.ProgramItem) bool {
	had := func(v Version) bool { _, found := v.Item(item); return found }
	return slices.ContainsFunc(h.Versions, had) ||
		slices.ContainsFunc(h.Withdrawn, func(w Withdrawal) bool { return had(w.Version) })
}

// IsAhead reports whether the version has not started.
func (v Version) IsAhead(today localtime.Date) bool { return v.EffectiveFrom.After(today) }

// MayWithdraw reports whether Withdraw takes the version back.
func (v Version) MayWithdraw(today localtime.Date) bool {
	return v.IsAhead(today) && !v.Origin.IsReplaceable()
}

func (s store) withdraw(v Version, by id.Member) error {
	_, err := s.tx.Exec(
		"INSERT INTO program_withdrawals (patient_id, version_id, withdrawn_at, withdrawn_by) VALUES (?, ?, ?, ?)",
		v.Patient, v.ID, database.At(s.tx.Now()), by,
	)
	return database.Wrap("program: withdraw", err)
}
