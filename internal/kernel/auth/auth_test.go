package auth_test

import (
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/auth"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// The signing key of testkit: 32 zero bytes.
func signingKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	seed, err := hkdf.Key(sha256.New, make([]byte, 32), nil, "cadans access token", ed25519.SeedSize)
	require.NoError(t, err)
	return ed25519.NewKeyFromSeed(seed)
}

// Every way a token can be wrong answers 401.
func TestForgedTokens(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	anna := sys.Therapist(sys.Admin, "T. de Vries").NewPatient("A. Jansen", "Europe/Amsterdam")
	good := anna.Token()
	header, claims := parts(t, good)
	key := signingKey(t)
	now := sys.Clock.Now()
	with := func(name string, value any) jwt.MapClaims {
		c := maps.Clone(claims)
		if value == nil {
			delete(c, name)
		} else {
			c[name] = value
		}
		return c
	}
	sign := func(c jwt.MapClaims, change func(*jwt.Token)) string {
		token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, c)
		token.Header["kid"] = header["kid"]
		if change != nil {
			change(token)
		}
		signed, err := token.SignedString(key)
		require.NoError(t, err)
		return signed
	}
	hmacWith := func(method jwt.SigningMethod, secret any) string {
		token := jwt.NewWithClaims(method, claims)
		token.Header["kid"] = header["kid"]
		signed, err := token.SignedString(secret)
		require.NoError(t, err)
		return signed
	}
	_, strange, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	public := key.Public().(ed25519.PublicKey)
	fields := strings.Split(good, ".")

	require.Equal(t, http.StatusOK, me(sys, sign(claims, nil)), "the forge itself works")
	for name, token := range map[string]string{
		"empty":                      "",
		"no token at all":            "x",
		"without exp":                sign(with("exp", nil), nil),
		"exp as text":                sign(with("exp", "4102444800"), nil),
		"exp as another text":        sign(with("exp", "tomorrow"), nil),
		"exp as a fraction":          sign(with("exp", 4102444800.5), nil),
		"exp at the end of all time": sign(with("exp", 1e300), nil),
		"exp below zero":             sign(with("exp", -1), nil),
		"iat as text":                sign(with("iat", "1772442000"), nil),
		"audience as an object":      sign(with("aud", map[string]any{}), nil),
		"subject as a number":        sign(with("sub", 7), nil),
		"session as a list":          sign(with("sid", []any{claims["sid"]}), nil),
		"session with a NUL":         sign(with("sid", "\x00"), nil),
		"role as an object":          sign(with("role", map[string]any{}), nil),
		"expired":                    sign(with("exp", now.Add(-time.Minute).Unix()), nil),
		"issued in the future":       sign(with("iat", now.Add(time.Hour).Unix()), nil),
		"without audience":           sign(with("aud", nil), nil),
		"another audience":           sign(with("aud", "dashboard"), nil),
		"without issuer":             sign(with("iss", nil), nil),
		"another issuer":             sign(with("iss", "https://evil.example"), nil),
		"without session":            sign(with("sid", nil), nil),
		"an unknown session":         sign(with("sid", sys.NewID()), nil),
		"without subject":            sign(with("sub", nil), nil),
		"without role":               sign(with("role", nil), nil),
		"without kid":                sign(claims, func(t *jwt.Token) { delete(t.Header, "kid") }),
		"an unknown kid":             sign(claims, func(t *jwt.Token) { t.Header["kid"] = "deadbeefdeadbeef" }),
		"kid of another type":        sign(claims, func(t *jwt.Token) { t.Header["kid"] = 1 }),
		"alg none":                   hmacWith(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
		"HS256 with the public key":  hmacWith(jwt.SigningMethodHS256, []byte(public)),
		"HS256 with an empty key":    hmacWith(jwt.SigningMethodHS256, []byte{}),
		"signed by a stranger":       hmacWith(jwt.SigningMethodEdDSA, strange),
		"signature cut off":          fields[0] + "." + fields[1] + ".",
		"claims swapped": fields[0] + "." + strings.Split(sign(
			with("role", "admin"), nil,
		), ".")[1] + "." + fields[2],
		"a refresh token as access one": "bm90LWFuLWFjY2Vzcy10b2tlbi1hdC1hbGwtYnV0LXJhbmRvbQ",
	} {
		require.Equal(t, http.StatusUnauthorized, me(sys, token), name)
	}
}

func me(sys *testkit.System, token string) int { return sys.Call("GET", "/v1/me", token, nil).Status }

func parts(t *testing.T, token string) (header map[string]any, claims jwt.MapClaims) {
	t.Helper()
	for i, target := range []any{&header, &claims} {
		decoded, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[i])
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(decoded, target))
	}
	return header, claims
}

// pair returns the tokens of a freshly paired phone.
func pair(t *testing.T, sys *testkit.System) (*testkit.Patient, client.PatientTokens) {
	t.Helper()
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	p := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	invite := invited(t, sys, therapist, p)
	answer, err := sys.Stranger().RedeemPairingWithResponse(context.Background(), redemption(invite.Code, p.BirthYear))
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, answer.StatusCode())
	return p, *answer.JSON201
}

func invited(t *testing.T, sys *testkit.System, m *testkit.Member, p *testkit.Patient) client.PairingWithCode {
	t.Helper()
	answer, err := m.CreatePairingWithResponse(
		context.Background(), client.NewPairing{ID: sys.NewID(), PatientID: string(p.ID)},
	)
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, answer.StatusCode(), string(answer.Body))
	return *answer.JSON201
}

func redemption(code string, year int) client.PairingRedemption {
	return client.PairingRedemption{
		Code:      code,
		BirthYear: year,
		Device:    client.NewDevice{Name: "x", Platform: client.NewDevicePlatformIos},
	}
}

func refresh(sys *testkit.System, token string) (int, client.Tokens, string) {
	got := sys.Call("POST", "/v1/auth/token-refreshes", "", map[string]any{"refresh_token": token})
	var tokens client.Tokens
	_ = json.Unmarshal(got.Body, &tokens)
	return got.Status, tokens, got.Problem().Code
}

func TestRefreshTokensWorkOnce(t *testing.T) {
	t.Parallel()
	t.Run("a lost answer is given again", func(t *testing.T) {
		t.Parallel()
		sys := testkit.Start(t)
		_, first := pair(t, sys)
		_, once, _ := refresh(sys, first.RefreshToken)
		sys.Clock.Advance(auth.GraceWindow)
		status, again, _ := refresh(sys, first.RefreshToken)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, once.RefreshToken, again.RefreshToken)
	})
	t.Run("outside the grace window the session ends", func(t *testing.T) {
		t.Parallel()
		sys := testkit.Start(t)
		_, first := pair(t, sys)
		_, once, _ := refresh(sys, first.RefreshToken)
		sys.Clock.Advance(auth.GraceWindow + time.Second)
		status, _, code := refresh(sys, first.RefreshToken)
		require.Equal(t, http.StatusUnauthorized, status)
		require.Equal(t, "refresh-reused", code)
		require.Equal(t, http.StatusUnauthorized, me(sys, once.AccessToken), "its access token dies at once")
		status, _, code = refresh(sys, once.RefreshToken)
		require.Equal(t, http.StatusUnauthorized, status)
		require.Equal(t, "refresh-invalid", code)
	})
	t.Run("once the successor was used the session ends", func(t *testing.T) {
		t.Parallel()
		sys := testkit.Start(t)
		_, first := pair(t, sys)
		_, second, _ := refresh(sys, first.RefreshToken)
		_, third, _ := refresh(sys, second.RefreshToken)
		status, _, code := refresh(sys, first.RefreshToken)
		require.Equal(t, http.StatusUnauthorized, status)
		require.Equal(t, "refresh-reused", code)
		require.Equal(t, http.StatusUnauthorized, me(sys, third.AccessToken))
	})
	t.Run("unknown", func(t *testing.T) {
		t.Parallel()
		status, _, code := refresh(testkit.Start(t), strings.Repeat("a", 43))
		require.Equal(t, http.StatusUnauthorized, status)
		require.Equal(t, "refresh-invalid", code)
	})
	t.Run("60 idle days", func(t *testing.T) {
		t.Parallel()
		sys := testkit.Start(t)
		_, first := pair(t, sys)
		sys.Clock.Advance(60*24*time.Hour + time.Second)
		status, _, _ := refresh(sys, first.RefreshToken)
		require.Equal(t, http.StatusUnauthorized, status)
	})
}

// Twenty at once, as a phone with a bad network may send: one family, one successor, nobody locked out.
func TestConcurrentRefreshes(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		_, first := pair(t, sys)
		successors := make([]string, 20)
		var wait sync.WaitGroup
		for i := range successors {
			wait.Go(func() {
				status, tokens, _ := refresh(sys, first.RefreshToken)
				require.Equal(t, http.StatusOK, status)
				successors[i] = tokens.RefreshToken
			})
		}
		wait.Wait()
		for _, s := range successors {
			require.Equal(t, successors[0], s)
		}
		status, _, _ := refresh(sys, successors[0])
		require.Equal(t, http.StatusOK, status)
	})
}

func TestLoggingOutCountsAtOnce(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	_, tokens := pair(t, sys)
	require.Equal(t, http.StatusOK, me(sys, tokens.AccessToken))
	require.Equal(t, http.StatusNoContent, sys.Call("DELETE", "/v1/auth/session", tokens.AccessToken, nil).Status)
	require.Equal(t, http.StatusUnauthorized, me(sys, tokens.AccessToken))
	status, _, _ := refresh(sys, tokens.RefreshToken)
	require.Equal(t, http.StatusUnauthorized, status)
}

func TestPairing(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	redeem := func(code string, year int) int {
		got, err := sys.Stranger().RedeemPairingWithResponse(context.Background(), redemption(code, year))
		require.NoError(t, err)
		return got.StatusCode()
	}
	t.Run("works once", func(t *testing.T) {
		invite := invited(t, sys, therapist, anna)
		require.Equal(t, http.StatusCreated, redeem(invite.Code, anna.BirthYear))
		require.Equal(t, http.StatusNotFound, redeem(invite.QrPayload, anna.BirthYear))
		sys.Clock.Advance(5*time.Minute + time.Second)
		require.Equal(t, http.StatusNotFound, redeem(invite.Code, anna.BirthYear))
	})
	t.Run("typed as people type", func(t *testing.T) {
		code := strings.ToLower(strings.ReplaceAll(invited(t, sys, therapist, anna).Code, "-", " "))
		require.Equal(
			t, http.StatusCreated, redeem(" "+strings.NewReplacer("0", "o", "1", "l").Replace(code), anna.BirthYear),
		)
	})
	t.Run("with the secret of the QR image, which stays behind the #", func(t *testing.T) {
		invite := invited(t, sys, therapist, anna)
		page, secret, found := strings.Cut(invite.QrPayload, "#")
		require.True(t, found)
		require.Equal(t, sys.URL+"/p", page)
		require.Equal(t, http.StatusCreated, redeem(secret, anna.BirthYear))
	})
	t.Run("five wrong years end the invite", func(t *testing.T) {
		invite := invited(t, sys, therapist, anna)
		for range 5 {
			require.Equal(t, http.StatusNotFound, redeem(invite.Code, anna.BirthYear+1))
		}
		require.Equal(t, http.StatusNotFound, redeem(invite.Code, anna.BirthYear))
	})
	t.Run("ends after 72 hours", func(t *testing.T) {
		invite := invited(t, sys, therapist, anna)
		sys.Clock.Advance(auth.InviteTTL)
		require.Equal(t, http.StatusNotFound, redeem(invite.Code, anna.BirthYear))
	})
	t.Run("a newer invite ends the older one", func(t *testing.T) {
		older := invited(t, sys, therapist, anna)
		invited(t, sys, therapist, anna)
		require.Equal(t, http.StatusNotFound, redeem(older.Code, anna.BirthYear))
	})
	t.Run("repeating an invite gives the same code", func(t *testing.T) {
		body := client.NewPairing{ID: sys.NewID(), PatientID: string(anna.ID)}
		first, err := therapist.CreatePairingWithResponse(context.Background(), body)
		require.NoError(t, err)
		again, err := therapist.CreatePairingWithResponse(context.Background(), body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, again.StatusCode())
		require.Equal(t, first.JSON201.Code, again.JSON200.Code)
	})
	t.Run("guessing locks the address out", func(t *testing.T) {
		status := 0
		for range 40 {
			if status = redeem("AAAA-AAAA-AAAAA", 1971); status != http.StatusNotFound {
				break
			}
		}
		require.Equal(t, http.StatusTooManyRequests, status)
	})
}

// A phone that lost the answer to its pairing asks again and is answered the same,
// until it uses what it got. Nobody else is.
func TestPairingAnsweredTwice(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		redeem := func(r client.PairingRedemption) (int, client.PatientTokens) {
			got, err := sys.Stranger().RedeemPairingWithResponse(context.Background(), r)
			require.NoError(t, err)
			if got.JSON201 == nil {
				return got.StatusCode(), client.PatientTokens{}
			}
			return got.StatusCode(), *got.JSON201
		}
		phone := sys.NewID()
		request := redemption(invited(t, sys, therapist, anna).Code, anna.BirthYear)
		request.Device.ID = &phone
		status, first := redeem(request)
		require.Equal(t, http.StatusCreated, status)

		sys.Clock.Advance(5 * time.Minute)
		status, again := redeem(request)
		require.Equal(t, http.StatusCreated, status)
		require.Equal(
			t, []string{first.RefreshToken, first.DeviceID, first.PatientID},
			[]string{again.RefreshToken, again.DeviceID, again.PatientID},
		)
		devices := sys.Call("GET", "/v1/me/devices", again.AccessToken, nil)
		require.Equal(t, 1, strings.Count(string(devices.Body), `"name":"x"`), string(devices.Body))

		for name, change := range map[string]func(*client.PairingRedemption){
			"another phone":   func(r *client.PairingRedemption) { other := sys.NewID(); r.Device.ID = &other },
			"a phone unnamed": func(r *client.PairingRedemption) { r.Device.ID = nil },
			"another name":    func(r *client.PairingRedemption) { r.Device.Name = "y" },
			"another platform": func(r *client.PairingRedemption) {
				r.Device.Platform = client.NewDevicePlatformAndroid
			},
			"another year": func(r *client.PairingRedemption) { r.BirthYear++ },
		} {
			other := request
			change(&other)
			status, _ = redeem(other)
			require.Equal(t, http.StatusNotFound, status, name)
		}

		status, _, _ = refresh(sys, again.RefreshToken)
		require.Equal(t, http.StatusOK, status)
		status, _ = redeem(request)
		require.Equal(t, http.StatusNotFound, status, "the phone has its answer")
	})
}

// Who signs a lost phone out within those minutes is not undone by asking again, and after them nobody is answered.
func TestPairingIsNotAnsweredTwice(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		for name, end := range map[string]func(token string){
			"signed out": func(token string) {
				require.Equal(t, http.StatusNoContent, sys.Call("DELETE", "/v1/auth/session", token, nil).Status)
			},
			"too late": func(string) { sys.Clock.Advance(5*time.Minute + time.Second) },
		} {
			phone := sys.NewID()
			request := redemption(invited(t, sys, therapist, anna).Code, anna.BirthYear)
			request.Device.ID = &phone
			first, err := sys.Stranger().RedeemPairingWithResponse(context.Background(), request)
			require.NoError(t, err)
			require.NotNil(t, first.JSON201, name)
			end(first.JSON201.AccessToken)
			again, err := sys.Stranger().RedeemPairingWithResponse(context.Background(), request)
			require.NoError(t, err)
			require.Equal(t, http.StatusNotFound, again.StatusCode(), name)
		}
	})
}

func TestLogIn(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/practice/members", sys.Admin.Token(), map[string]any{
		"id":       sys.NewID(),
		"name":     "T. de Vries",
		"email":    "T.DeVries@Praktijk.example",
		"password": testkit.Password,
		"role":     "therapist",
	}).Status)
	logIn := func(email, password string) testkit.Answer {
		return sys.Call("POST", "/v1/auth/sessions", "", map[string]any{"email": email, "password": password})
	}
	require.Equal(t, http.StatusCreated, logIn("t.devries@praktijk.example", testkit.Password).Status)
	wrong, unknown := logIn("t.devries@praktijk.example", "verkeerd"), logIn("nobody@praktijk.example", "verkeerd")
	require.Equal(t, http.StatusUnauthorized, wrong.Status)
	require.Equal(t, wrong.Problem().Detail, unknown.Problem().Detail, "whether an account exists is nobody's business")
	for range 4 {
		logIn("t.devries@praktijk.example", "verkeerd")
	}
	locked := logIn("t.devries@praktijk.example", testkit.Password)
	require.Equal(t, http.StatusTooManyRequests, locked.Status)
	require.NotEmpty(t, locked.Header.Get("Retry-After"))
	sys.Clock.Advance(3 * time.Minute)
	require.Equal(
		t, http.StatusCreated, logIn("t.devries@praktijk.example", testkit.Password).Status, "a lock-out ends",
	)
	for _, weak := range []string{"wachtwoord1234", "aaaaaaaaaaaa"} {
		got := sys.Call("POST", "/v1/practice/members", sys.Admin.Token(), map[string]any{
			"id": sys.NewID(), "name": "X", "email": "x@praktijk.example", "password": weak, "role": "therapist"})
		require.Equal(t, http.StatusBadRequest, got.Status)
		require.Equal(t, "too-common", got.Problem().Errors[0].Code)
	}
}

func TestSeeds(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "c2hvcnQ=", "not base64!", base64.StdEncoding.EncodeToString(make([]byte, 33))} {
		_, err := auth.ParseSeed(text)
		require.Error(t, err)
	}
	path := filepath.Join(t.TempDir(), "cadans.key")
	_, err := auth.LoadSeed(path)
	require.ErrorIs(t, err, fs.ErrNotExist)
	made, err := auth.CreateSeed(path)
	require.NoError(t, err)
	again, err := auth.LoadSeed(path)
	require.NoError(t, err)
	require.Equal(t, made, again)
	require.NoError(t, os.Chmod(path, 0o644))
	_, err = auth.LoadSeed(path)
	require.ErrorContains(t, err, "can be read by others")
}

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }
