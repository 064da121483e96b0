package inbox_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/feedback"
	"cadans/internal/record/inbox"
	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// silent asks for no push.
type silent struct{}

// FeedbackSent implements feedback.Observer.
func (silent) FeedbackSent(*database.Tx, id.Patient) error { return nil }

// post is a town with three messages: two to Anna, one to Bert with the id of one of them.
type post struct {
	*testdb.Town
	*inbox.Service
	t    *testing.T
	sent time.Time
}

func inPost(t *testing.T, promise func(*testing.T, post)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		write := feedback.NewService(town.Guard, silent{})
		for _, message := range []struct {
			as id.Feedback
			to id.Patient
		}{{"f1", testdb.Bert}, {"f1", testdb.Anna}, {"f2", testdb.Anna}} {
			_, _, err := write.Send(context.Background(), town.AsMember(testdb.Tess), message.to,
				feedback.New{ID: message.as, About: feedback.AboutProgram, Text: "for " + string(message.to)})
			require.NoError(t, err)
		}
		p := post{town, inbox.NewService(town.Guard), t, town.Clock.Now()}
		town.Clock.Advance(time.Minute)
		promise(t, p)
	})
}

func (p post) receipt(event inbox.Event, at time.Time) feedback.Feedback {
	p.t.Helper()
	f, err := p.Receipt(context.Background(), p.AsPatient(testdb.Anna), "f1", event, at)
	require.NoError(p.t, err)
	return f
}

func (p post) expectUnopened(want map[id.Patient]int) {
	p.t.Helper()
	p.Read(func(tx *database.Tx) error {
		for patient, unopened := range want {
			n, err := inbox.Unopened(tx, patient)
			require.NoError(p.t, err)
			require.Equal(p.t, unopened, n, patient)
		}
		return nil
	})
}

// Opening one message opens no other, and the first moment stays.
func TestOpeningOneMessage(t *testing.T) {
	inPost(t, func(t *testing.T, p post) {
		p.expectUnopened(map[id.Patient]int{testdb.Anna: 2, testdb.Bert: 1, testdb.Carla: 0})
		opened := p.Clock.Now()
		for range 2 {
			f := p.receipt(inbox.Opened, p.Clock.Now())
			require.Equal(t, []*time.Time{&opened, &opened}, []*time.Time{f.DeliveredAt, f.OpenedAt})
			p.Clock.Advance(time.Minute)
		}
		p.expectUnopened(map[id.Patient]int{testdb.Anna: 1, testdb.Bert: 1, testdb.Carla: 0})
	})
}

// A message that has arrived still waits to be opened, and arrived when it did.
func TestArrivingIsNotOpening(t *testing.T) {
	inPost(t, func(t *testing.T, p post) {
		arrived := p.Clock.Now()
		require.Nil(t, p.receipt(inbox.Delivered, arrived).OpenedAt)
		p.expectUnopened(map[id.Patient]int{testdb.Anna: 2})
		p.Clock.Advance(time.Minute)
		opened := p.Clock.Now()
		f := p.receipt(inbox.Opened, opened)
		require.Equal(t, []*time.Time{&arrived, &opened}, []*time.Time{f.DeliveredAt, f.OpenedAt})
		p.expectUnopened(map[id.Patient]int{testdb.Anna: 1})
	})
}

// A phone's clock that runs ahead is taken as now, and one that is behind as when the message was sent.
func TestReceiptsOfClocksThatAreWrong(t *testing.T) {
	inPost(t, func(t *testing.T, p post) {
		arrived := p.receipt(inbox.Delivered, p.sent.Add(-time.Hour))
		require.Equal(t, p.sent, *arrived.DeliveredAt)
		opened := p.receipt(inbox.Opened, p.Clock.Now().Add(time.Hour))
		require.Equal(t, p.Clock.Now(), *opened.OpenedAt)
	})
}

// A patient finds only what was written to that patient, and opens nothing else.
func TestMessagesOfOthers(t *testing.T) {
	inPost(t, func(t *testing.T, p post) {
		mine, err := p.Mine(context.Background(), p.AsPatient(testdb.Bert), feedback.Page{Limit: 9})
		require.NoError(t, err)
		require.Len(t, mine, 1)
		require.Equal(t, "for "+string(testdb.Bert), mine[0].Text)
		_, err = p.Receipt(context.Background(), p.AsPatient(testdb.Bert), "f2", inbox.Opened, p.Clock.Now())
		require.ErrorIs(t, err, feedback.ErrNotFound)
		p.expectUnopened(map[id.Patient]int{testdb.Anna: 2, testdb.Bert: 1})
	})
}
