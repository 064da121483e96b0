package auth

import (
	"encoding/hex"
	"time"

	"cadans/internal/database"
	"cadans/internal/fault"
)

// Wrong tries are counted in the database, so that replicas share the limit.
var (
	accountLimit = limit{name: "account", tries: 5, window: 15 * time.Minute, lock: time.Minute}
	addressLimit = limit{name: "address", tries: 30, window: time.Hour, lock: 10 * time.Minute}
)

// maxLock: a lock-out is never permanent, or anybody could keep a therapist out.
const maxLock = time.Hour

var (
	errTooMany = fault.New(fault.TooMany, "too-many-attempts", "too many wrong tries")
	errBusy    = fault.New(fault.TooMany, "busy", "too many log-ins at once").After(5 * time.Second)
)

// limit allows some wrong tries in a window; each one beyond doubles a lock.
type limit struct {
	name   string
	tries  int
	window time.Duration
	lock   time.Duration
}

type attemptsRow struct {
	Key         string
	WindowUntil database.Instant
	Count       int
}

// key keeps no address and no e-mail in the table.
func (l limit) key(who string) string {
	return l.name + ":" + hex.EncodeToString(sum([]byte(who))[:16])
}

// check returns a TooMany fault while who is locked out.
func (l limit) check(tx *database.Tx, who string) error {
	row, err := l.load(tx, who)
	if err != nil || row.Count < l.tries {
		return err
	}
	if wait := row.WindowUntil.Time().Sub(tx.Now()); wait > 0 {
		return errTooMany.After(wait)
	}
	return nil
}

// fail counts a wrong try.
func (l limit) fail(tx *database.Tx, who string) error {
	row, err := l.load(tx, who)
	if err != nil {
		return err
	}
	if row.WindowUntil.Time().Before(tx.Now()) && row.Count < l.tries {
		row.Count = 0
	}
	row.Count++
	until := tx.Now().Add(l.window)
	if over := row.Count - l.tries; over >= 0 {
		until = tx.Now().Add(min(l.lock<<min(over, 10), maxLock))
	}
	_, err = tx.Exec(`INSERT INTO attempts (key, window_until, count) VALUES (?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET window_until = excluded.window_until, count = excluded.count`,
		l.key(who), database.At(until), row.Count)
	return err
}

// forget clears the count after a success.
func (l limit) forget(tx *database.Tx, who string) error {
	_, err := tx.Exec("DELETE FROM attempts WHERE key = ?", l.key(who))
	return err
}

func (l limit) load(tx *database.Tx, who string) (attemptsRow, error) {
	var row attemptsRow
	err := tx.First(&row, "SELECT key, window_until, count FROM attempts WHERE key = ?", l.key(who))
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return row, database.Wrap("auth: attempts", err)
}
