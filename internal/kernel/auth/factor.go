package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// A second factor is a six-digit code that an authenticator app computes every 30 seconds from a shared secret (TOTP,
// RFC 6238). The codes of the step before and the step after are accepted too, because clocks differ. Each code works
// once. Ten recovery codes replace a lost phone.
const (
	codeSeconds   = 30
	recoveryCodes = 10
	recoveryBits  = 10 // characters of 5 bits
)

// codeLimit limits guessing. Three codes are valid at a time, so ten tries an hour succeed within a day with a
// probability of 1 in 1,400. An attacker who guesses codes already knows the password.
var codeLimit = limit{name: "code", tries: 5, window: 30 * time.Minute}

// Errors about the second factor.
var (
	// ErrSecondFactor means that the password alone is not enough.
	ErrSecondFactor = fault.New(fault.Forbidden, "second-factor-required", "a code of the authenticator app is needed")
	// ErrNotEnrolled means that a member has to set up an authenticator app first, in the dashboard.
	ErrNotEnrolled = fault.New(fault.Forbidden, "second-factor-missing", "the member has no second factor yet")
	ErrWrongCode   = fault.New(fault.Unauthenticated, "wrong-code", "wrong or used code")
)

type factorRow struct {
	MemberID    string
	Secret      string
	BegunAt     database.Instant
	ConfirmedAt *database.Instant
}

// TableName tells gorm where.
func (factorRow) TableName() string { return "second_factors" }

// factor returns what a member has enrolled, confirmed or not; nil when nothing was begun.
func (s store) factor(member id.Member) (*factorRow, error) {
	var row factorRow
	err := s.tx.First(
		&row, "SELECT member_id, secret, begun_at, confirmed_at FROM second_factors WHERE member_id = ?", member,
	)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &row, database.Wrap("auth: second factor", err)
}

func (f *factorRow) isConfirmed() bool { return f != nil && f.ConfirmedAt != nil }

// beginFactor stores a new secret for a member without a confirmed one.
func (s *Service) beginFactor(tx *database.Tx, member id.Member) (*factorRow, error) {
	random := make([]byte, 20)
	rand.Read(random)
	sealed, err := s.keys.seal(string(member), random)
	if err != nil {
		return nil, err
	}
	row := factorRow{MemberID: string(member), Secret: sealed, BegunAt: database.At(tx.Now())}
	_, err = tx.Exec(`INSERT INTO second_factors (member_id, secret, begun_at) VALUES (?, ?, ?)
		ON CONFLICT (member_id) DO NOTHING`, row.MemberID, row.Secret, row.BegunAt)
	return &row, database.Wrap("auth: begin second factor", err)
}

// uri is what an authenticator app scans.
func (s *Service) uri(f *factorRow, email string) (string, error) {
	secret, err := s.keys.open(f.MemberID, f.Secret)
	if err != nil {
		return "", err
	}
	key, err := totp.Generate(
		totp.GenerateOpts{Issuer: "Cadans", AccountName: email, Secret: secret, Period: codeSeconds},
	)
	if err != nil {
		return "", database.Wrap("auth: second factor", err)
	}
	return key.URL(), nil
}

// isRight reports whether a code is an unused code of the app or an unused recovery code, and marks it as used.
func (s *Service) isRight(tx *database.Tx, f *factorRow, code string) (bool, error) {
	code = strings.NewReplacer(" ", "", "-", "").Replace(code)
	if len(code) != otp.DigitsSix.Length() {
		return s.useRecovery(tx, f, code)
	}
	secret, err := s.keys.open(f.MemberID, f.Secret)
	if err != nil {
		return false, err
	}
	now, typed := tx.Now().Unix()/codeSeconds, base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	for _, step := range []int64{now, now - 1, now + 1} {
		valid, err := hotp.ValidateCustom(
			code, uint64(step), typed, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1},
		)
		if err != nil || !valid {
			continue
		}
		n, err := tx.Exec(
			"UPDATE second_factors SET last_step = ? WHERE member_id = ? AND last_step < ?", step, f.MemberID, step,
		)
		return n == 1, database.Wrap("auth: use code", err)
	}
	return false, nil
}

func (s *Service) useRecovery(tx *database.Tx, f *factorRow, code string) (bool, error) {
	for _, key := range s.keys.recovery {
		n, err := tx.Exec(
			"UPDATE recovery_codes SET used_at = ? WHERE member_id = ? AND code_hash = ? AND used_at IS NULL",
			database.At(tx.Now()), f.MemberID, recoveryHash(key, f.MemberID, code),
		)
		if n == 1 || err != nil {
			return n == 1, database.Wrap("auth: use recovery code", err)
		}
	}
	return false, nil
}

// confirmFactor completes enrolment with the first valid code, and returns the recovery codes, which are shown once.
func (s *Service) confirmFactor(tx *database.Tx, f *factorRow) (codes []string, err error) {
	_, err = tx.Exec(
		"UPDATE second_factors SET confirmed_at = ? WHERE member_id = ?", database.At(tx.Now()), f.MemberID,
	)
	if err != nil {
		return nil, database.Wrap("auth: confirm second factor", err)
	}
	for range recoveryCodes {
		random := make([]byte, recoveryBits)
		rand.Read(random)
		code := crockford.EncodeToString(random)[:recoveryBits]
		_, err := tx.Exec(
			"INSERT INTO recovery_codes (member_id, code_hash) VALUES (?, ?)", f.MemberID,
			recoveryHash(s.keys.recovery[0], f.MemberID, code),
		)
		if err != nil {
			return nil, database.Wrap("auth: store recovery code", err)
		}
		codes = append(codes, code[:recoveryBits/2]+"-"+code[recoveryBits/2:])
	}
	return codes, nil
}

// accept checks a member's code if one is required. It returns false for a wrong code, which counts as a try.
func (s *Service) accept(tx *database.Tx, member id.Member, code string) (bool, error) {
	f, err := newStore(tx).factor(member)
	switch {
	case err != nil:
		return false, err
	case !f.isConfirmed() && s.required:
		return false, ErrNotEnrolled
	case !f.isConfirmed():
		return true, nil
	case code == "":
		return false, ErrSecondFactor
	}
	return s.tryCode(tx, f, code)
}

func (s *Service) tryCode(tx *database.Tx, f *factorRow, code string) (bool, error) {
	if err := codeLimit.take(tx, f.MemberID); err != nil {
		return false, err
	}
	right, err := s.isRight(tx, f, code)
	if err != nil || !right {
		return false, err
	}
	return true, codeLimit.forget(tx, f.MemberID)
}

// seal encrypts a secret of a member, so that a copy of the database alone reveals no second factor.
func (k *keys) seal(whose string, secret []byte) (string, error) {
	box, err := boxOf(k.factor[0])
	if err != nil {
		return "", err
	}
	nonce := make([]byte, box.NonceSize())
	rand.Read(nonce)
	return base64.RawStdEncoding.EncodeToString(box.Seal(nonce, nonce, secret, []byte(whose))), nil
}

// open undoes seal, also with the keys before the last rotation.
func (k *keys) open(whose, sealed string) ([]byte, error) {
	for _, key := range k.factor {
		if secret, err := openWith(key, whose, sealed); err == nil {
			return secret, nil
		}
	}
	return nil, errUnsealable
}

func openWith(key []byte, whose, sealed string) ([]byte, error) {
	data, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, errUnsealable
	}
	box, err := boxOf(key)
	if err != nil {
		return nil, err
	}
	if len(data) < box.NonceSize() {
		return nil, errUnsealable
	}
	return box.Open(nil, data[:box.NonceSize()], data[box.NonceSize():], []byte(whose))
}

var errUnsealable = errors.New("auth: a second factor was sealed with a key that is not known")

func boxOf(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, database.Wrap("auth: seal", err)
	}
	return cipher.NewGCM(block)
}

// recoveryHash is the stored hash of a recovery code. It is keyed, because 50 bits alone could be searched.
func recoveryHash(key []byte, member, code string) string {
	return hex.EncodeToString(mac(key, member+" "+strings.ToUpper(code)))
}
