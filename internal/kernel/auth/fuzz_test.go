package auth

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/clock"
)

func fuzzedKeys(tb testing.TB) *keys {
	tb.Helper()
	k, err := newKeys(Seed(strings.Repeat("k", 32)))
	require.NoError(tb, err)
	return k
}

// Reading what was typed for a code twice changes nothing, and a code of ours is found however it is grouped and cased.
func FuzzPairingCode(f *testing.F) {
	k := fuzzedKeys(f)
	code := k.pairingCode("p-1")
	for _, typed := range []string{
		code, grouped(code), strings.ToLower(grouped(code)), " " + code + " ", "\t" + strings.ToLower(code) + "\n",
	} {
		require.Equal(f, code, normalize(typed), "%q", typed)
	}
	for _, seed := range []string{code, grouped(code), k.pairingSecret("p-1"), "o-il", "", "é", "\x00", " - "} {
		f.Add(seed, uint8(3))
	}
	f.Fuzz(func(t *testing.T, typed string, at uint8) {
		once := normalize(typed)
		require.Equal(t, once, normalize(once))
		cut := int(at) % len(code)
		require.Equal(t, code, normalize(strings.ToLower(code[:cut])+"- "+code[cut:]))
	})
}

// Only a refresh token that we signed says something, and it says what was signed.
func FuzzRefreshToken(f *testing.F) {
	k := fuzzedKeys(f)
	signed := proof{session: "s-1", number: 7, epoch: "e-1", issued: time.UnixMilli(1_700_000_000_000).UTC()}
	ours := k.refreshToken(signed)
	said, ok := k.proven(ours)
	require.True(f, ok)
	require.Equal(f, signed.text(), said.text())
	for _, seed := range []string{
		ours, ours + "=", ours[:len(ours)-1], strings.Replace(ours, ".7.", ".07.", 1), "r1.....", "......", "",
		"r1.s.9223372036854775808.e.1.x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		_, ok := k.proven(token)
		require.Equal(t, token == ours, ok, "%q", token)
	})
}

// Only an access token that we signed says who is calling, and nothing makes the reader fall over.
func FuzzAccessToken(f *testing.F) {
	now := time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC)
	s := newSigner(fuzzedKeys(f), "https://cadans.example", time.Hour, clock.NewManual(now))
	ours, err := s.sign(
		access.Viewer{Role: access.Patient, Practice: "o-1", Patient: "p-1", Session: "s-1", Device: "d-1"}, now,
	)
	require.NoError(f, err)
	for _, seed := range []string{
		ours, ours + "A", ours[:len(ours)-1], "", ".", "..", "a.b.c", "eyJhbGciOiJub25lIn0.e30.",
		"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOiJsYXRlciJ9.AAAA", "eyJhbGciOiJFZERTQSIsImtpZCI6IiJ9.eyJleHAiOjF9.AAAA",
	} {
		f.Add(seed)
	}
	content := ours[:strings.LastIndexByte(ours, '.')]
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := s.verify(token); err == nil {
			require.True(t, strings.HasPrefix(token, content+"."), "%q", token)
		}
	})
}

// A key of an installation is 32 bytes, whatever stands in its file.
func FuzzParseSeed(f *testing.F) {
	for _, seed := range []string{
		strings.Repeat("A", 43) + "=", strings.Repeat("A", 42) + "==", "", "=", "AAAA\nAAAA",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if seed, err := ParseSeed(text); err == nil {
			_, err := newKeys(seed)
			require.NoError(t, err)
		}
	})
}
