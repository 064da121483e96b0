package auth

import (
	"context"
	"strings"
	"sync"

	"github.com/alexedwards/argon2id"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/text"
)

// PasswordCost is the cost of comparing a password, for an attacker and for us.
type PasswordCost struct {
	MemoryKiB, Passes uint32
}

// UsualCost follows OWASP's password storage sheet for argon2id: 19 MiB, two passes, one lane.
var UsualCost = PasswordCost{MemoryKiB: 19 * 1024, Passes: 2}

func (c PasswordCost) params() *argon2id.Params {
	return &argon2id.Params{Memory: c.MemoryKiB, Iterations: c.Passes, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// Passwords hashes and compares, at most two at a time: fifty log-ins at once would otherwise take a gigabyte.
type Passwords struct {
	cost    *argon2id.Params
	slots   chan struct{}
	waiting chan struct{}
	dummy   func() string
}

const (
	hashesAtOnce = 2
	// mostWaiting is how many callers may wait for a turn. One more would wait longer than a request may take.
	mostWaiting = 20
)

// NewPasswords returns a hasher.
func NewPasswords(cost PasswordCost) *Passwords {
	params := cost.params()
	return &Passwords{
		cost:    params,
		slots:   make(chan struct{}, hashesAtOnce),
		waiting: make(chan struct{}, mostWaiting),
		dummy: sync.OnceValue(func() string {
			hash, _ := argon2id.CreateHash("nobody has this password", params)
			return hash
		}),
	}
}

// Hash returns the argon2id hash of a password. Too common a password is refused with a violation on /password.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if isCommon(password) {
		return "", fault.Input(fault.Violation{Pointer: "/password", Code: "too-common"})
	}
	if err := p.enter(ctx); err != nil {
		return "", err
	}
	defer p.leave()
	return argon2id.CreateHash(text.Password(password), p.cost)
}

// matches takes the same time whether or not there is a hash to compare with.
func (p *Passwords) matches(ctx context.Context, password, hash string) (bool, error) {
	if err := p.enter(ctx); err != nil {
		return false, err
	}
	defer p.leave()
	known := hash != ""
	if !known {
		hash = p.dummy()
	}
	same, err := argon2id.ComparePasswordAndHash(text.Password(password), hash)
	if !same && err == nil && text.Password(password) != password { // as older versions hashed it
		same, err = argon2id.ComparePasswordAndHash(password, hash)
	}
	return same && known, err
}

// enter waits for a turn. It refuses when too many callers already wait.
func (p *Passwords) enter(ctx context.Context) error {
	select {
	case p.waiting <- struct{}{}:
		defer func() { <-p.waiting }()
	default:
		return errBusy
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return errBusy
	}
}

func (p *Passwords) leave() { <-p.slots }

// isCommon reports whether a password starts like the most common ones, or repeats one character. It is not a list of
// leaked passwords.
func isCommon(password string) bool {
	p := strings.ToLower(password)
	for _, common := range []string{"password", "wachtwoord", "welkom", "qwerty", "123456", "fysiotherapie", "cadans"} {
		if strings.HasPrefix(p, common) {
			return true
		}
	}
	return strings.Count(p, p[:1]) == len(p)
}
