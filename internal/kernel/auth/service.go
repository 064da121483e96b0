// Package auth identifies callers: it pairs phones, logs members in, rotates refresh tokens and checks access tokens.
//
// A session is a family of refresh tokens. It begins with a pairing or a log-in and ends with a log-out, an expiry or
// the reuse of a token:
//
//	paired or logged in ──> alive ──refresh──> alive (next token)
//	                          │
//	                          ├── same token again within 5 minutes, successor unused: the same successor again
//	                          ├── same token again otherwise: reuse, the session ends
//	                          ├── a token that only a lost commit can have issued: alive, once; see ahead.go
//	                          └── log-out, revocation, 60 days idle, 365 days in all: ends
//
// Only hashes of codes and refresh tokens are stored. Package access decides what a caller may do.
package auth

import (
	"context"
	"errors"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/text"
)

// Lifetimes.
const (
	InviteDays     = 3
	InviteTTL      = InviteDays * 24 * time.Hour
	GraceWindow    = 5 * time.Minute
	idlePatient    = 60 * 24 * time.Hour
	longestPatient = 365 * 24 * time.Hour
	longestMember  = 12 * time.Hour
	maxWrongYears  = 5
)

// Errors of this package.
var (
	ErrWrongLogin     = fault.New(fault.Unauthenticated, "wrong-login", "wrong e-mail or password")
	ErrRefreshInvalid = fault.New(fault.Unauthenticated, "refresh-invalid", "unknown, expired or revoked refresh token")
	ErrRefreshReused  = fault.New(
		fault.Unauthenticated, "refresh-reused", "refresh token used twice; the session has ended",
	)
	ErrPairing     = fault.New(fault.NotFound, "pairing-not-found", "wrong, used, expired or revoked invite")
	ErrPairingGone = fault.New(fault.Conflict, "pairing-not-open", "the invite was used, revoked or has expired")
)

// Directory answers what auth needs to know about people.
type Directory interface {
	// Credentials returns how a member logs in, or a NotFound fault.
	Credentials(tx *database.Tx, email string) (Credentials, error)
	// EmailOf returns a member's e-mail address, which names the account in an authenticator app.
	EmailOf(tx *database.Tx, member id.Member) (string, error)
	// PatientIdentity returns what a patient must know besides the code, or a NotFound fault.
	PatientIdentity(tx *database.Tx, patient id.Patient) (practice id.Practice, birthYear int, err error)
	// AddDevice records a paired phone.
	AddDevice(tx *database.Tx, patient id.Patient, device NewDevice) (id.Device, error)
	// DeviceSeen records that the phone was in contact; DeviceGone that it logged out.
	DeviceSeen(tx *database.Tx, device id.Device) error
	DeviceGone(tx *database.Tx, device id.Device) error
}

// Credentials identify a member who logs in.
type Credentials struct {
	Member       id.Member
	Practice     id.Practice
	Role         access.Role
	PasswordHash string
}

// NewDevice describes a phone that is being paired. ID is the id that the app gave this phone, or empty.
type NewDevice struct{ ID, Name, Platform string }

// Tokens are what a caller holds. An access token cannot be revoked before it expires, so it is short-lived; its
// session can be revoked.
type Tokens struct {
	Access    string
	ExpiresIn time.Duration
	Refresh   string
	Patient   id.Patient
	Device    id.Device
}

// Config configures the service. Issuer is the public URL, which is part of tokens and QR codes.
type Config struct {
	Issuer    string
	Seed      Seed
	Previous  []Seed
	AccessTTL time.Duration // 10 minutes unless the demo's clock runs faster
	// SecondFactor requires a second factor of every member. A member who has one always needs it.
	SecondFactor bool
}

// Service is the use cases of this package.
type Service struct {
	db        *database.DB // for whoever is about to sign in
	directory Directory
	guard     *access.Guard
	passwords *Passwords
	keys      *keys
	signer    *signer
	issuer    string
	required  bool // a second factor
	sessions  *sessionCache
}

// NewService returns the service; it refuses keys that are too short.
func NewService(
	c Config, db *database.DB, clk clock.Clock, d Directory, g *access.Guard, pw *Passwords,
) (*Service, error) {
	k, err := newKeys(c.Seed, c.Previous...)
	if err != nil {
		return nil, err
	}
	liveness := livenessShared
	if db.IsExclusive() {
		liveness = livenessExclusive
	}
	return &Service{
		db: db, directory: d, guard: g, passwords: pw, keys: k, issuer: c.Issuer, required: c.SecondFactor,
		signer: newSigner(k, c.Issuer, c.AccessTTL, clk), sessions: newSessionCache(clk, liveness),
	}, nil
}

// Login is what a member presents to log in. Its address and browser decide which limits a wrong try counts for.
type Login struct {
	Email, Password string
	Address         string // where the request came from
	Browser         string // what the browser is known by; empty where there is none
}

// LogIn starts a session of a member. Code comes from the authenticator app; a member who has a second factor and
// gives no code gets ErrSecondFactor.
func (s *Service) LogIn(ctx context.Context, l Login, code string) (tokens Tokens, err error) {
	right := false
	err = s.admit(ctx, l, func(tx *database.Tx, v access.Viewer) error {
		if right, err = s.accept(tx, v.Member, code); err != nil || !right {
			return err
		}
		v.Session = id.AuthSession(id.New())
		tokens, err = s.begin(tx, v)
		return err
	})
	if err == nil && !right {
		err = ErrWrongCode // the try was counted
	}
	return tokens, err
}

// admit runs begin for a member who knows the password. It counts the try first, and gives it back when the password
// was right.
func (s *Service) admit(ctx context.Context, l Login, begin func(*database.Tx, access.Viewer) error) error {
	var c Credentials
	var budgets []budget
	err := s.db.Write(ctx, func(tx *database.Tx) (err error) {
		c, budgets, err = s.beginTry(tx, l)
		return err
	})
	if err != nil {
		return err
	}
	matches, err := s.passwords.matches(ctx, l.Password, c.PasswordHash)
	if err != nil {
		return errors.Join(err, s.settleTry(ctx, l, budgets, false))
	}
	if !matches || c.Member == "" {
		return ErrWrongLogin
	}
	if err := s.settleTry(ctx, l, budgets, true); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		return begin(tx, access.Viewer{Role: c.Role, Practice: c.Practice, Member: c.Member})
	})
}

// afterwards is the extra time for giving a try back after the caller has stopped waiting.
const afterwards = time.Second

// settleTry gives a try back in a transaction of its own, because what follows may be refused, for example without a
// code. It does so even when the caller has stopped waiting.
func (s *Service) settleTry(ctx context.Context, l Login, budgets []budget, right bool) error {
	late := context.WithoutCancel(ctx)
	if deadline, is := ctx.Deadline(); is {
		bounded, cancel := context.WithDeadline(late, deadline.Add(afterwards))
		defer cancel()
		late = bounded
	}
	return s.db.Write(late, func(tx *database.Tx) error {
		if err := settle(tx, budgets, right); err != nil || !right {
			return err
		}
		return l.remember(tx)
	})
}

// beginTry counts a try and returns the credentials to compare the password with.
func (s *Service) beginTry(tx *database.Tx, l Login) (Credentials, []budget, error) {
	isKnown, err := l.isKnown(tx)
	if err != nil {
		return Credentials{}, nil, err
	}
	budgets := l.budgets(isKnown)
	if err := takeAll(tx, budgets); err != nil {
		return Credentials{}, nil, err
	}
	c, err := s.directory.Credentials(tx, text.Email(l.Email))
	return c, budgets, ignoreNotFound(err)
}

// begin stores a new session with its first refresh token.
func (s *Service) begin(tx *database.Tx, v access.Viewer) (Tokens, error) {
	store := newStore(tx)
	if err := store.insertSession(v); err != nil {
		return Tokens{}, err
	}
	first, err := s.issue(store, proof{session: v.Session, number: 1}, expiry(v.Role, tx.Now(), tx.Now()))
	if err != nil {
		return Tokens{}, err
	}
	return s.tokens(tx, v, first)
}

func (s *Service) tokens(tx *database.Tx, v access.Viewer, refresh string) (Tokens, error) {
	signed, err := s.signer.sign(v, tx.Now())
	if err != nil {
		return Tokens{}, database.Wrap("auth: sign", err)
	}
	return Tokens{Access: signed, ExpiresIn: s.signer.ttl, Refresh: refresh, Patient: v.Patient, Device: v.Device}, nil
}

// expiry returns when a refresh token issued now expires: after the idle time, or at the end of the session.
func expiry(role access.Role, begun, now time.Time) time.Time {
	if role != access.Patient {
		return begun.Add(longestMember)
	}
	idle, longest := now.Add(idlePatient), begun.Add(longestPatient)
	if idle.Before(longest) {
		return idle
	}
	return longest
}

// LogOut ends the viewer's session and removes the push registration of its phone.
func (s *Service) LogOut(ctx context.Context, v access.Viewer) error {
	err := s.db.Write(ctx, func(tx *database.Tx) error {
		if v.Device != "" {
			if err := s.directory.DeviceGone(tx, v.Device); err != nil {
				return err
			}
		}
		return newStore(tx).revokeSession(v.Session, "logged out")
	})
	s.sessions.forget(v.Session) // after the commit: whoever asks from now on hears that it ended
	return err
}

// Authenticate returns the holder of an access token, or access.ErrUnauthenticated. Verified tokens are cached,
// because checking a signature costs more than the rest of a read. Whether the session is still alive is checked
// again; see livenessShared.
func (s *Service) Authenticate(ctx context.Context, token string) (access.Viewer, error) {
	generation := s.sessions.generation()
	entry, known := s.sessions.get(token)
	if !known {
		c, err := s.signer.verify(token)
		if err != nil {
			return access.Viewer{}, err
		}
		entry = &session{viewer: c.viewer(), expires: c.expires().Add(leeway)}
	}
	if s.sessions.isFresh(entry) {
		return entry.viewer, nil
	}
	if err := s.confirm(ctx, entry); err != nil {
		return access.Viewer{}, err
	}
	s.sessions.put(token, entry, generation)
	return entry.viewer, nil
}

// contactInterval is the precision of a phone's last contact. Writing it at each request would double the writes.
const contactInterval = 5 * time.Minute

// confirm checks that the session is alive and records the contact.
func (s *Service) confirm(ctx context.Context, entry *session) error {
	var seen, now time.Time
	err := s.db.Read(ctx, func(tx *database.Tx) error {
		now = tx.Now()
		alive, lastSeen, err := newStore(tx).liveness(entry.viewer.Session)
		if err == nil && !alive {
			err = access.ErrUnauthenticated
		}
		seen = lastSeen
		return err
	})
	if err != nil || entry.viewer.Device == "" || now.Sub(seen) < contactInterval {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error { return s.directory.DeviceSeen(tx, entry.viewer.Device) })
}

func ignoreNotFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
