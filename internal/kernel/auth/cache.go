package auth

import (
	"crypto/sha256"
	"sync"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/id"
)

// How long the cache trusts that a session is alive. A revocation in this process takes effect at once; where other
// replicas can revoke, within a second. Where none can, the check serves only to record the contact of the phone.
const (
	livenessShared    = time.Second
	livenessExclusive = contactInterval
)

// maxCached limits the number of cached tokens.
const maxCached = 50_000

type tokenKey [sha256.Size]byte

// session is a verified access token.
type session struct {
	viewer    access.Viewer
	expires   time.Time
	confirmed time.Time
}

// sessionCache remembers verified tokens by their hash until they expire.
type sessionCache struct {
	clock    clock.Clock
	liveness time.Duration
	mu       sync.RWMutex
	revoked  int // how many sessions were forgotten so far
	tokens   map[tokenKey]*session
	holders  map[id.AuthSession]map[tokenKey]struct{}
}

func newSessionCache(c clock.Clock, liveness time.Duration) *sessionCache {
	return &sessionCache{
		clock:    c,
		liveness: liveness,
		tokens:   map[tokenKey]*session{},
		holders:  map[id.AuthSession]map[tokenKey]struct{}{},
	}
}

func (c *sessionCache) get(token string) (*session, bool) {
	key := tokenKey(sha256.Sum256([]byte(token)))
	c.mu.RLock()
	defer c.mu.RUnlock()
	s, ok := c.tokens[key]
	if !ok || c.clock.Now().After(s.expires) {
		return nil, false
	}
	return s, true
}

// isFresh reports whether the session was found alive within the trusted time.
func (c *sessionCache) isFresh(s *session) bool {
	age := c.clock.Now().Sub(s.confirmed)
	return age >= 0 && age < c.liveness
}

// generation changes with every revocation.
func (c *sessionCache) generation() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.revoked
}

// put caches a session that was found alive. If anything was revoked since that generation, it may have been this
// session, so it is checked again next time.
func (c *sessionCache) put(token string, s *session, generation int) {
	key := tokenKey(sha256.Sum256([]byte(token)))
	fresh := *s
	fresh.confirmed = c.clock.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.revoked != generation {
		return
	}
	if len(c.tokens) >= maxCached {
		c.dropExpired()
	}
	c.tokens[key] = &fresh
	if c.holders[s.viewer.Session] == nil {
		c.holders[s.viewer.Session] = map[tokenKey]struct{}{}
	}
	c.holders[s.viewer.Session][key] = struct{}{}
}

// forget makes a revocation take effect at once in this process.
func (c *sessionCache) forget(session id.AuthSession) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.revoked++
	c.drop(session)
}

func (c *sessionCache) drop(session id.AuthSession) {
	for key := range c.holders[session] {
		delete(c.tokens, key)
	}
	delete(c.holders, session)
}

// dropExpired makes room. If no token has expired, it empties the cache.
func (c *sessionCache) dropExpired() {
	now := c.clock.Now()
	for _, s := range c.tokens {
		if now.After(s.expires) {
			c.drop(s.viewer.Session)
		}
	}
	if len(c.tokens) >= maxCached {
		clear(c.tokens)
		clear(c.holders)
	}
}
