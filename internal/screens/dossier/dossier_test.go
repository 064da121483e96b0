package dossier_test

import (
	"context"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/run/testdb"
	"cadans/internal/screens/dossier"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

func newService(t *testing.T, town *testdb.Town) *dossier.Service {
	t.Helper()
	library, err := exercise.Load()
	require.NoError(t, err)
	return dossier.NewService(town.Guard, library)
}

var wanted = dossier.Wanted{Language: words.Dutch, Weeks: 4}

// However much is written meanwhile, what stands on one page is of one moment: a wish and a message that are stored
// together are read together.
func TestADossierIsOneSnapshot(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		service, tess := newService(t, town), town.AsMember(testdb.Tess)
		const pairs, reads = 5, 30
		seen := map[int]bool{}
		write := func(i int) error {
			store := func(tx *database.Tx) error { return storePair(tx, i%pairs == 0, i) }
			return town.DB.Write(context.Background(), store)
		}
		require.NoError(t, write(0))
		enough, failed := make(chan struct{}), make(chan error, 1)
		var writer sync.WaitGroup
		writer.Go(func() { failed <- until(enough, write) })
		for range reads {
			d, err := service.Open(context.Background(), tess, testdb.Anna, wanted)
			require.NoError(t, err)
			require.Len(t, d.Messages, len(d.Waiting.Wishes))
			require.Equal(t, len(d.Waiting.Wishes), d.Summary.Waiting.Wishes)
			seen[len(d.Messages)] = true
		}
		close(enough)
		writer.Wait()
		require.NoError(t, <-failed)
		require.Greater(t, len(seen), 1, "nothing was written meanwhile")
	})
}

// until writes one after another until it is enough.
func until(enough <-chan struct{}, write func(int) error) error {
	for i := 1; ; i++ {
		select {
		case <-enough:
			return nil
		default:
			if err := write(i); err != nil {
				return err
			}
		}
	}
}

// storePair stores a wish and a message of Anna, the first without those before it.
func storePair(tx *database.Tx, first bool, i int) error {
	var statements []string
	if first {
		statements = []string{
			"DELETE FROM change_requests WHERE patient_id = 'p-anna'",
			"DELETE FROM feedback WHERE patient_id = 'p-anna'",
		}
	}
	n := strconv.Itoa(i)
	statements = append(statements,
		`INSERT INTO change_requests (patient_id, id, local_date, reason, received_at, body_hash)
			VALUES ('p-anna', '`+n+`', '2026-03-02', 'too_hard', `+n+`, '')`,
		`INSERT INTO feedback (patient_id, id, member_id, about, text, sent_at, body_hash)
			VALUES ('p-anna', '`+n+`', 'm-tess', 'program', 'Goed zo', `+n+`, '')`)
	for _, statement := range statements {
		if _, err := tx.Exec(statement); err != nil {
			return err
		}
	}
	return nil
}

// A dossier shows what these operations answer, so it asks of the reader what they ask.
func TestADossierAsksWhatItsPartsAsk(t *testing.T) {
	t.Parallel()
	for _, part := range []access.Operation{
		access.GetPatient, access.ListSafetyReports, access.ListProgressions, access.ListChangeRequests,
		access.ListProposals, access.ListPatientFeedback, access.GetPatientAdherence, access.GetPatientPain,
	} {
		for _, role := range []access.Role{"", access.Patient, access.Therapist, access.Admin} {
			v := access.Viewer{Role: role}
			whole := access.RelationFor(v, access.GetPatientSummary)
			require.Equal(t, access.RelationFor(v, part), whole, "%s %s", role, part)
		}
	}
}

// Nobody opens the dossier of somebody they do not treat.
func TestADossierOfAnother(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		service := newService(t, town)
		for _, v := range []access.Viewer{town.AsMember(testdb.Elsa), town.AsMember(testdb.Tom)} {
			_, err := service.Open(context.Background(), v, testdb.Bert, wanted)
			require.ErrorIs(t, err, access.ErrNotFound)
		}
		_, err := service.Open(context.Background(), town.AsPatient(testdb.Bert), testdb.Bert, wanted)
		require.ErrorIs(t, err, access.ErrForbidden)
		d, err := service.Open(context.Background(), town.AsMember(testdb.Tess), testdb.Bert, wanted)
		require.NoError(t, err)
		require.Equal(t, testdb.Bert, d.Patient.ID)
		require.False(t, d.Waiting.Any())
		require.Empty(t, d.Messages)
	})
}
