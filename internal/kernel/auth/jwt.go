package auth

import (
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/id"
)

const (
	audience = "cadans-api"
	leeway   = 30 * time.Second
)

// claims is the content of an access token. It holds only ids. Each claim accepts only the type that we write, whereas
// golang-jwt's registered claims also accept times as text, as fractions or as 1e300, and a null audience.
type claims struct {
	Issuer    string         `json:"iss"`
	Audience  []string       `json:"aud"`
	Subject   string         `json:"sub"`
	IssuedAt  *seconds       `json:"iat"`
	ExpiresAt *seconds       `json:"exp"`
	Session   id.AuthSession `json:"sid"`
	Role      access.Role    `json:"role"`
	Practice  id.Practice    `json:"practice"`
	Device    id.Device      `json:"did,omitempty"`
}

// seconds since 1970, as an unsigned 32-bit integer, which lasts until the year 2106.
type seconds uint32

func secondsOf(t time.Time) *seconds {
	s := seconds(t.Unix())
	return &s
}

func (s *seconds) date() *jwt.NumericDate {
	if s == nil {
		return nil
	}
	return jwt.NewNumericDate(time.Unix(int64(*s), 0))
}

// GetExpirationTime implements jwt.Claims, as the next ones do.
func (c *claims) GetExpirationTime() (*jwt.NumericDate, error) { return c.ExpiresAt.date(), nil }

// GetIssuedAt implements jwt.Claims.
func (c *claims) GetIssuedAt() (*jwt.NumericDate, error) { return c.IssuedAt.date(), nil }

// GetNotBefore implements jwt.Claims. Our tokens are valid immediately.
func (c *claims) GetNotBefore() (*jwt.NumericDate, error) { return nil, nil }

// GetIssuer implements jwt.Claims.
func (c *claims) GetIssuer() (string, error) { return c.Issuer, nil }

// GetSubject implements jwt.Claims.
func (c *claims) GetSubject() (string, error) { return c.Subject, nil }

// GetAudience implements jwt.Claims.
func (c *claims) GetAudience() (jwt.ClaimStrings, error) { return c.Audience, nil }

// expires is when the token expires. The token must have been verified.
func (c *claims) expires() time.Time { return c.ExpiresAt.date().Time }

func (c *claims) viewer() access.Viewer {
	v := access.Viewer{Role: c.Role, Practice: c.Practice, Device: c.Device, Session: c.Session}
	if c.Role == access.Patient {
		v.Patient = id.Patient(c.Subject)
	} else {
		v.Member = id.Member(c.Subject)
	}
	return v
}

// signer signs and verifies access tokens.
type signer struct {
	keys   *keys
	issuer string
	ttl    time.Duration
	clock  clock.Clock
	parser *jwt.Parser
}

func newSigner(k *keys, issuer string, ttl time.Duration, c clock.Clock) *signer {
	return &signer{keys: k, issuer: issuer, ttl: ttl, clock: c, parser: jwt.NewParser(
		// Each of these is off by default: golang-jwt accepts tokens without exp, of any audience and any HMAC.
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(issuer), jwt.WithAudience(audience),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(leeway),
		jwt.WithTimeFunc(c.Now),
	)}
}

func (s *signer) sign(v access.Viewer, now time.Time) (string, error) {
	subject := string(v.Member)
	if v.Role == access.Patient {
		subject = string(v.Patient)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, &claims{
		Issuer: s.issuer, Audience: []string{audience}, Subject: subject,
		IssuedAt: secondsOf(now), ExpiresAt: secondsOf(now.Add(s.ttl)),
		Session: v.Session, Role: v.Role, Practice: v.Practice, Device: v.Device,
	})
	token.Header["kid"] = s.keys.kid
	return token.SignedString(s.keys.private)
}

func (s *signer) verify(token string) (*claims, error) {
	var c claims
	if _, err := s.parser.ParseWithClaims(token, &c, s.key); err != nil {
		return nil, access.ErrUnauthenticated.Because(err)
	}
	if c.Session == "" || c.Subject == "" || c.Role == "" {
		return nil, access.ErrUnauthenticated
	}
	return &c, nil
}

// key returns the public key of a known kid. The key is typed, so an attacker cannot choose another algorithm.
func (s *signer) key(t *jwt.Token) (any, error) {
	kid, _ := t.Header["kid"].(string)
	if public, known := s.keys.public[kid]; known {
		return public, nil
	}
	return nil, jwt.ErrTokenUnverifiable
}
