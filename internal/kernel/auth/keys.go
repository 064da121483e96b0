package auth

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"cadans/internal/kernel/durable"
)

// Seed is the 32-byte secret of an installation. All keys are derived from it, each for one purpose.
type Seed []byte

// ParseSeed decodes a seed from base64. It accepts only 32 bytes, because a short or empty key is a placeholder.
func ParseSeed(text string) (Seed, error) {
	seed, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, errors.New("a signing key is 32 bytes in base64 (openssl rand -base64 32)")
	}
	return seed, nil
}

// LoadSeed reads the seed from a file that only its owner may read. Without the file it returns fs.ErrNotExist.
func LoadSeed(path string) (Seed, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("auth: read signing key: %w", err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("auth: %s can be read by others; chmod 600 it", path)
	}
	return ParseSeed(string(text))
}

// CreateSeed creates a seed and its file. The file is complete and on disk before anything is signed with the seed.
func CreateSeed(path string) (Seed, error) {
	seed := make(Seed, ed25519.SeedSize)
	rand.Read(seed)
	text := base64.StdEncoding.EncodeToString(seed)
	if err := durable.WriteFile(path, []byte(text)); err != nil {
		return nil, fmt.Errorf("auth: write signing key: %w", err)
	}
	return seed, nil
}

// keys are derived from the seeds: the first seed signs, all of them verify, so that a seed can be replaced without
// logging anybody out.
type keys struct {
	kid     string
	private ed25519.PrivateKey
	public  map[string]ed25519.PublicKey
	refresh []byte
	pairing []byte
	// fingerprints identify keys without revealing them, the current one first.
	fingerprints []string
	// Second factors outlive a rotation: the first key encrypts and hashes, all of them decrypt and verify.
	factor   [][]byte
	recovery [][]byte
	// proofs sign refresh tokens, the current one first.
	proofs [][]byte
}

func newKeys(current Seed, previous ...Seed) (*keys, error) {
	k := &keys{public: map[string]ed25519.PublicKey{}}
	for i, seed := range append([]Seed{current}, previous...) {
		if len(seed) != ed25519.SeedSize {
			return nil, errors.New("auth: a signing key has 32 bytes")
		}
		private := ed25519.NewKeyFromSeed(derive(seed, "access token"))
		public := private.Public().(ed25519.PublicKey)
		kid := hex.EncodeToString(sum(public)[:8])
		k.public[kid] = public
		k.fingerprints = append(k.fingerprints, hex.EncodeToString(derive(seed, "fingerprint")[:8]))
		k.factor, k.recovery = append(k.factor, derive(seed, "second factor")),
			append(k.recovery, derive(seed, "recovery code"))
		k.proofs = append(k.proofs, derive(seed, "refresh token proof"))
		if i == 0 {
			k.kid, k.private = kid, private
			k.refresh, k.pairing = derive(seed, "refresh token"), derive(seed, "pairing")
		}
	}
	return k, nil
}

func derive(seed Seed, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, seed, nil, "cadans "+purpose, ed25519.SeedSize)
	if err != nil {
		panic(err) // only for lengths beyond 8 KiB
	}
	return key
}

func sum(data []byte) []byte {
	s := sha256.Sum256(data)
	return s[:]
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
