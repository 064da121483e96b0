package database_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(testdb.Suite{M: m})
}

var now = time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.UTC)

func openSQLite(t *testing.T, path string) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), database.Options{Path: path, Clock: clock.NewManual(now)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// eachDatabase runs one promise on both databases.
func eachDatabase(t *testing.T, promise func(*testing.T, *database.DB)) {
	t.Helper()
	testdb.EachDatabase(t, func(t *testing.T, o database.Options) {
		o.Clock = clock.NewManual(now)
		db, err := database.Open(context.Background(), o)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		promise(t, db)
	})
}

func insert(tx *database.Tx, id string) error {
	_, err := tx.Exec("INSERT INTO practices (id, name, created_at) VALUES (?, ?, ?)", id, "P", database.At(tx.Now()))
	return err
}

func count(t *testing.T, db *database.DB) (n int) {
	t.Helper()
	require.NoError(t, db.Read(context.Background(), func(tx *database.Tx) error {
		return tx.Value(&n, "SELECT count(*) FROM practices")
	}))
	return n
}

func TestWriteIsAllOrNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db *database.DB) {
		wrong := errors.New("wrong")
		err := db.Write(context.Background(), func(tx *database.Tx) error {
			require.NoError(t, insert(tx, "a"))
			return wrong
		})
		require.ErrorIs(t, err, wrong)
		require.Zero(t, count(t, db))
		require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, "a") }))
		require.Equal(t, 1, count(t, db))
	})
}

// One failure or panic undoes only its own rows, whoever shares the commit.
func TestConcurrentWritersDoNotHurtEachOther(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db *database.DB) {
		var wait sync.WaitGroup
		var stored atomic.Int64
		for i := range 300 {
			wait.Go(func() {
				err := db.Write(context.Background(), func(tx *database.Tx) error {
					if err := insert(tx, fmt.Sprintf("p%d", i)); err != nil {
						return err
					}
					switch i % 5 {
					case 0:
						return errors.New("changed my mind")
					case 1:
						panic("a defect")
					case 2:
						return insert(tx, fmt.Sprintf("p%d", i)) // the same key again
					default:
						return nil
					}
				})
				if err == nil {
					stored.Add(1)
				}
			})
		}
		wait.Wait()
		require.Equal(t, int64(120), stored.Load())
		require.Equal(t, 120, count(t, db))
	})
}

// together makes writes share one commit on SQLite, in this order, and returns their
// errors: they wait while another write runs.
func together(t *testing.T, db *database.DB, writes ...func(*database.Tx) error) []error {
	t.Helper()
	running, release := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		require.NoError(t, db.Write(context.Background(), func(*database.Tx) error {
			close(running)
			<-release
			return nil
		}))
	})
	<-running
	errs := make([]error, len(writes))
	for i, write := range writes {
		wait.Go(func() { errs[i] = db.Write(context.Background(), write) })
		<-clock.System{}.After(20 * time.Millisecond) // it waits in line now
	}
	close(release)
	wait.Wait()
	return errs
}

// A write that fails halfway is undone alone, for which the others of its commit run again; one that has
// changed nothing costs nobody anything.
func TestAWriteThatFailsIsUndoneAlone(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong")
	for _, tc := range []struct {
		name  string
		fails func(*database.Tx) error
		runs  int
	}{
		{"before it changed anything", func(tx *database.Tx) error {
			var n int
			return errors.Join(tx.Value(&n, "SELECT count(*) FROM practices"), wrong)
		}, 1},
		{"after an insert", func(tx *database.Tx) error { return errors.Join(insert(tx, "gone"), wrong) }, 2},
		{"after rows that an update returned", func(tx *database.Tx) error {
			_, err := database.Column[string](
				tx, "INSERT INTO practices (id, name, created_at) VALUES ('gone', 'P', 0) RETURNING id",
			)
			return errors.Join(err, wrong)
		}, 2},
		{"in a panic", func(tx *database.Tx) error {
			require.NoError(t, insert(tx, "gone"))
			panic(wrong)
		}, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			db := openSQLite(t, filepath.Join(t.TempDir(), "x.db"))
			runs, failures := 0, 0
			errs := together(t, db,
				func(tx *database.Tx) error { runs++; return insert(tx, "a") },
				func(tx *database.Tx) error { failures++; return tc.fails(tx) },
				func(tx *database.Tx) error { return insert(tx, "b") })
			require.ErrorContains(t, errs[1], "wrong")
			require.NoError(t, errors.Join(errs[0], errs[2]))
			require.Equal(t, 2, count(t, db), "the others, and nothing of the one that failed")
			require.Equal(t, tc.runs, runs)
			require.Equal(t, 1, failures, "what failed is not tried again")
		})
	}
}

// When SQLite ends the transaction by itself, nothing of the commit is stored, what comes
// after included, and everybody is told.
func TestALostTransactionStoresNothing(t *testing.T) {
	t.Parallel()
	db := openSQLite(t, filepath.Join(t.TempDir(), "x.db"))
	errs := together(t, db,
		func(tx *database.Tx) error { return insert(tx, "before") },
		func(tx *database.Tx) error { _, err := tx.Exec("ROLLBACK"); return err },
		func(tx *database.Tx) error { return insert(tx, "after") })
	for _, err := range errs {
		require.ErrorIs(t, err, database.ErrUnavailable)
	}
	require.Zero(t, count(t, db))
	require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, "later") }))
}

func TestReadThenWriteDoesNotDeadlock(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db *database.DB) {
		require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, "counter") }))
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				for range 25 {
					require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error {
						if err := tx.LockPatient("counter"); err != nil {
							return err
						}
						var at database.Instant
						if err := tx.Value(&at, "SELECT created_at FROM practices WHERE id = 'counter'"); err != nil {
							return err
						}
						_, err := tx.Exec("UPDATE practices SET created_at = ? WHERE id = 'counter'", at+1)
						return err
					}))
				}
			})
		}
		wait.Wait()
		var at database.Instant
		require.NoError(t, db.Read(context.Background(), func(tx *database.Tx) error {
			return tx.Value(&at, "SELECT created_at FROM practices WHERE id = 'counter'")
		}))
		require.Equal(t, database.At(now)+200, at, "an update was lost")
	})
}

// A caller that gives up while others are being committed takes nobody with it.
func TestACancelledWriterHurtsNobody(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db *database.DB) {
		var wait sync.WaitGroup
		for i := range 100 {
			wait.Go(func() {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				impatient := i%2 == 0
				err := db.Write(ctx, func(tx *database.Tx) error {
					if impatient {
						cancel()
					}
					return insert(tx, fmt.Sprintf("p%d", i))
				})
				if !impatient {
					require.NoError(t, err)
				}
			})
		}
		wait.Wait()
		var patient int
		require.NoError(t, db.Read(context.Background(), func(tx *database.Tx) error {
			for i := 1; i < 100; i += 2 {
				var n int
				err := tx.Value(&n, "SELECT count(*) FROM practices WHERE id = ?", fmt.Sprintf("p%d", i))
				if err != nil {
					return err
				}
				patient += n
			}
			return nil
		}))
		require.Equal(t, 50, patient)
	})
}

func TestInstantsCompareAcrossZones(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db *database.DB) {
		sydney := time.FixedZone("AEDT", 11*60*60)
		early, late := now.In(sydney), now.Add(time.Hour).UTC()
		require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error {
			for id, at := range map[string]time.Time{"early": early, "late": late} {
				_, err := tx.Exec(
					"INSERT INTO practices (id, name, created_at) VALUES (?, 'P', ?)", id, database.At(at),
				)
				if err != nil {
					return err
				}
			}
			return nil
		}))
		require.NoError(t, db.Read(context.Background(), func(tx *database.Tx) error {
			due, err := database.Column[string](
				tx, "SELECT id FROM practices WHERE created_at <= ? ORDER BY created_at", database.At(now),
			)
			require.NoError(t, err)
			require.Equal(t, []string{"early"}, due)
			var newest database.Instant
			require.NoError(t, tx.Value(&newest, "SELECT max(created_at) FROM practices"))
			require.Equal(t, late.Truncate(time.Millisecond), newest.Time())
			return nil
		}))
	})
}

func TestNowIsFrozenInWholeMilliseconds(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db *database.DB) {
		require.NoError(t, db.Read(context.Background(), func(tx *database.Tx) error {
			require.Equal(t, time.Date(2026, 3, 2, 9, 0, 0, 123e6, time.UTC), tx.Now())
			return nil
		}))
	})
}

func TestAReadCannotWrite(t *testing.T) {
	t.Parallel()
	db := openSQLite(t, filepath.Join(t.TempDir(), "x.db"))
	require.ErrorContains(
		t, db.Read(context.Background(), func(tx *database.Tx) error { return insert(tx, "a") }), "readonly",
	)
}

func TestForeignKeysHold(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db *database.DB) {
		require.Error(t, db.Write(context.Background(), func(tx *database.Tx) error {
			_, err := tx.Exec("INSERT INTO treatments (patient_id, member_id, since) VALUES ('nobody', 'nobody', 0)")
			return err
		}))
	})
}

func TestASecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	openSQLite(t, path)
	_, err := database.Open(context.Background(), database.Options{Path: path, Clock: clock.System{}})
	require.ErrorContains(t, err, "in use by another process")
}

func TestAnOldBinaryRefusesANewerSchema(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db *database.DB) {
		require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error {
			_, err := tx.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, ?)", true)
			return err
		}))
		require.ErrorIs(t, database.Remigrate(db), database.ErrNewerSchema)
	})
}

func TestSeveralReplicasMigrateAtOnce(t *testing.T) {
	t.Parallel()
	url := testdb.EmptyPostgres(t)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			db, err := database.Open(context.Background(), database.Options{URL: url, Clock: clock.System{}})
			require.NoError(t, err)
			require.NoError(t, db.Close())
		})
	}
	wait.Wait()
}

// Both databases have the same tables with the same columns, nullable alike.
func TestSchemasAgree(t *testing.T) {
	t.Parallel()
	describe := func(db *database.DB, query string) (columns []string) {
		require.NoError(t, db.Read(context.Background(), func(tx *database.Tx) (err error) {
			columns, err = database.Column[string](tx, query)
			return err
		}))
		return columns
	}
	sqlite := openSQLite(t, filepath.Join(t.TempDir(), "x.db"))
	postgres, err := database.Open(
		context.Background(), database.Options{URL: testdb.Postgres(t), Clock: clock.System{}},
	)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, postgres.Close()) })
	inSQLite := describe(sqlite, `SELECT m.name || '.' || c.name || CASE WHEN c."notnull" = 1 THEN '' ELSE ' null' END
		FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
		AND m.name NOT LIKE 'goose%' ORDER BY 1`)
	inPostgres := describe(postgres,
		`SELECT table_name || '.' || column_name || CASE WHEN is_nullable = 'NO' THEN '' ELSE ' null' END
		FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%' ORDER BY 1`)
	require.ElementsMatch(t, inPostgres, inSQLite)
	require.Greater(t, len(inSQLite), 100)
}

// kill -9 cannot show that a commit reached the disk: the kernel keeps the pages. Counting the calls can.
func TestEveryAcknowledgedWriteIsSynced(t *testing.T) {
	if os.Getenv("CADANS_TEST_SYNC") != "" {
		writeOneByOne(t, os.Getenv("CADANS_TEST_SYNC"))
		return
	}
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		testdb.Missing(t, "strace")
	}
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	cmd := exec.Command(
		strace, "-f", "-e", "trace=fsync,fdatasync", "-o", trace, os.Args[0], "-test.run",
		"^TestEveryAcknowledgedWriteIsSynced$",
	)
	cmd.Env = append(os.Environ(), "CADANS_TEST_SYNC="+filepath.Join(dir, "x.db"))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	calls, err := os.ReadFile(trace)
	require.NoError(t, err)
	require.GreaterOrEqual(
		t, strings.Count(string(calls), "sync("), syncedWrites, "an acknowledged write was not synced",
	)
}

const syncedWrites = 200

func writeOneByOne(t *testing.T, path string) {
	t.Helper()
	db := openSQLite(t, path)
	for i := range syncedWrites {
		require.NoError(
			t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, fmt.Sprint(i)) }),
		)
	}
}

// A disk that is full refuses writes with "try again", still reads, and takes writes again once there is room, without
// a restart. A quota on the size of a file stands for the disk; it counts for a whole process, so this runs in its own.
func TestAFullDisk(t *testing.T) {
	if path := os.Getenv("CADANS_TEST_FULL"); path != "" {
		fillTheDisk(t, path)
		return
	}
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestAFullDisk$")
	cmd.Env = append(os.Environ(), "CADANS_TEST_FULL="+filepath.Join(t.TempDir(), "x.db"))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

func fillTheDisk(t *testing.T, path string) {
	t.Helper()
	db := openSQLite(t, path)
	stored := 0
	put := func() error {
		err := db.Write(context.Background(), func(tx *database.Tx) error {
			_, err := tx.Exec(
				"INSERT INTO practices (id, name, created_at) VALUES (?, ?, 0)", fmt.Sprint(stored),
				strings.Repeat("x", 20_000),
			)
			return err
		})
		if err == nil {
			stored++
		}
		return err
	}
	require.NoError(t, put())
	signal.Ignore(syscall.SIGXFSZ)
	var before syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before))
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: before.Max}))
	var err error
	for range 500 {
		if err = put(); err != nil {
			break
		}
	}
	require.True(t, fault.Is(err, fault.Transient), "%v", err)
	for range 20 { // what was left may hold a few small writes
		if err = db.Ready(context.Background()); err != nil {
			break
		}
	}
	require.True(t, fault.Is(err, fault.Transient), "readiness writes: %v", err)
	require.Equal(t, stored, count(t, db), "what was acknowledged is there, and it reads")
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before))
	require.NoError(t, put())
	require.Equal(t, stored, count(t, db))
}

// Readiness writes, and says "try again" when it cannot.
func TestReadyWrites(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db *database.DB) {
		require.NoError(t, db.Ready(context.Background()))
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		require.True(t, fault.Is(db.Ready(ctx), fault.Transient))
	})
}

// A server that answers before a commit is on disk is refused.
func TestAPostgreSQLThatDoesNotSyncIsRefused(t *testing.T) {
	t.Parallel()
	url := testdb.Postgres(t)
	_, err := database.Open(
		context.Background(), database.Options{URL: url + "&synchronous_commit=off", Clock: clock.System{}},
	)
	require.ErrorContains(t, err, "synchronous_commit")
}

// A database of the first schema keeps its rows on the way to this one, and the way
// back and forth leaves the same schema.
func TestAnOldDatabaseIsUpgraded(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db *database.DB) {
		require.NoError(t, database.Downgrade(db, 1))
		require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error {
			for _, statement := range []string{
				"INSERT INTO practices (id, name, created_at) VALUES ('pr', 'P', 0)",
				"INSERT INTO members (id, practice_id, name, email, role, password_hash, body_hash, created_at) " +
					"VALUES ('m', 'pr', 'M', 'm', 'therapist', 'x', 'x', 0)",
				`INSERT INTO patients (id, practice_id, name, birth_year, complaint, phase, language, time_zone,
					push_consent, anchor_time,
					quiet_from, quiet_until, max_per_day, max_per_week, body_hash, created_at)
					VALUES ('p', 'pr', 'P', 1971, 'neck', 'treatment', 'nl', 'UTC', true, '09:00', '21:00',
					'08:00', 1, 5, 'x', 0)`,
				`INSERT INTO program_versions (id, patient_id, number, effective_from, items, published_at,
					published_by, body_hash)
					VALUES ('v', 'p', 1, '2026-01-01', '[]', 0, 'm', 'x')`,
				`INSERT INTO sessions (patient_id, id, performed_at, utc_offset_s, time_zone, local_date,
					program_version_id, status, items,
					credit_permille, received_at, revision, revised_at, body_hash)
					VALUES ('p', 's', 0, 0, 'UTC', '2026-01-02', 'v', 'completed', '[]', 1000, 0, 1, 0, 'x')`,
			} {
				if _, err := tx.Exec(statement); err != nil {
					return err
				}
			}
			return nil
		}))
		require.NoError(t, database.Remigrate(db))
		require.NoError(t, db.Read(context.Background(), func(tx *database.Tx) error {
			var origin, signs string
			require.NoError(t, tx.Value(&origin, "SELECT origin FROM program_versions WHERE id = 'v'"))
			require.NoError(t, tx.Value(&signs, "SELECT new_signs FROM sessions WHERE id = 's'"))
			require.Equal(t, []string{"published", ""}, []string{origin, signs})
			var job, status string
			require.NoError(t, tx.Value(&job, "SELECT key FROM jobs WHERE kind = 'ledger'"), "days get what they lack")
			require.NoError(
				t, tx.Value(&status, "SELECT patient_id FROM patient_status WHERE holds_until = 0"), "a status is made",
			)
			require.Equal(t, []string{"p", "p"}, []string{job, status})
			return nil
		}))
	})
}

// Lists of every length are few statements, and a list names what it names.
func TestLists(t *testing.T) {
	t.Parallel()
	statements := map[string]bool{}
	for n := range database.ListLimit + 1 {
		values := make([]int, n)
		for i := range values {
			values[i] = i
		}
		args := database.Args(values)
		statements[database.List(values)] = true
		require.Equal(t, strings.Count(database.List(values), "?"), len(args))
		require.Less(t, len(args), max(2*n, 2))
		for i, arg := range args {
			require.Equal(t, min(i, n-1), arg)
		}
	}
	require.Len(t, statements, 11, "none, 1, 2, 4 … 512")
}
