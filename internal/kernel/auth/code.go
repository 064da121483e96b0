package auth

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"cadans/internal/kernel/id"
	"cadans/internal/kernel/text"
)

// codeLength is 13 characters of 5 bits = 65 bits. With 100,000 open invites and 10 guesses a second for a year, one
// guess hits with a chance below 1 in a million; 8 characters (40 bits) would be hit some 30 times.
const codeLength = 13

// alphabet leaves out I, L, O and U, which are misread.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var crockford = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)

// pairingCode is what a patient types. It is derived from the invite's id and a key, so that a repeated request for
// an invite gives the same code although only its hash is stored.
func (k *keys) pairingCode(pairing id.Pairing) string {
	return crockford.EncodeToString(mac(k.pairing, "code "+string(pairing)))[:codeLength]
}

// pairingSecret is what the QR image holds: 128 bits.
func (k *keys) pairingSecret(pairing id.Pairing) string {
	return base64.RawURLEncoding.EncodeToString(mac(k.pairing, "secret "+string(pairing))[:16])
}

// pairingHash is the stored hash of a code or a secret. It is keyed, because someone with a copy of the database
// could search all 65 bits of a plain hash.
func (k *keys) pairingHash(codeOrSecret string) string {
	return hex.EncodeToString(mac(k.pairing, "hash "+codeOrSecret))
}

// normalize undoes what people and their keyboards do to a code. A QR secret stays as it is.
func normalize(typed string) string {
	if code := text.Code(typed, codeLength); code != "" {
		return code
	}
	return strings.TrimSpace(typed)
}

// grouped writes a code as it is read aloud: 4-4-5.
func grouped(code string) string { return code[:4] + "-" + code[4:8] + "-" + code[8:] }

// unsignedSuccessor is the successor that an older version issued for a refresh token.
func (k *keys) unsignedSuccessor(refreshToken string) string {
	return base64.RawURLEncoding.EncodeToString(mac(k.refresh, refreshToken))
}

// redemptionHash is stored for a request that redeemed an invite, to recognise a repetition of it.
func (k *keys) redemptionHash(r Redemption) string {
	request := strings.Join(
		[]string{normalize(r.Code), strconv.Itoa(r.BirthYear), r.Device.ID, r.Device.Platform, r.Device.Name}, "\n",
	)
	return hex.EncodeToString(mac(k.pairing, "redemption "+request))
}

func tokenHash(refreshToken string) string { return hex.EncodeToString(sum([]byte(refreshToken))) }
