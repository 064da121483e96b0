package audit_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/audit"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

func read(t *testing.T, sys *testkit.System, path, token string) []client.AuditEvent {
	t.Helper()
	answer := sys.Call("GET", path, token, nil, "Accept-Language", "en")
	require.Equal(t, http.StatusOK, answer.Status, string(answer.Body))
	var page client.AuditPage
	require.NoError(t, json.Unmarshal(answer.Body, &page))
	return page.Data
}

// Looking, changing and being refused are in the log with who, what, whom and when; the
// patient reads the same without names.
func TestWhoLookedAtWhat(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		colleague := sys.Therapist(sys.Admin, "C. Collega")
		at := "/v1/patients/" + string(anna.ID)
		sys.Call("GET", at+"/summary", therapist.Token(), nil)
		sys.Clock.Advance(time.Second)
		sys.Call(
			"POST", at+"/feedback", therapist.Token(),
			map[string]any{"id": sys.NewID(), "about": "program", "text": "Hoi"},
		)
		sys.Clock.Advance(time.Second)
		sys.Call("GET", at+"/summary", colleague.Token(), nil)
		// about nobody yet: it is not well-formed
		sys.Call("POST", at+"/feedback", therapist.Token(), map[string]any{"id": "x"})
		sys.Call("GET", "/v1/me/today", anna.Token(), nil)
		bert := therapist.NewPatient("B. Bakker", "Europe/Amsterdam")
		_, elsewhere := sys.NewPractice("Praktijk Oost")
		stranger := sys.Call("GET", at+"/summary", elsewhere.Token(), nil)
		require.Equal(t, http.StatusNotFound, stranger.Status)
		sys.Clock.Advance(time.Second)

		log := read(t, sys, at+"/access-log", therapist.Token())
		require.Equal(t, "read the overview", log[2].What)
		require.Equal(t, client.Allowed, log[2].Outcome)
		require.Equal(t, "sent a message", log[1].What)
		require.Equal(t, string(therapist.ID), *log[1].MemberID)
		require.Equal(t, string(anna.ID), *log[1].PatientID)
		require.Equal(t, "sendFeedback", *log[1].Operation)
		require.NotEmpty(t, *log[1].RequestID)
		require.Equal(t, client.Denied, log[0].Outcome)
		require.Equal(t, string(colleague.ID), *log[0].MemberID)

		for _, row := range log {
			require.Equal(t, string(anna.ID), *row.PatientID)
			require.NotEqual(t, string(elsewhere.ID), *row.MemberID, "another practice's log")
		}
		others := read(t, sys, "/v1/patients/"+string(bert.ID)+"/access-log", therapist.Token())
		require.Equal(t, "registered the patient", others[len(others)-1].What)

		mine := read(t, sys, "/v1/me/access-log", anna.Token())
		require.Equal(t, "read the access log", mine[0].What)
		require.Equal(t, "sent a message", mine[2].What)
		require.Equal(t, client.AuditEventRoleTherapist, mine[2].Role)
		require.Nil(t, mine[2].MemberID)
		require.Nil(t, mine[2].Operation)

		all := read(t, sys, "/v1/audit-events?limit=100", sys.Admin.Token())
		require.True(t, slices.ContainsFunc(all, func(e client.AuditEvent) bool {
			return e.Outcome == client.Denied && *e.MemberID == string(colleague.ID) && *e.PatientID == string(anna.ID)
		}), "the practice reads the same")
		first := read(t, sys, "/v1/audit-events?limit=2", sys.Admin.Token())
		require.Len(t, first, 2)
	})
}

// A change and its row are one: where the row cannot be stored, nothing is changed,
// and nothing about a patient is shown.
func TestNoAnswerWithoutItsRow(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	ctx := context.Background()
	service := audit.NewService(sys.App.DB, access.NewGuard(sys.App.DB, nil))
	v, trail := audit.Follow(
		access.Viewer{Role: access.Therapist, Practice: sys.Practice, Member: therapist.ID}, access.SendFeedback, "r1",
	)
	boom := errors.New("boom")
	err := sys.App.DB.Write(ctx, func(tx *database.Tx) error {
		require.NoError(t, v.Trail.Asked(tx, anna.ID, true))
		return boom
	})
	require.ErrorIs(t, err, boom)
	rows := func() (n int) {
		require.NoError(t, sys.App.DB.Read(ctx, func(tx *database.Tx) error {
			return tx.Value(&n, "SELECT count(*) FROM access_log WHERE request_id = 'r1'")
		}))
		return n
	}
	require.Zero(t, rows(), "the row went with the change")
	require.NoError(t, service.End(ctx, trail, boom))
	require.Equal(t, 1, rows(), "that it failed is noted")

	require.NoError(t, sys.App.DB.Write(ctx, func(tx *database.Tx) error {
		_, err := tx.Exec("CREATE TRIGGER full BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'no room'); END")
		return err
	}))
	before := sys.Stored()
	for _, r := range []struct {
		method, path string
		body         any
	}{
		{"GET", "/summary", nil},
		{"POST", "/feedback", map[string]any{"id": sys.NewID(), "about": "program", "text": "Hoi"}},
	} {
		answer := sys.Call(r.method, "/v1/patients/"+string(anna.ID)+r.path, therapist.Token(), r.body)
		require.GreaterOrEqual(t, answer.Status, 500, r.path)
		require.NotContains(t, string(answer.Body), "Jansen")
	}
	require.Equal(t, before, sys.Stored())
	sys.ExpectedErrors()
	require.NoError(
		t, sys.App.DB.Write(ctx, func(tx *database.Tx) error { _, err := tx.Exec("DROP TRIGGER full"); return err }),
	)
}

// Any row that is not as it was written is found, and where.
func TestVerify(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]string{
		"changed": "UPDATE access_log SET member_id = 'x' WHERE seq = 3",
		"outcome": "UPDATE access_log SET outcome = 'allowed' WHERE seq = 3",
		"removed": "DELETE FROM access_log WHERE seq = 3",
		"inserted": "INSERT INTO access_log SELECT practice_id, 99, at, member_id, role, patient_id, operation, " +
			"outcome, request_id, hash FROM access_log WHERE seq = 3",
		"cut": "DELETE FROM access_log WHERE seq >= 3",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sys := testkit.Start(t)
			ctx := context.Background()
			for range 5 {
				_, trail := audit.Follow(
					access.Viewer{Role: access.Therapist, Practice: sys.Practice, Member: "m"}, access.GetCaseload, "r",
				)
				require.NoError(
					t,
					audit.NewService(sys.App.DB, access.NewGuard(sys.App.DB, nil)).End(ctx, trail, access.ErrForbidden),
				)
			}
			n, broken, err := audit.Verify(ctx, sys.App.DB)
			require.NoError(t, err)
			require.Equal(t, 5, n)
			require.Empty(t, broken)
			require.NoError(
				t, sys.App.DB.Write(ctx, func(tx *database.Tx) error { _, err := tx.Exec(spoil); return err }),
			)
			_, broken, err = audit.Verify(ctx, sys.App.DB)
			require.NoError(t, err)
			require.Len(t, broken, 1)
			require.Equal(t, sys.Practice, broken[0].Practice)
			if name != "inserted" {
				require.EqualValues(t, 3, broken[0].Seq)
			}
		})
	}
}

// Members work at the same time, on several replicas: the chain has one end.
func TestOneChain(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		done := make(chan int)
		token := therapist.Token()
		for range 8 {
			go func() {
				ok := 0
				for range 10 {
					if sys.Call("GET", "/v1/patients/"+string(anna.ID)+"/summary", token, nil).Status == http.StatusOK {
						ok++
					}
				}
				done <- ok
			}()
		}
		total := 0
		for range 8 {
			total += <-done
		}
		require.Equal(t, 80, total)
		n, broken, err := audit.Verify(context.Background(), sys.App.DB)
		require.NoError(t, err)
		require.Empty(t, broken)
		require.Greater(t, n, 80)
	})
}

// Each operation of a member has words in both languages, and they are no names of operations.
func TestEveryOperationHasWords(t *testing.T) {
	t.Parallel()
	// a stream about a patient is looking as well
	for _, operation := range append(access.ForMembers(), access.StreamEvents) {
		for _, l := range words.All() {
			require.NotEqual(t, string(operation), audit.What(operation, l))
		}
	}
	require.Equal(t, "unheard", audit.What("unheard", words.Dutch))
}

// Patients, jobs and strangers leave no rows; nor does what is about nobody.
func TestNoTrail(t *testing.T) {
	t.Parallel()
	v, trail := audit.Follow(access.Viewer{Role: access.Patient, Patient: id.Patient("p")}, access.GetToday, "r")
	require.Nil(t, trail)
	require.Nil(t, v.Trail)
	sys := testkit.Start(t)
	service := audit.NewService(sys.App.DB, access.NewGuard(sys.App.DB, nil))
	require.NoError(t, service.End(context.Background(), trail, nil))
	for _, operation := range []access.Operation{"getMe", "listExercises", access.StreamEvents} {
		_, trail := audit.Follow(access.Viewer{Role: access.Admin, Practice: sys.Practice, Member: "m"}, operation, "r")
		require.NoError(t, service.End(context.Background(), trail, nil))
	}
	_, refused := audit.Follow(
		access.Viewer{Role: access.Admin, Practice: sys.Practice, Member: "m"}, access.GetCaseload, "r",
	)
	require.NoError(
		t, service.End(context.Background(), refused, fault.Input(fault.Violation{Pointer: "/x", Code: "y"})),
	)
	n, _, err := audit.Verify(context.Background(), sys.App.DB)
	require.NoError(t, err)
	require.Zero(t, n)
}

// Whoever can change a database file can make a chain that holds; the anchor beside it still says how the log ended.
func TestARewrittenLogIsNotWitnessed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	open := func() *database.DB {
		db, err := database.Open(context.Background(), database.Options{Path: path, Clock: clock.System{}})
		require.NoError(t, err)
		return db
	}
	db := open()
	require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec("INSERT INTO practices (id, name, created_at) VALUES ('pr', 'P', 0)")
		return err
	}))
	_, trail := audit.Follow(
		access.Viewer{Role: access.Therapist, Practice: "pr", Member: "m"}, access.GetCaseload, "r",
	)
	require.NoError(t, audit.NewService(db, nil).End(context.Background(), trail, nil))
	require.NoError(t, db.Close())

	db = open()
	witness, err := audit.Witnessed(context.Background(), db)
	require.NoError(t, err)
	require.Equal(t, audit.Agrees, witness)
	require.NoError(t, db.Close())

	forge(t, path, "DELETE FROM access_log", "DELETE FROM access_log_heads")
	db = open()
	n, broken, err := audit.Verify(context.Background(), db)
	require.NoError(t, err)
	require.Zero(t, n)
	require.Empty(t, broken, "an empty log holds")
	witness, err = audit.Witnessed(context.Background(), db)
	require.NoError(t, err)
	require.Equal(t, audit.Differs, witness)
	require.NoError(t, db.Close())

	forge(t, path, "UPDATE commits SET count = count + 1")
	db = open()
	witness, err = audit.Witnessed(context.Background(), db)
	require.NoError(t, err)
	require.Equal(t, audit.Unknown, witness, "as after a power cut")
	require.NoError(t, db.Close())
}

// forge changes the file with another program, while the server is stopped.
func forge(t *testing.T, path string, statements ...string) {
	t.Helper()
	file, err := sql.Open("sqlite3", path)
	require.NoError(t, err)
	for _, statement := range statements {
		_, err := file.Exec(statement)
		require.NoError(t, err)
	}
	require.NoError(t, file.Close())
}
