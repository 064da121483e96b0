package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/run/testkit"
)

// guess tries to log in to an account from an address and returns the code of the refusal, or "" when it was let in.
func guess(t *testing.T, sys *testkit.System, email, password, address string) string {
	t.Helper()
	return tried(t, sys, auth.Login{Email: email, Password: password, Address: address})
}

func tried(t *testing.T, sys *testkit.System, l auth.Login) string {
	t.Helper()
	_, err := sys.App.Auth.LogIn(context.Background(), l, "")
	if err == nil {
		return ""
	}
	var refused *fault.Fault
	require.ErrorAs(t, err, &refused)
	return refused.Code
}

const (
	wrongLogin = "wrong-login"
	tooMany    = "too-many-attempts"
)

// An address that once had thirty wrong tries is like any other a year later, and nothing about it is kept.
func TestWrongTriesAreForgotten(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		for i := range 30 {
			require.Equal(t, wrongLogin, guess(t, sys, fmt.Sprintf("%d@praktijk.example", i), "x", "192.0.2.7"))
		}
		require.Equal(t, tooMany, guess(t, sys, "new@praktijk.example", "x", "192.0.2.7"))
		sys.Clock.Advance(2*time.Minute + time.Second)
		require.Equal(
			t, wrongLogin, guess(t, sys, "new@praktijk.example", "x", "192.0.2.7"), "one share of the window later",
		)
		require.Equal(t, tooMany, guess(t, sys, "new@praktijk.example", "x", "192.0.2.7"))

		sys.Clock.Advance(365 * 24 * time.Hour)
		for range 5 {
			require.Equal(t, wrongLogin, guess(t, sys, sys.Admin.Email, "x", "192.0.2.7"))
		}
		n := 0
		require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
			return tx.Value(&n, "SELECT count(*) FROM wrong_tries")
		}))
		require.Equal(t, 3, n, "the account here, the account, and the network")
	})
}

// A try that was right leaves nothing behind, so that a clock that is set back does not make it count.
func TestAClockThatIsSetBackLocksNobodyOut(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		require.Empty(t, guess(t, sys, sys.Admin.Email, testkit.Password, "192.0.2.7"))
		sys.Clock.Advance(-30 * 24 * time.Hour)
		require.Empty(t, guess(t, sys, sys.Admin.Email, testkit.Password, "192.0.2.7"))
	})
}

// Wrong passwords from elsewhere do not lock a member out, however many; a browser that
// signed in before has tries of its own.
func TestNobodyLocksAnotherOut(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		email, browser := sys.Admin.Email, auth.NewBrowser()
		own := auth.Login{Email: email, Password: testkit.Password, Address: "192.0.2.7", Browser: browser}
		require.Empty(t, tried(t, sys, own))
		for range 5 {
			require.Equal(t, wrongLogin, guess(t, sys, email, "x", "198.51.100.1"))
		}
		require.Equal(t, tooMany, guess(t, sys, email, testkit.Password, "198.51.100.200"), "the network that guesses")
		require.Empty(t, guess(t, sys, email, testkit.Password, "192.0.2.7"), "another network")

		for i := range 45 { // a crowd of networks
			require.Equal(t, wrongLogin, guess(t, sys, email, "x", fmt.Sprintf("203.0.%d.1", i)))
		}
		require.Equal(t, tooMany, guess(t, sys, email, testkit.Password, "192.0.2.7"), "a browser that nobody knows")
		strange := own
		strange.Browser = auth.NewBrowser()
		require.Equal(t, tooMany, tried(t, sys, strange))
		require.Empty(t, tried(t, sys, own), "a browser that signed in before")

		own.Password = "x"
		for range 10 {
			require.Equal(t, wrongLogin, tried(t, sys, own))
		}
		own.Password = testkit.Password
		require.Equal(t, tooMany, tried(t, sys, own), "its own tries end as well")
	})
}

// Whoever has one address of a network often has the others.
func TestNetworks(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		guessed, again string
		same           bool
	}{
		"two addresses of a /64":            {"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
		"two /64s":                          {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		"two addresses of a /24":            {"192.0.2.1", "192.0.2.254", true},
		"two /24s":                          {"192.0.2.1", "192.0.3.1", false},
		"an IPv4 address written as IPv6":   {"192.0.2.1", "::ffff:192.0.2.77", true},
		"what is no address is one network": {"nowhere", "nowhere", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sys := testkit.Start(t)
			for range 5 {
				require.Equal(t, wrongLogin, guess(t, sys, sys.Admin.Email, "x", tc.guessed))
			}
			want := ""
			if tc.same {
				want = tooMany
			}
			require.Equal(t, want, guess(t, sys, sys.Admin.Email, testkit.Password, tc.again))
		})
	}
}

// Guesses at pairing codes and at passwords are counted apart: a patient who mistypes locks no therapist out.
func TestPairingAndLogInCountApart(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	for range 30 {
		_, err := sys.App.Auth.Redeem(
			context.Background(), auth.Redemption{Code: "AAAA-AAAA-AAAAA", BirthYear: 1971, Address: "192.0.2.7"},
		)
		require.ErrorIs(t, err, auth.ErrPairing)
	}
	_, err := sys.App.Auth.Redeem(
		context.Background(), auth.Redemption{Code: "AAAA-AAAA-AAAAA", BirthYear: 1971, Address: "192.0.2.7"},
	)
	require.True(t, fault.Is(err, fault.TooMany))
	require.Empty(t, guess(t, sys, sys.Admin.Email, testkit.Password, "192.0.2.7"))
	require.Equal(t, wrongLogin, guess(t, sys, sys.Admin.Email, "x", "192.0.2.7"))
}

// Many guesses at once are as many as one after the other.
func TestGuessesAtOnce(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		outcomes := make([]string, 12)
		var wait sync.WaitGroup
		for i := range outcomes {
			wait.Go(func() { outcomes[i] = guess(t, sys, sys.Admin.Email, "x", "192.0.2.7") })
		}
		wait.Wait()
		compared := 0
		for _, outcome := range outcomes {
			if outcome == wrongLogin {
				compared++
			}
		}
		require.Equal(t, 5, compared)
	})
}

// A right password costs nothing either where a code is needed besides and comes with the second request.
func TestAPasswordWithoutItsCodeIsNoGuess(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t, testkit.Guarded)
	ctx, email := context.Background(), "a.visser@praktijk.example"
	require.NoError(t, sys.App.Founding.CreatePractice(ctx, id.Practice(id.New()), "Praktijk Zuid", people.NewMember{
		ID: id.Member(id.New()), Name: "A. Visser", Email: email, Password: testkit.Password, Role: access.Admin,
	}))
	for range 60 {
		require.Equal(t, "second-factor-missing", guess(t, sys, email, testkit.Password, "192.0.2.7"))
	}
	for range 5 {
		require.Equal(t, wrongLogin, guess(t, sys, email, "x", "192.0.2.7"))
	}
	require.Equal(t, tooMany, guess(t, sys, email, testkit.Password, "192.0.2.7"))
}

// A right password costs nothing, however often it is typed.
func TestSigningInOftenIsNoGuess(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	for range 35 {
		require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/auth/sessions", "", map[string]any{
			"email": sys.Admin.Email, "password": testkit.Password,
		}).Status)
	}
}
