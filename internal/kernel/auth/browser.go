package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/text"
)

// How long a browser stays signed in: until 15 minutes without a request, and at most 10 hours. Screens in treatment
// rooms are left unattended.
const (
	BrowserIdle    = 15 * time.Minute
	browserLongest = 10 * time.Hour
	// browserSeen is how precisely the last request is known; writing it each time would make reading a write.
	browserSeen = time.Minute
)

// Step is what remains to be done in a browser before the member is signed in.
type Step string

// The steps.
const (
	Done      Step = "done"
	NeedsCode Step = "code"  // of the authenticator app
	NeedsApp  Step = "enrol" // an authenticator app has to be set up first
)

// provingFor is how long the member has to give the second factor after the password.
const provingFor = 10 * time.Minute

// SignIn starts a session of a member in a browser and returns the value of its cookie. The value is random and new
// at each sign-in, so that nobody can plant one beforehand. While a second factor is still needed, the cookie gives
// access to nothing; see Prove.
func (s *Service) SignIn(ctx context.Context, l Login) (cookie string, next Step, err error) {
	err = s.admit(ctx, l, func(tx *database.Tx, v access.Viewer) error {
		f, err := newStore(tx).factor(v.Member)
		if err != nil {
			return err
		}
		switch {
		case f.isConfirmed():
			next = NeedsCode
		case s.required:
			next = NeedsApp
		default:
			next = Done
		}
		v.Session = id.AuthSession(id.New())
		store := newStore(tx)
		if err := store.insertSession(v); err != nil {
			return err
		}
		cookie = newBrowserToken()
		return store.insertBrowser(cookie, v.Session, next == Done)
	})
	return cookie, next, err
}

// Proving is a sign-in that waits for its second factor. URI is what an authenticator app scans when one is being set
// up.
type Proving struct {
	Step Step
	URI  string
}

// Proving returns what is still to be done in a browser, or access.ErrUnauthenticated. It creates the secret when an
// app is to be set up.
func (s *Service) Proving(ctx context.Context, cookie string) (p Proving, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		member, f, err := s.unproven(tx, cookie)
		if err != nil {
			return err
		}
		if p.Step = NeedsCode; f.isConfirmed() {
			return nil
		}
		p.Step = NeedsApp
		if f == nil {
			if f, err = s.beginFactor(tx, member); err != nil {
				return err
			}
		}
		email, err := s.directory.EmailOf(tx, member)
		if err != nil {
			return err
		}
		p.URI, err = s.uri(f, email)
		return err
	})
	return p, err
}

// unproven returns the holder of a cookie that waits for its second factor.
func (s *Service) unproven(tx *database.Tx, cookie string) (id.Member, *factorRow, error) {
	store := newStore(tx)
	row, err := store.browser(cookie)
	if fault.Is(err, fault.NotFound) {
		return "", nil, access.ErrUnauthenticated
	}
	if err != nil {
		return "", nil, err
	}
	session, err := store.session(row.SessionID)
	if err != nil {
		return "", nil, err
	}
	if row.Proven || session.RevokedAt != nil || tx.Now().Sub(row.BegunAt.Time()) >= provingFor {
		return "", nil, access.ErrUnauthenticated
	}
	member := session.viewer().Member
	f, err := store.factor(member)
	return member, f, err
}

// Prove completes a sign-in with a code of the app or a recovery code, and returns the new cookie. A member who has
// just set up the app also gets recovery codes, this once.
func (s *Service) Prove(ctx context.Context, cookie, code string) (proven string, recovery []string, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		_, f, err := s.unproven(tx, cookie)
		if err != nil {
			return err
		}
		if f == nil {
			return access.ErrUnauthenticated
		}
		right, err := s.tryCode(tx, f, code)
		if err != nil || !right {
			return err
		}
		if !f.isConfirmed() {
			if recovery, err = s.confirmFactor(tx, f); err != nil {
				return err
			}
		}
		proven = newBrowserToken()
		return newStore(tx).proveBrowser(cookie, proven)
	})
	if err == nil && proven == "" {
		err = ErrWrongCode // the try was counted
	}
	return proven, recovery, err
}

// ForgetFactor removes a member's second factor, for a member who has lost phone and recovery codes. Only the command
// line uses it: the operator must verify who asks.
func (s *Service) ForgetFactor(ctx context.Context, email string) error {
	return s.db.Write(ctx, func(tx *database.Tx) error {
		c, err := s.directory.Credentials(tx, text.Email(email))
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM recovery_codes WHERE member_id = ?", c.Member); err != nil {
			return database.Wrap("auth: forget recovery codes", err)
		}
		_, err = tx.Exec("DELETE FROM second_factors WHERE member_id = ?", c.Member)
		return database.Wrap("auth: forget second factor", err)
	})
}

func newBrowserToken() string {
	var random [32]byte
	rand.Read(random[:]) // never fails: the program would have ended
	return base64.RawURLEncoding.EncodeToString(random[:])
}

// SignedIn returns the holder of a cookie, or access.ErrUnauthenticated, and extends the session. LogOut ends the
// session.
func (s *Service) SignedIn(ctx context.Context, cookie string) (access.Viewer, error) {
	v, stale, err := s.holder(ctx, cookie)
	if err == nil && stale {
		err = s.db.Write(ctx, func(tx *database.Tx) error { return newStore(tx).browserSeen(cookie) })
	}
	return v, err
}

// StillSignedIn is SignedIn for requests that a page makes by itself: it does not extend the session.
func (s *Service) StillSignedIn(ctx context.Context, cookie string) (access.Viewer, error) {
	v, _, err := s.holder(ctx, cookie)
	return v, err
}

// holder returns the holder of a cookie, and whether the time of the last request must be updated.
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
		if !row.Proven || now.Sub(row.SeenAt.Time()) >= BrowserIdle || now.Sub(row.BegunAt.Time()) >= browserLongest {
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
	Proven    bool
}

// TableName tells gorm where.
func (browserRow) TableName() string { return "browser_sessions" }

func (s store) insertBrowser(cookie string, session id.AuthSession, proven bool) error {
	now := database.At(s.tx.Now())
	return s.tx.Create(
		&browserRow{TokenHash: tokenHash(cookie), SessionID: session, BegunAt: now, SeenAt: now, Proven: proven},
	)
}

func (s store) browser(cookie string) (row browserRow, err error) {
	err = s.tx.First(
		&row, "SELECT token_hash, session_id, begun_at, seen_at, proven FROM browser_sessions WHERE token_hash = ?",
		tokenHash(cookie),
	)
	return row, err
}

func (s store) browserSeen(cookie string) error {
	_, err := s.tx.Exec(
		"UPDATE browser_sessions SET seen_at = ? WHERE token_hash = ?", database.At(s.tx.Now()), tokenHash(cookie),
	)
	return database.Wrap("auth: browser seen", err)
}

// proveBrowser replaces the cookie of a browser after the second factor. The old cookie becomes invalid.
func (s store) proveBrowser(cookie, proven string) error {
	now := database.At(s.tx.Now())
	_, err := s.tx.Exec(
		"UPDATE browser_sessions SET token_hash = ?, proven = ?, begun_at = ?, seen_at = ? WHERE token_hash = ?",
		tokenHash(proven), true, now, now, tokenHash(cookie),
	)
	return database.Wrap("auth: prove browser", err)
}
