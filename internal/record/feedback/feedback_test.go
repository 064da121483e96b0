package feedback_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/feedback"
	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// silent asks for no push.
type silent struct{}

// FeedbackSent implements feedback.Observer.
func (silent) FeedbackSent(*database.Tx, id.Patient) error { return nil }

// post is the mail between members and patients of a town.
type post struct {
	*testdb.Town
	*feedback.Service
	t *testing.T
}

func inPost(t *testing.T, promise func(*testing.T, post)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		promise(t, post{town, feedback.NewService(town.Guard, silent{}), t})
	})
}

// writes sends a text, a second after the one before.
func (p post) writes(member id.Member, patient id.Patient, as id.Feedback, text string) bool {
	p.t.Helper()
	p.Clock.Advance(time.Second)
	sent, created, err := p.Send(context.Background(), p.AsMember(member), patient, feedback.New{ID: as,
		About: feedback.AboutProgram, Text: text})
	require.NoError(p.t, err)
	require.Equal(p.t, []string{string(member), text}, []string{sent.WrittenBy, sent.Text})
	return created
}

// box shows what a patient can read, the latest first.
func (p post) box(patient id.Patient, limit int) (texts []string) {
	p.t.Helper()
	p.Read(func(tx *database.Tx) error {
		found, err := feedback.Of(tx, patient, feedback.Page{Limit: limit})
		for _, f := range found {
			texts = append(texts, f.WrittenBy+": "+f.Text)
		}
		return err
	})
	return texts
}

// A text reaches the patient it was written to, under the name of who wrote it, whatever ids others chose.
func TestFeedbackReachesOnePatient(t *testing.T) {
	inPost(t, func(t *testing.T, p post) {
		require.True(t, p.writes(testdb.Tess, testdb.Bert, "f1", "for Bert"))
		require.True(t, p.writes(testdb.Tess, testdb.Anna, "f2", "first"))
		require.True(t, p.writes(testdb.Tom, testdb.Anna, "f1", "second"))
		require.True(t, p.writes(testdb.Elsa, testdb.Carla, "f1", "for Carla"))
		require.False(t, p.writes(testdb.Tom, testdb.Anna, "f1", "second"), "a retry")
		require.Equal(t, []string{"m-tom: second", "m-tess: first"}, p.box(testdb.Anna, 9))
		require.Equal(t, []string{"m-tom: second"}, p.box(testdb.Anna, 1))
		require.Equal(t, []string{"m-tess: for Bert"}, p.box(testdb.Bert, 9))
	})
}

// When a patient was last written to is told apart from when others were, and from never.
func TestLastSent(t *testing.T) {
	inPost(t, func(t *testing.T, p post) {
		p.writes(testdb.Tess, testdb.Anna, "f2", "first")
		p.writes(testdb.Tess, testdb.Anna, "f1", "last")
		last := p.Clock.Now()
		p.writes(testdb.Tess, testdb.Bert, "f3", "later")
		p.Read(func(tx *database.Tx) error {
			at, err := feedback.LastSent(tx, testdb.Anna)
			require.NoError(t, err)
			require.Equal(t, last, at)
			never, err := feedback.LastSent(tx, testdb.Carla)
			require.Zero(t, never)
			return err
		})
	})
}
