package app_test

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/run/app"
	"cadans/internal/run/testkit"
)

const email = "a.visser@praktijk.example"

// installation is a directory that servers are started on, one after the other.
type installation struct {
	t     *testing.T
	dir   string
	clock *clock.Manual
}

func newInstallation(t *testing.T) *installation {
	return &installation{t, t.TempDir(), clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
}

func (i *installation) start(change func(*config.Config)) (*app.App, error) {
	c := config.Config{
		SecondFactor: config.Required, PublicURL: "http://127.0.0.1", SweepInterval: time.Minute,
		DatabasePath: filepath.Join(i.dir, "cadans.db"),
	}
	change(&c)
	return app.New(
		context.Background(), c,
		app.Deps{Contract: testkit.Contract(i.t), Clock: i.clock, Log: slog.New(slog.DiscardHandler)},
	)
}

func (i *installation) runs(change func(*config.Config), do func(*app.App)) {
	i.t.Helper()
	a, err := i.start(change)
	require.NoError(i.t, err)
	do(a)
	require.NoError(i.t, a.Stop(0))
}

func asIs(*config.Config) {}

// enrols makes an admin with an authenticator app, and returns the app's secret.
func (i *installation) enrols(a *app.App) (secret string) {
	ctx := context.Background()
	require.NoError(i.t, a.Founding.CreatePractice(ctx, id.Practice(id.New()), "Praktijk Zuid", people.NewMember{
		ID: id.Member(id.New()), Name: "A. Visser", Email: email, Password: testkit.Password, Role: access.Admin,
	}))
	cookie, next, err := a.Auth.SignIn(ctx, auth.Login{Email: email, Password: testkit.Password})
	require.NoError(i.t, err)
	require.Equal(i.t, auth.NeedsApp, next)
	proving, err := a.Auth.Proving(ctx, cookie)
	require.NoError(i.t, err)
	secret = secretOf(i.t, proving.URI)
	_, _, err = a.Auth.Prove(ctx, cookie, i.code(secret))
	require.NoError(i.t, err)
	return secret
}

func (i *installation) code(secret string) string {
	i.clock.Advance(time.Minute) // each code works once
	code, err := totp.GenerateCode(secret, i.clock.Now())
	require.NoError(i.t, err)
	return code
}

func (i *installation) logsIn(secret string) func(*app.App) {
	return func(a *app.App) {
		_, err := a.Auth.LogIn(
			context.Background(), auth.Login{Email: email, Password: testkit.Password}, i.code(secret),
		)
		require.NoError(i.t, err)
	}
}

// Without its key a database with members is not served: a new key would open no second factor.
func TestALostKeyIsSaid(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	var secret string
	i.runs(asIs, func(a *app.App) { secret = i.enrols(a) })
	key := filepath.Join(i.dir, "cadans.key")
	require.NoError(t, os.Rename(key, key+".away"))
	_, err := i.start(asIs)
	require.ErrorContains(t, err, "restore it from the backup")
	require.NoFileExists(t, key, "no new key is made")

	_, err = i.start(func(c *config.Config) { c.SigningKey = anotherKey() })
	require.ErrorIs(t, err, auth.ErrForeignKey)

	require.NoError(t, os.Rename(key+".away", key))
	i.runs(asIs, i.logsIn(secret))
}

func anotherKey() string {
	seed := make([]byte, 32)
	seed[0] = 1
	return base64.StdEncoding.EncodeToString(seed)
}

// After a rotation second factors are sealed anew, so that the old key may go.
func TestARotatedKeyOpensEverything(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	var secret string
	i.runs(asIs, func(a *app.App) { secret = i.enrols(a) })
	old, err := os.ReadFile(filepath.Join(i.dir, "cadans.key"))
	require.NoError(t, err)
	i.runs(func(c *config.Config) { c.SigningKey, c.PreviousSigningKey = anotherKey(), string(old) }, i.logsIn(secret))
	i.runs(func(c *config.Config) { c.SigningKey = anotherKey() }, i.logsIn(secret))
}

// A key that was never noted, as in a database of an older version, has to open what is sealed there.
func TestAnOldDatabaseNotesItsKey(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	var secret string
	i.runs(asIs, func(a *app.App) { secret = i.enrols(a) })
	forget := func(a *app.App) { i.write(a, "DELETE FROM signing_keys") }
	i.runs(asIs, forget)
	_, err := i.start(func(c *config.Config) { c.SigningKey = anotherKey() })
	require.ErrorIs(t, err, auth.ErrForeignKey)
	i.runs(asIs, i.logsIn(secret))
}

func (i *installation) write(a *app.App, statement string) {
	require.NoError(i.t, a.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec(statement)
		return err
	}))
}

func secretOf(t *testing.T, uri string) string {
	t.Helper()
	parsed, err := url.Parse(uri)
	require.NoError(t, err)
	return parsed.Query().Get("secret")
}
