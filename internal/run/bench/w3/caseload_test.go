// Package w3 measures the caseload of one therapist: 200 patients with 1 and with 5 years of history, among a
// million and among many more sessions of others, on SQLite and on PostgreSQL. All of it is one run, in turns, so
// that ratios mean something on a noisy machine:
//
//	make bench-caseload ROWS=20000000
package w3

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/rules/adherence"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/localtime"
)

var (
	many  = flag.Int("rows", 2_000_000, "sessions of others in the large database")
	turns = flag.Int("turns", 300, "requests to each database")
)

const (
	few       = 1_000_000
	patients  = 200
	perFiller = 1000 // sessions of each of the others
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(testdb.Suite{M: m}.Run())
}

// practice is one database and its therapist.
type practice struct {
	name      string
	sys       *testkit.System
	therapist *testkit.Member
	token     string
	times     []time.Duration
	stale     []time.Duration
}

func BenchmarkCaseload(b *testing.B) {
	for name, options := range map[string]func() []testkit.Option{
		"SQLite":     func() []testkit.Option { return nil },
		"PostgreSQL": func() []testkit.Option { return []testkit.Option{testkit.OnPostgres(b)} },
	} {
		b.Run(name, func(b *testing.B) {
			all := []*practice{
				build(b, "1 year, 1 M sessions", 1, few, options()),
				build(b, "5 years, 1 M sessions", 5, few, options()),
				build(b, fmt.Sprintf("1 year, %g M sessions", float64(*many)/1e6), 1, *many, options()),
			}
			for range *turns {
				for _, p := range all {
					p.times = append(p.times, p.get(b))
				}
			}
			for range 10 {
				for _, p := range all {
					p.spoil(b)
					p.stale = append(p.stale, p.get(b))
					require.NoError(b, p.sys.App.Statuses.Sweep(context.Background()))
				}
			}
			report(b, name, all)
		})
	}
}

func report(b *testing.B, database string, all []*practice) {
	b.Helper()
	base, baseStale := at(all[0].times, .5), at(all[0].stale, .5)
	fmt.Printf(
		"\n%-11s %-24s %9s %9s %7s   %12s %7s\n", database, "caseload of 200", "p50 ms", "p99 ms", "ratio",
		"all stale ms", "ratio",
	)
	for _, p := range all {
		p50, stale := at(p.times, .5), at(p.stale, .5)
		fmt.Printf("%-11s %-24s %9.1f %9.1f %7.2f   %12.1f %7.2f\n", "", p.name, ms(p50), ms(at(p.times, .99)),
			float64(p50)/float64(base), ms(stale), float64(stale)/float64(baseStale))
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func at(times []time.Duration, share float64) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[int(share*float64(len(sorted)-1))]
}

// get reads the whole caseload over HTTP.
func (p *practice) get(b *testing.B) time.Duration {
	b.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, p.sys.URL+"/v1/caseload?limit=200", nil)
	require.NoError(b, err)
	r.Header.Set("Authorization", "Bearer "+p.token)
	began := time.Now()
	response, err := http.DefaultClient.Do(r)
	require.NoError(b, err)
	size, err := io.Copy(io.Discard, response.Body)
	require.NoError(b, response.Body.Close())
	took := time.Since(began)
	require.NoError(b, err)
	require.Equal(b, http.StatusOK, response.StatusCode)
	require.Greater(b, size, int64(100_000), "200 rows of 28 days")
	return took
}

// spoil makes every status stale, as after a midnight that nobody swept.
func (p *practice) spoil(b *testing.B) {
	b.Helper()
	p.write(b, "UPDATE patient_status SET holds_until = 0")
}

func (p *practice) write(b *testing.B, query string, args ...any) {
	b.Helper()
	require.NoError(b, p.sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}))
}

// build makes a practice whose therapist treats 200 patients for some years, and others beside it.
func build(b *testing.B, name string, years, others int, with []testkit.Option) *practice {
	b.Helper()
	sys := testkit.Start(b, with...)
	p := &practice{name: name, sys: sys, therapist: sys.Therapist(sys.Admin, "T. de Vries")}
	today := localtime.Today(sys.Clock.Now(), time.UTC)
	start := today.AddDays(-364 * years)
	p.write(b, "CREATE TABLE bench_days (i integer NOT NULL PRIMARY KEY, at bigint NOT NULL, local_date text NOT NULL)")
	for i := range today.DaysSince(start) {
		if i%7 < 5 {
			day := start.AddDays(i)
			p.write(
				b, "INSERT INTO bench_days VALUES (?, ?, ?)", i, database.At(localtime.Resolve(day, 9*60, time.UTC)),
				day,
			)
		}
	}
	for range patients {
		p.therapist.Publishes(p.therapist.NewPatient("P.", "UTC"), 5)
	}
	p.write(b, "UPDATE program_versions SET effective_from = ?", start)
	p.write(b, "INSERT INTO sessions ("+sessionColumns+") SELECT v.patient_id, 's' || d.i, d.at, 0, 'UTC', "+
		"d.local_date, v.id, 'completed', '[]', 3 + d.i % 3, 4, 7, '', 1000, d.at, 1, d.at, 'x' "+
		"FROM program_versions v CROSS JOIN bench_days d")
	p.fill(b, others)
	require.NoError(b, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		treated, err := database.Column[string](tx, "SELECT patient_id FROM treatments")
		for _, patient := range treated {
			if err := adherence.RebuildLater(tx, patient); err != nil {
				return err
			}
		}
		return err
	}))
	sys.Sweep()
	p.token = p.therapist.Token()
	return p
}

const sessionColumns = `patient_id, id, performed_at, utc_offset_s, time_zone, local_date, program_version_id, status,
	items, pain_before, pain_after, confidence, note, credit_permille, received_at, revision, revised_at, body_hash`

// fill adds sessions of other patients, a thousand each, in steps that a transaction can hold.
func (p *practice) fill(b *testing.B, rows int) {
	b.Helper()
	const step = 100 // patients
	for first := 0; first < rows/perFiller; first += step {
		require.NoError(b, p.sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
			for _, query := range []string{
				`INSERT INTO patients (id, practice_id, name, birth_year, complaint, phase, language, time_zone,
					push_consent, anchor_time, quiet_from, quiet_until, max_per_day, max_per_week,
					body_hash, created_at)
				SELECT 'filler' || (? + n.i), t.practice_id, 'F.', 1971, 'neck', 'treatment', 'nl', 'UTC', false,
				'09:00', '21:00', '08:00', 1, 5, 'x', 0 FROM n CROSS JOIN template t`,
				`INSERT INTO program_versions (id, patient_id, number, effective_from, items, published_at,
					published_by, body_hash)
				SELECT 'v', 'filler' || (? + n.i), 1, '2020-01-01', '[]', 0, t.published_by, 'x' FROM n
				CROSS JOIN template t`,
			} {
				_, err := tx.Exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
					WHERE i < 99), template AS (
					SELECT p.practice_id, v.published_by FROM patients p JOIN program_versions v ON v.patient_id = p.id
					LIMIT 1) `+query, first)
				if err != nil {
					return err
				}
			}
			_, err := tx.Exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
				WHERE i < 99), m(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM m WHERE j < 999)
				INSERT INTO sessions (`+sessionColumns+`) SELECT 'filler' || (? + n.i), 's' || m.j, 1700000000000, 0,
					'UTC', '2023-11-14', 'v', 'completed', '[]', 3, 4, 7, '', 1000, 1700000000000, 1, 1700000000000, 'x'
				FROM n CROSS JOIN m`, first)
			return err
		}))
	}
}
