package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"cadans/internal/access"
	"cadans/internal/database"
	"cadans/internal/fault"
	"cadans/internal/id"
)

// How long a browser stays signed in: 15 minutes without a request, 10 hours in all. A screen in a treatment room is left open.
const (
	BrowserIdle    = 15 * time.Minute
	browserLongest = 10 * time.Hour
	browserSeen    = time.Minute // how precisely the last request is known; writing it each time would make reading a write
)

// SignIn starts a session of a member in a browser and returns what its cookie holds: random, and another one at each sign-in, so
// that nobody can plant one beforehand.
func (s *Service) SignIn(ctx context.Context, email, password, address string) (cookie string, err error) {
	err = s.admit(ctx, email, password, address, func(tx *database.Tx, v access.Viewer) error {
		v.Session = id.AuthSession(id.New())
		store := newStore(tx)
		if err := store.insertSession(v); err != nil {
			return err
		}
		cookie = newBrowserToken()
		return store.insertBrowser(cookie, v.Session)
	})
	return cookie, err
}

func newBrowserToken() string {
	var random [32]byte
	rand.Read(random[:]) // never fails: the program would have ended
	return base64.RawURLEncoding.EncodeToString(random[:])
}

// SignedIn returns who holds a cookie, or access.ErrUnauthenticated, and counts as a request. LogOut ends the session.
func (s *Service) SignedIn(ctx context.Context, cookie string) (access.Viewer, error) {
	v, stale, err := s.holder(ctx, cookie)
	if err == nil && stale {
		err = s.db.Write(ctx, func(tx *database.Tx) error { return newStore(tx).browserSeen(cookie) })
	}
	return v, err
}

// StillSignedIn is SignedIn for what a page asks by itself: it keeps nobody signed in.
func (s *Service) StillSignedIn(ctx context.Context, cookie string) (access.Viewer, error) {
	v, _, err := s.holder(ctx, cookie)
	return v, err
}

// holder returns who holds a cookie, and whether the last request is to be noted.
func (s *Service) holder(ctx context.Context, cookie string) (v access.Viewer, stale bool, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		row, err := newStore(tx).browser(cookie)
		if fault.Is(err, fault.NotFound) {
			return access.ErrUnauthenticated
		}
		if err != nil {
			return err
		}
		now := tx.Now()
		if now.Sub(row.SeenAt.Time()) >= BrowserIdle || now.Sub(row.BegunAt.Time()) >= browserLongest {
			return access.ErrUnauthenticated
		}
		stale = now.Sub(row.SeenAt.Time()) >= browserSeen
		session, err := newStore(tx).session(row.SessionID)
		if err == nil && session.RevokedAt != nil {
			err = access.ErrUnauthenticated
		}
		v = session.viewer()
		return err
	})
	if err != nil {
		return access.Viewer{}, false, err
	}
	return v, stale, nil
}

type browserRow struct {
	TokenHash string
	SessionID id.AuthSession
	BegunAt   database.Instant
	SeenAt    database.Instant
}

// TableName tells gorm where.
func (browserRow) TableName() string { return "browser_sessions" }

func (s store) insertBrowser(cookie string, session id.AuthSession) error {
	now := database.At(s.tx.Now())
	return s.tx.Create(&browserRow{TokenHash: tokenHash(cookie), SessionID: session, BegunAt: now, SeenAt: now})
}

func (s store) browser(cookie string) (row browserRow, err error) {
	err = s.tx.First(&row, "SELECT token_hash, session_id, begun_at, seen_at FROM browser_sessions WHERE token_hash = ?", tokenHash(cookie))
	return row, err
}

func (s store) browserSeen(cookie string) error {
	_, err := s.tx.Exec("UPDATE browser_sessions SET seen_at = ? WHERE token_hash = ?", database.At(s.tx.Now()), tokenHash(cookie))
	return database.Wrap("auth: browser seen", err)
}
