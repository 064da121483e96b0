package trouble_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

// facts are the tables of what patients tell.
var facts = []string{"sessions", "barrier_reports", "check_ins", "activities"}

// counted returns how many facts there are of each kind.
func counted(sys *testkit.System) map[string]int {
	counts := sys.Stored()
	maps.DeleteFunc(counts, func(table string, _ int) bool { return !slices.Contains(facts, table) })
	return counts
}

// lossLine is what the log says of a loss.
type lossLine struct {
	Level   string `json:"level"`
	Message string `json:"msg"`
	Reason  string `json:"reason"`
	Missing *int64 `json:"missing_commits"`
	Since   string `json:"since"`
}

// losses returns the lines about a loss, and forgets them.
func losses(t *testing.T, sys *testkit.System) (lines []lossLine) {
	t.Helper()
	for line := range strings.Lines(sys.Log()) {
		if !strings.Contains(line, `"reason":"`) {
			continue
		}
		var l lossLine
		require.NoError(t, json.Unmarshal([]byte(line), &l))
		lines = append(lines, l)
	}
	sys.ExpectedErrors()
	return lines
}

// servers are a primary and a standby that follows it.
type servers struct{ primary, standby *testdb.Cluster }

func newServers(t *testing.T) servers {
	t.Helper()
	primary := testdb.NewCluster(t)
	primary.Exec("postgres", "CREATE DATABASE cadans")
	return servers{primary, primary.Standby("beside")}
}

func (s servers) url() string { return s.primary.URL("cadans", s.standby) }

// inStep lets no commit be answered before the standby has it.
func (s servers) inStep(t *testing.T) {
	s.primary.Exec("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'beside'")
	s.primary.Exec("postgres", "SELECT pg_reload_conf()")
	s.waitFor(t, "SELECT COALESCE(max(sync_state), '') FROM pg_stat_replication", "sync")
}

// cut lets the standby fall behind: what it has it keeps, and nothing more comes.
func (s servers) cut(t *testing.T) {
	s.waitFor(t, "SELECT (pg_current_wal_flush_lsn() <= max(flush_lsn))::text FROM pg_stat_replication", "true")
	s.standby.Exec("postgres", "ALTER SYSTEM SET primary_conninfo = ''")
	s.standby.Exec("postgres", "SELECT pg_reload_conf()")
	s.waitFor(t, "SELECT count(*)::text FROM pg_stat_replication", "0")
}

func (s servers) waitFor(t *testing.T, query, answer string) {
	t.Helper()
	require.Eventually(t, func() bool { return s.primary.Value(query) == answer }, 20*time.Second, 10*time.Millisecond)
}

// failOver kills the primary and lets the standby take over.
func (s servers) failOver() {
	s.primary.Kill()
	s.standby.Promote()
}

// A standby that was in step takes over while phones are sending: everything acknowledged is there, nobody is
// alarmed and nobody is signed out.
func TestAStandbyInStepLosesNothing(t *testing.T) {
	t.Parallel()
	s := newServers(t)
	s.inStep(t)
	sys := testkit.Start(t, testkit.AsReplica(s.url(), 1))
	require.NotContains(t, sys.Log(), "could lose")
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	var phones []*phone
	for _, name := range []string{"A. Jansen", "B. Bakker", "C. Dekker"} {
		p := therapist.NewPatient(name, "Europe/Amsterdam")
		therapist.Publishes(p, 7)
		phones = append(phones, newPhone(t, sys, p))
	}
	var acknowledged atomic.Int64
	var sending sync.WaitGroup
	for _, p := range phones {
		p.looks()
		sending.Go(func() {
			for range 40 {
				p.tells("/v1/me/sessions", p.FullSession(sys.Clock.Now(), 3, 2))
				acknowledged.Add(1)
			}
		})
	}
	require.Eventually(t, func() bool { return acknowledged.Load() > 20 }, 20*time.Second, time.Millisecond)
	s.failOver()
	sending.Wait()
	for _, p := range phones {
		require.True(t, p.looks(), "another server is another epoch")
		require.Zero(t, p.sendsAgain(), "what was acknowledged is there")
	}
	require.Equal(t, 120, counted(sys)["sessions"], "and nothing twice")
	for _, line := range losses(t, sys) {
		require.Equal(t, "WARN", line.Level, line.Message)
	}
}

// A standby that had fallen behind takes over. What is gone is told, every replica has the new epoch without a restart,
// phones bring everything back once, and nobody is signed out.
func TestAStandbyBehindIsHealedByPhones(t *testing.T) {
	t.Parallel()
	s := newServers(t)
	sys, other := testkit.Start(t, testkit.AsReplica(s.url(), 1)), testkit.Start(t, testkit.AsReplica(s.url(), 2))
	require.Contains(t, sys.Log(), "synchronous_standby_names is empty")
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := newPhone(t, sys, therapist.NewPatient("A. Jansen", "Europe/Amsterdam"))
	therapist.Publishes(anna.Patient, 7)
	anna.tellsOfEverything()
	require.False(t, anna.looks(), "the first epoch is only kept")
	before := counted(sys)

	s.cut(t)
	renews(sys, other)
	anna.tellsOfEverything()
	renews(sys, other)
	anna.tellsOfEverything()
	all := counted(sys)
	require.NotEqual(t, before, all)
	s.failOver()

	renews(sys, other)
	require.True(t, anna.looks())
	require.Equal(t, before, counted(sys), "the standby did not have the rest")
	require.Equal(t, http.StatusOK, other.Call("GET", "/v1/me/today", anna.Token(), nil).Status)
	seen := other.Call("GET", "/v1/me/today", anna.Token(), nil).Header.Get("Database-Epoch")
	require.Equal(t, anna.epoch, seen, "the other replica knows it too")
	told := losses(t, sys)
	require.Len(t, told, 1)
	require.Equal(t, "ERROR", told[0].Level)
	require.Equal(t, "replaced", told[0].Reason)
	require.GreaterOrEqual(t, *told[0].Missing, int64(8), "as many commits of this replica are gone")
	require.Less(t, *told[0].Missing, int64(40))
	require.NotEmpty(t, told[0].Since)
	require.NotEmpty(t, losses(t, other))

	require.Positive(t, anna.sendsAgain())
	require.Equal(t, all, counted(sys), "everything that was acknowledged is there once")
	require.Zero(t, anna.sendsAgain())
	require.Equal(t, all, counted(sys))
	require.False(t, anna.looks(), "once is enough")
}

// renews lets so much time pass that a phone has to renew its tokens.
func renews(systems ...*testkit.System) {
	for _, sys := range systems {
		sys.Clock.Set(sys.Clock.Now().Add(11 * time.Minute))
	}
}

// files copies a SQLite database with what lies beside it.
func files(t *testing.T, from, to string, suffixes ...string) {
	t.Helper()
	for _, suffix := range suffixes {
		content, err := os.ReadFile(from + suffix)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(to+suffix, content, 0o600))
	}
}

// An operator restores a backup of yesterday. Whether its anchor says what is missing or was restored along,
// phones bring everything back, and nobody is signed out.
func TestAnOlderBackupIsHealedByPhones(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		restored []string
		with     []testkit.Option
		reason   string
		isKnown  bool
	}{
		"the anchor was elsewhere": {[]string{"", ".pages"}, []testkit.Option{testkit.Accepting},
			"accepted", true},
		"with its anchor, on purpose": {[]string{"", ".pages", ".anchor"},
			[]testkit.Option{testkit.Accepting}, "accepted", false},
		"with its anchor, and nobody told the program": {[]string{"", ".pages", ".anchor"}, nil, "proven", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "cadans.db")
			backup := filepath.Join(t.TempDir(), "backup.db")
			sys := testkit.Start(t, testkit.OnFile(path))
			therapist := sys.Therapist(sys.Admin, "T. de Vries")
			anna := newPhone(t, sys, therapist.NewPatient("A. Jansen", "Europe/Amsterdam"))
			therapist.Publishes(anna.Patient, 7)
			anna.tellsOfEverything()
			anna.looks()
			sys.Restart(func() { files(t, path, backup, "", ".pages", ".anchor") })
			require.False(t, anna.looks(), "a restart is no new epoch")
			before := counted(sys)
			for range 3 {
				renews(sys)
				anna.tellsOfEverything()
			}
			all := counted(sys)

			sys.Restart(func() { files(t, backup, path, tc.restored...) }, tc.with...)
			renews(sys)
			require.True(t, anna.looks())
			require.Equal(t, before, counted(sys))
			told := losses(t, sys)
			require.Len(t, told, 1)
			require.Equal(t, "ERROR", told[0].Level)
			require.Equal(t, tc.reason, told[0].Reason)
			require.Equal(t, tc.isKnown, told[0].Missing != nil)
			if tc.isKnown {
				require.GreaterOrEqual(t, *told[0].Missing, int64(3*len(facts)))
			}
			require.Positive(t, anna.sendsAgain())
			require.Equal(t, all, counted(sys))
			require.Zero(t, anna.sendsAgain())
			require.False(t, anna.looks(), "once is enough")
		})
	}
}
