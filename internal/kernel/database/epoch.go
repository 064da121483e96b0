package database

import (
	"context"
	"crypto/rand"
	"time"

	"cadans/internal/kernel/fault"
)

// Epoch is a period in which no acknowledged change is known to be lost. A new one begins when that is no longer
// certain: an older backup was accepted, another server took over, or a refresh token proves that commits are
// missing. Phones compare its id with the one they have stored, and resend what may be missing.
type Epoch struct {
	ID      string
	BegunAt time.Time
	Reason  Reason
	// Missing is how many commits may be missing since the moment Since; nil when unknown.
	Missing *int64
	Since   *time.Time

	number int
	place  position
}

// Reason says why an epoch began.
type Reason string

// The reasons.
const (
	First      Reason = "first"       // nothing came before it
	Accepted   Reason = "accepted"    // an operator took an older SQLite file as it is
	Replaced   Reason = "replaced"    // another PostgreSQL server took over, or the server was restored to a moment
	RolledBack Reason = "rolled_back" // this process had seen more than the server has
	Proven     Reason = "proven"      // somebody showed what only a commit that is gone can have given them
)

// MayMiss reports whether acknowledged changes may be missing.
func (e Epoch) MayMiss() bool { return e.Reason != First && (e.Missing == nil || *e.Missing > 0) }

// With returns the epoch with the loss of an earlier one added. If the number or the moment of either is unknown,
// that of the sum is unknown.
func (e Epoch) With(earlier Epoch) Epoch {
	e.Missing = loss{missing: e.Missing}.plus(loss{missing: earlier.Missing}).missing
	if e.Since != nil && (earlier.Since == nil || earlier.Since.Before(*e.Since)) {
		e.Since = earlier.Since
	}
	return e
}

// isAfter reports whether another process began the epoch after this one had seen known. Numbers alone do not show
// it: the history that contained them may be gone.
func (e Epoch) isAfter(known Epoch) bool { return e.ID != known.ID && e.number >= known.number }

type epochRow struct {
	Number   int
	ID       string
	BegunAt  Instant
	Reason   Reason
	Missing  *int64
	Since    *Instant
	System   string
	Timeline string
	Position int64
}

// TableName tells gorm where.
func (epochRow) TableName() string { return "epochs" }

func (r epochRow) toEpoch() Epoch {
	return Epoch{
		ID: r.ID, BegunAt: r.BegunAt.Time(), Reason: r.Reason, Missing: r.Missing, Since: r.Since.TimePtr(),
		number: r.Number, place: position{system: r.System, timeline: r.Timeline, flushed: r.Position},
	}
}

// loss is how many commits may be missing, and since when.
type loss struct {
	missing *int64
	since   *time.Time
}

// isNothing reports whether it is known that nothing is missing.
func (l loss) isNothing() bool { return l.missing != nil && *l.missing == 0 }

// plus adds the loss of another process. If the number or the moment of either is unknown, that of the sum is
// unknown.
func (l loss) plus(other loss) loss {
	switch {
	case l.isNothing():
		return other
	case l.missing == nil || other.missing == nil:
		return loss{}
	}
	total := *l.missing + *other.missing
	if l.since != nil && (other.since == nil || other.since.Before(*l.since)) {
		l.since = other.since
	}
	return loss{missing: &total, since: l.since}
}

// Epoch returns the current epoch. A renewal by another replica is known within a second of the first request.
func (db *DB) Epoch() Epoch {
	if db.postgres != nil {
		db.postgres.watch.wakeUp()
	}
	return *db.epoch.Load()
}

// Epoch returns the id of the epoch that the transaction sees.
func (tx *Tx) Epoch() (string, error) {
	e, err := tx.latestEpoch()
	return e.ID, err
}

func (tx *Tx) latestEpoch() (Epoch, error) {
	var row epochRow
	err := tx.First(&row, `SELECT number, id, begun_at, reason, missing, since, system, timeline, position
		FROM epochs ORDER BY number DESC LIMIT 1`)
	return row.toEpoch(), err
}

// EpochsSince returns the epochs that began after a moment, in order.
func (tx *Tx) EpochsSince(since time.Time) (epochs []Epoch, err error) {
	var rows []epochRow
	err = tx.All(&rows, `SELECT number, id, begun_at, reason, missing, since, system, timeline, position
		FROM epochs WHERE begun_at > ? ORDER BY number`, At(since))
	for _, row := range rows {
		epochs = append(epochs, row.toEpoch())
	}
	return epochs, Wrap("database: epochs", err)
}

// beginEpoch begins an epoch after the latest one, which is the zero Epoch if there is none.
func (tx *Tx) beginEpoch(latest Epoch, why Reason, l loss, at position) (Epoch, error) {
	row := epochRow{
		Number: latest.number + 1, ID: rand.Text(), BegunAt: At(tx.now), Reason: why, Missing: l.missing,
		Since: AtPtr(l.since), System: at.system, Timeline: at.timeline, Position: at.flushed,
	}
	return row.toEpoch(), Wrap("database: begin an epoch", tx.Create(&row))
}

// lockEpochs makes processes that check for a new epoch wait for each other. SQLite needs no lock, as it has one
// writer.
func (tx *Tx) lockEpochs() error {
	if !tx.postgres {
		return nil
	}
	_, err := tx.Exec("LOCK TABLE epochs IN SHARE ROW EXCLUSIVE MODE")
	return err
}

// Renew begins an epoch when a refresh token proves that a commit of the epoch with this id is gone. It does nothing
// if another process has done so meanwhile.
func (db *DB) Renew(ctx context.Context, id string) error {
	var renewed Epoch
	err := db.write(ctx, func(tx *Tx) (err error) {
		if err := tx.lockEpochs(); err != nil {
			return err
		}
		if renewed, err = tx.latestEpoch(); err != nil || renewed.ID != id {
			return err
		}
		renewed, err = tx.beginEpoch(renewed, Proven, loss{}, renewed.place)
		return err
	})
	if err == nil {
		db.enter(renewed)
	}
	return err
}

// enter makes an epoch the current one of this process, and reports it when it is a different one.
func (db *DB) enter(e Epoch) {
	before := db.epoch.Swap(&e)
	isNew := before != nil && before.ID != e.ID
	if isNew && db.renewed != nil {
		db.renewed(e)
	}
}

// openEpoch reads the epoch of a SQLite file, and begins a new one when the history may have been rolled back.
func (db *DB) openEpoch(ctx context.Context, rolledBack *loss) error {
	var before, now Epoch
	err := db.write(ctx, func(tx *Tx) (err error) {
		before, err = tx.latestEpoch()
		now = before
		switch {
		case fault.Is(err, fault.NotFound):
			now, err = tx.beginEpoch(Epoch{}, First, loss{}, position{})
		case err == nil && rolledBack != nil:
			now, err = tx.beginEpoch(before, Accepted, *rolledBack, position{})
		}
		return err
	})
	if err != nil {
		return err
	}
	if before.ID != "" {
		db.enter(before)
	}
	db.enter(now)
	return nil
}
