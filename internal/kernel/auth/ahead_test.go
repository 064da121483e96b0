package auth_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

// rolledBack is a system whose database went back to before a phone's latest tokens.
type rolledBack struct {
	sys     *testkit.System
	tokens  []string // in the order they were issued; the database knows the first two
	patient *testkit.Patient
}

func newRolledBack(t *testing.T) rolledBack {
	t.Helper()
	path, backup := filepath.Join(t.TempDir(), "cadans.db"), filepath.Join(t.TempDir(), "backup.db")
	copies := func(from, to string) func() {
		return func() {
			for _, suffix := range []string{"", ".pages", ".anchor"} {
				content, err := os.ReadFile(from + suffix)
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(to+suffix, content, 0o600))
			}
		}
	}
	sys := testkit.Start(t, testkit.OnFile(path))
	p, first := pair(t, sys)
	r := rolledBack{sys: sys, tokens: []string{first.RefreshToken}, patient: p}
	r.issues(t, 1)
	sys.Restart(copies(path, backup))
	r.issues(t, 3)
	sys.Restart(copies(backup, path), testkit.Accepting)
	sys.ExpectedErrors()
	return r
}

func (r *rolledBack) issues(t *testing.T, n int) {
	t.Helper()
	for range n {
		status, next, _ := refresh(r.sys, r.tokens[len(r.tokens)-1])
		require.Equal(t, http.StatusOK, status)
		r.tokens = append(r.tokens, next.RefreshToken)
	}
}

func (r *rolledBack) shows(t *testing.T, token string) (int, string, string) {
	t.Helper()
	status, next, code := refresh(r.sys, token)
	return status, next.RefreshToken, code
}

// The phone's own token is accepted, once, and goes on from there; its lost answer is given again.
func TestATokenAheadOfTheDatabase(t *testing.T) {
	t.Parallel()
	r := newRolledBack(t)
	latest := r.tokens[4]
	status, next, _ := r.shows(t, latest)
	require.Equal(t, http.StatusOK, status)
	status, again, _ := r.shows(t, latest)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, next, again)
	status, following, _ := r.shows(t, next)
	require.Equal(t, http.StatusOK, status)
	status, _, code := r.shows(t, latest)
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, "refresh-reused", code, "once")
	status, _, _ = r.shows(t, following)
	require.Equal(t, http.StatusUnauthorized, status, "reuse ends the session as ever")
}

// Whoever holds an older token gains nothing once the phone has come: it is reuse.
func TestOlderTokensAreReuseAfterTheLatest(t *testing.T) {
	t.Parallel()
	for i, name := range []string{"used before", "the last known", "lost and used", "lost and used later"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRolledBack(t)
			status, next, _ := r.shows(t, r.tokens[4])
			require.Equal(t, http.StatusOK, status)
			status, _, code := r.shows(t, r.tokens[i])
			require.Equal(t, http.StatusUnauthorized, status)
			require.Equal(t, "refresh-reused", code)
			status, _, _ = r.shows(t, next)
			require.Equal(t, http.StatusUnauthorized, status)
		})
	}
}

// When somebody else comes before the phone, with the last known token or a lost one, the phone's ends the session
// of both.
func TestTwoHoldersEndTheSession(t *testing.T) {
	t.Parallel()
	for name, i := range map[string]int{"the last known": 1, "lost and used": 2, "lost and used later": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRolledBack(t)
			status, stolen, _ := r.shows(t, r.tokens[i])
			require.Equal(t, http.StatusOK, status)
			status, _, code := r.shows(t, r.tokens[4])
			require.Equal(t, http.StatusUnauthorized, status)
			require.Equal(t, "refresh-reused", code)
			status, _, _ = r.shows(t, stolen)
			require.Equal(t, http.StatusUnauthorized, status)
		})
	}
}

// A token stolen before the loss has been used, and is reuse as before: the new epoch gives it nothing.
func TestATokenStolenBeforeTheLossGainsNothing(t *testing.T) {
	t.Parallel()
	r := newRolledBack(t)
	r.sys.Clock.Set(r.sys.Clock.Now().Add(6 * time.Minute))
	status, _, code := r.shows(t, r.tokens[0])
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, "refresh-reused", code)
}

// What ended stays ended, and what is too old, altered or of another session is refused; nothing of it ends the
// session.
func TestWhatATokenAheadCannotDo(t *testing.T) {
	t.Parallel()
	r := newRolledBack(t)
	latest := r.tokens[4]
	fields := strings.Split(latest, ".")
	altered := func(i int, value string) string {
		changed := append([]string(nil), fields...)
		changed[i] = value
		return strings.Join(changed, ".")
	}
	for name, token := range map[string]string{
		"another session":              altered(1, r.sys.NewID()),
		"a higher number":              altered(2, "99"),
		"the number written otherwise": altered(2, "+5"),
		"another epoch":                altered(3, r.sys.App.DB.Epoch().ID),
		"a later moment":               altered(4, "99999999999999"),
		"no signature":                 altered(5, ""),
		"another signature":            altered(5, strings.Repeat("A", 43)),
		"more":                         latest + "A",
	} {
		status, _, code := r.shows(t, token)
		require.Equal(t, http.StatusUnauthorized, status, name)
		require.Equal(t, "refresh-invalid", code, name)
	}
	began := r.sys.Clock.Now()
	r.sys.Clock.Set(began.AddDate(0, 0, 61))
	status, _, code := r.shows(t, latest)
	require.Equal(t, http.StatusUnauthorized, status, "after 60 days")
	require.Equal(t, "refresh-invalid", code)
	r.sys.Clock.Set(began)
	require.NoError(t, r.sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec("UPDATE auth_sessions SET revoked_at = ? WHERE id = ?", database.At(tx.Now()), fields[1])
		return err
	}))
	status, _, code = r.shows(t, latest)
	require.Equal(t, http.StatusUnauthorized, status, "a session that ended")
	require.Equal(t, "refresh-invalid", code)
}

// Somebody shows the last known token while the phone shows its lost one. They do not both go on.
func TestTwoHoldersAtOnce(t *testing.T) {
	t.Parallel()
	url := testdb.Postgres(t)
	sys := testkit.Start(t, testkit.AsReplica(url, 1))
	_, first := pair(t, sys)
	r := rolledBack{sys: sys, tokens: []string{first.RefreshToken}}
	r.issues(t, 4)
	forgets(t, sys, 2)
	release := holds(t, url, "SELECT 1 FROM refresh_tokens WHERE number = 2 FOR UPDATE")
	type answer struct {
		status int
		next   string
	}
	show := func(token string) <-chan answer {
		answers := make(chan answer, 1)
		go func() { status, next, _ := refresh(sys, token); answers <- answer{status, next.RefreshToken} }()
		return answers
	}
	known := show(r.tokens[1])
	waits(t, sys, 1)
	lost := show(r.tokens[4])
	waits(t, sys, 2)
	release()
	thief, phone := <-known, <-lost
	require.Equal(t, http.StatusOK, thief.status)
	require.Equal(t, http.StatusUnauthorized, phone.status)
	status, _, _ := r.shows(t, thief.next)
	require.Equal(t, http.StatusUnauthorized, status, "the session has ended")
}

// forgets rolls back every token after so many, as a loss does.
func forgets(t *testing.T, sys *testkit.System, known int) {
	t.Helper()
	require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec("DELETE FROM refresh_tokens WHERE number > ?", known)
		_, err2 := tx.Exec("UPDATE refresh_tokens SET used_at = NULL WHERE number = ?", known)
		return errors.Join(err, err2)
	}))
	require.NoError(t, sys.App.DB.Renew(context.Background(), sys.App.DB.Epoch().ID))
	sys.ExpectedErrors()
}

// holds locks rows until they are released.
func holds(t *testing.T, url, query string) (release func()) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	require.NoError(t, err)
	_, err = conn.Exec(context.Background(), "BEGIN; "+query)
	require.NoError(t, err)
	release = func() { _ = conn.Close(context.Background()) }
	t.Cleanup(release) // or those who wait would go on
	return release
}

// waits until so many transactions wait for a lock.
func waits(t *testing.T, sys *testkit.System, transactions int) {
	t.Helper()
	require.Eventually(t, func() bool {
		n := 0
		return sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
			return tx.Value(&n, `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock'`)
		}) == nil && n == transactions
	}, 20*time.Second, 10*time.Millisecond)
}

// A replica of an older version issues a token without a number while others go on counting. The numbers go on where
// they were: a phone's latest is above all others of its session.
func TestNumbersGoOnAfterAnOlderVersion(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	_, first := pair(t, sys)
	r := rolledBack{sys: sys, tokens: []string{first.RefreshToken}}
	r.issues(t, 5)
	require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec("UPDATE refresh_tokens SET number = 0, epoch = '' WHERE used_at IS NULL")
		return err
	}))
	sys.Clock.Advance(time.Second)
	status, next, _ := r.shows(t, r.tokens[5])
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "6", strings.Split(next, ".")[2])
	status, again, _ := r.shows(t, r.tokens[5])
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, next, again, "a lost answer is given again")
}
