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

// proof is the signed content of a refresh token: which token of which session it is, in which epoch of the database
// it was issued, and when. After a rollback of its history the database can learn from it what it has lost.
type proof struct {
	session id.AuthSession
	number  int
	epoch   string
	issued  time.Time
}

// refreshForm is the prefix of every signed refresh token.
const refreshForm = "r1"

func (p proof) text() string {
	return strings.Join([]string{
		refreshForm, string(p.session), strconv.Itoa(p.number), p.epoch, strconv.FormatInt(p.issued.UnixMilli(), 10),
	}, ".")
}

// signed returns the only refresh token with the content p. The database stores the hash and the content, so that a
// retry within the grace window gets the same token again.
func (p proof) signed(key []byte) string {
	text := p.text()
	return text + "." + base64.RawURLEncoding.EncodeToString(mac(key, text))
}

// refreshToken signs with the current key.
func (k *keys) refreshToken(p proof) string { return p.signed(k.proofs[0]) }

// issued returns the token of a row. It is unknown when an older version issued it, or when its key is gone.
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

// proven returns the content of a refresh token if one of our keys has signed exactly it.
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
