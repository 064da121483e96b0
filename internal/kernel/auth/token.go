package auth

import (
	"crypto/hmac"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

// proof is what a refresh token says, and its signature proves: which token of which session it is, in which epoch
// of the database it was issued, and when. A database whose history was rolled back can know from it what it has
// forgotten.
type proof struct {
	session id.AuthSession
	number  int
	epoch   string
	issued  time.Time
}

// refreshForm begins every signed refresh token.
const refreshForm = "r1"

func (p proof) text() string {
	return strings.Join([]string{
		refreshForm, string(p.session), strconv.Itoa(p.number), p.epoch, strconv.FormatInt(p.issued.UnixMilli(), 10),
	}, ".")
}

// signed is the one refresh token that says p. The database holds hashes only; what a token says is stored, so that a
// retry within the grace window gets the same token again.
func (p proof) signed(key []byte) string {
	text := p.text()
	return text + "." + base64.RawURLEncoding.EncodeToString(mac(key, text))
}

// refreshToken signs with the current key.
func (k *keys) refreshToken(p proof) string { return p.signed(k.proofs[0]) }

// issued returns the token that a row is of. It is unknown where an older version made it, or a key that is gone.
func (k *keys) issued(row refreshRow) (token string, known bool) {
	for _, key := range k.proofs {
		if token = row.says().signed(key); tokenHash(token) == row.TokenHash {
			return token, true
		}
	}
	return "", false
}

func (r refreshRow) says() proof {
	return proof{session: r.SessionID, number: r.Number, epoch: r.Epoch, issued: r.CreatedAt.Time()}
}

// proven returns what a refresh token says when one of our keys has signed exactly it.
func (k *keys) proven(token string) (p proof, ok bool) {
	fields := strings.Split(token, ".")
	if len(fields) != 6 {
		return proof{}, false
	}
	number, err := strconv.Atoi(fields[2])
	if err != nil {
		return proof{}, false
	}
	millis, err := strconv.ParseInt(fields[4], 10, 64)
	if err != nil {
		return proof{}, false
	}
	p = proof{session: id.AuthSession(fields[1]), number: number, epoch: fields[3],
		issued: database.Instant(millis).Time()}
	for _, key := range k.proofs {
		if hmac.Equal([]byte(p.signed(key)), []byte(token)) {
			return p, true
		}
	}
	return proof{}, false
}
