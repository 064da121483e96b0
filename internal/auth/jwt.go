package auth

import (
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cadans/internal/access"
	"cadans/internal/clock"
	"cadans/internal/id"
)

const (
	audience = "cadans-api"
	leeway   = 30 * time.Second
)

// claims is an access token. It holds ids only.
type claims struct {
	jwt.RegisteredClaims
	Session  id.AuthSession `json:"sid"`
	Role     access.Role    `json:"role"`
	Practice id.Practice    `json:"practice"`
	Device   id.Device      `json:"did,omitempty"`
}

func (c *claims) viewer() access.Viewer {
	v := access.Viewer{Role: c.Role, Practice: c.Practice, Device: c.Device, Session: c.Session}
	if c.Role == access.Patient {
		v.Patient = id.Patient(c.Subject)
	} else {
		v.Member = id.Member(c.Subject)
	}
	return v
}

// signer makes and checks access tokens.
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
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: s.issuer, Audience: jwt.ClaimStrings{audience}, Subject: subject,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(s.ttl)),
		},
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

// key returns a typed public key for a known kid, so that no other algorithm can be talked into using it.
func (s *signer) key(t *jwt.Token) (any, error) {
	kid, _ := t.Header["kid"].(string)
	if public, known := s.keys.public[kid]; known {
		return public, nil
	}
	return nil, jwt.ErrTokenUnverifiable
}
