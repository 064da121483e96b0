package adherence_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/rules/adherence"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/localtime"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// Whatever happens in whatever order, the days in the ledger are those that a full rebuild makes; a replay changes
// nothing; publishing changes no past day; rates are in range or null.
func TestIncrementalEqualsFullRebuild(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) { incrementalEqualsRebuild(t, testkit.Start(t, on)) })
}

func incrementalEqualsRebuild(t *testing.T, sys *testkit.System) {
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	most := 100
	if testing.Short() {
		most = 30
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := therapist.NewPatient(
			"A. Jansen",
			rapid.SampledFrom([]string{"Europe/Amsterdam", "America/New_York", "Asia/Kathmandu"}).Draw(rt, "zone"),
		)
		l := &life{
			sys:       sys,
			patient:   p,
			therapist: access.Viewer{Role: access.Therapist, Practice: sys.Practice, Member: therapist.ID},
			viewer:    access.Viewer{Role: access.Patient, Practice: sys.Practice, Patient: p.ID},
		}
		l.publish(rt)
		for range rapid.IntRange(1, most).Draw(rt, "operations") {
			l.step(rt)
		}
		kept := l.rows(rt)
		require.NoError(
			rt,
			sys.App.DB.Write(context.Background(), func(tx *database.Tx) error { return adherence.Rebuild(tx, p.ID) }),
		)
		require.Equal(rt, l.rows(rt), kept)
		l.checkStatus(rt)
	})
}

// life is one patient to whom things happen.
type life struct {
	sys               *testkit.System
	patient           *testkit.Patient
	viewer, therapist access.Viewer
	sessions          []id.Session
	contents          []session.Content
	pauses            []id.Pause
}

func (l *life) step(t *rapid.T) {
	switch rapid.SampledFrom([]string{
		"log", "log", "log", "replay", "correct", "delete", "pause", "resume", "publish", "move", "keep", "wait",
		"wait",
	}).Draw(t, "step") {
	case "log":
		c := l.content(t)
		as := id.Session(l.sys.NewID())
		if l.accept(t, second(l.sys.App.Sessions.Log(context.Background(), l.viewer, as, session.Told{Content: c}))) {
			l.sessions, l.contents = append(l.sessions, as), append(l.contents, c)
		}
	case "replay":
		if len(l.sessions) > 0 {
			i := rapid.IntRange(0, len(l.sessions)-1).Draw(t, "which")
			before := l.rows(t)
			said := session.Told{Content: l.contents[i]}
			_, created, err := l.sys.App.Sessions.Log(context.Background(), l.viewer, l.sessions[i], said)
			require.False(t, created)
			l.accept(t, err)
			require.Equal(t, before, l.rows(t), "a replay changed something")
		}
	case "correct":
		if len(l.sessions) > 0 {
			i := rapid.IntRange(0, len(l.sessions)-1).Draw(t, "which")
			said := session.Told{Content: l.content(t)}
			_, err := l.sys.App.Sessions.Correct(context.Background(), l.viewer, l.sessions[i], said)
			l.accept(t, err)
		}
	case "delete":
		if len(l.sessions) > 0 {
			i := rapid.IntRange(0, len(l.sessions)-1).Draw(t, "which")
			l.accept(t, l.sys.App.Sessions.Delete(context.Background(), l.viewer, l.sessions[i]))
		}
	case "pause":
		start := l.patient.Today().AddDays(rapid.IntRange(-7, 3).Draw(t, "from"))
		n := program.NewPause{
			ID:     id.Pause(l.sys.NewID()),
			Reason: "illness",
			Start:  start,
			End:    start.AddDays(rapid.IntRange(0, 9).Draw(t, "days")),
		}
		if l.accept(t, second(l.sys.App.Programs.PauseMine(context.Background(), l.viewer, n))) {
			l.pauses = append(l.pauses, n.ID)
		}
	case "resume":
		if len(l.pauses) > 0 {
			l.accept(t, l.sys.App.Programs.EndMine(
				context.Background(), l.viewer, rapid.SampledFrom(l.pauses).Draw(t, "which"),
			))
		}
	case "publish":
		today := l.patient.Today()
		before := l.past(t, today)
		l.publish(t)
		require.Equal(t, before, l.past(t, today), "publishing changed the past")
	case "move":
		before, err := l.sys.App.People.Preferences(context.Background(), l.viewer)
		require.NoError(t, err)
		wanted := before
		wanted.Zone = rapid.SampledFrom([]string{"Europe/Amsterdam", "America/New_York", "Pacific/Apia"}).Draw(t, "to")
		l.accept(t, l.sys.App.People.SetPreferences(context.Background(), l.viewer, wanted, before.Version()))
	case "keep":
		require.NoError(t, l.sys.App.Statuses.Sweep(context.Background()))
		l.checkStatus(t)
	case "wait":
		l.sys.Clock.Advance(time.Duration(rapid.IntRange(1, 240).Draw(t, "hours")) * time.Hour)
	}
	l.checkRates(t)
}

func (l *life) publish(t *rapid.T) {
	before, _, err := l.sys.App.Programs.Versions(context.Background(), l.therapist, l.patient.ID)
	require.NoError(t, err)
	n := program.NewVersion{
		ID:            id.ProgramVersion(l.sys.NewID()),
		EffectiveFrom: l.patient.Today().AddDays(rapid.IntRange(0, 2).Draw(t, "ahead")),
	}
	if len(before.Versions) == 0 {
		n.EffectiveFrom = l.patient.Today()
	}
	for _, slug := range []string{"bridge", "bird-dog-leg", "chin-nod-lying"}[:rapid.IntRange(1, 3).Draw(t, "items")] {
		e, err := l.sys.App.Library.Find(slug)
		require.NoError(t, err)
		schedule := program.Schedule{
			Kind:        program.WeeklyQuota,
			Quota:       rapid.IntRange(1, 7).Draw(t, "quota"),
			TimesPerDay: rapid.IntRange(1, 2).Draw(t, "times"),
		}
		if rapid.Bool().Draw(t, "fixed") {
			schedule = program.Schedule{
				Kind:        program.FixedDays,
				Days:        []time.Weekday{time.Monday, time.Thursday},
				TimesPerDay: 1,
			}
		}
		n.Items = append(
			n.Items,
			program.NewItem{ID: id.ProgramItem(l.sys.NewID()), Exercise: slug, Dose: e.Default, Schedule: schedule},
		)
	}
	_, _, err = l.sys.App.Programs.Publish(context.Background(), l.therapist, l.patient.ID, n, before.Etag())
	l.accept(t, err)
}

func (l *life) content(t *rapid.T) session.Content {
	h, _, err := l.sys.App.Programs.Versions(context.Background(), l.therapist, l.patient.ID)
	require.NoError(t, err)
	v := rapid.SampledFrom(h.Versions).Draw(t, "version")
	at := l.sys.Clock.Now().Add(
		-time.Duration(rapid.IntRange(0, 12*24).Draw(t, "hours ago")) * time.Hour,
	).In(l.patient.Zone)
	c := session.Content{
		PerformedAt: at,
		Zone:        l.patient.Zone.String(),
		LocalDate:   localtime.DateOf(at),
		Version:     v.ID,
		Status:      session.Partial,
	}
	for _, item := range v.Items {
		sets := rapid.IntRange(0, 4).Draw(t, "sets")
		c.Items = append(c.Items, session.ItemDone{Item: item.ID, Sets: &sets})
	}
	if rapid.Bool().Draw(t, "scored") {
		before, after := rapid.IntRange(0, 10).Draw(t, "before"), rapid.IntRange(0, 10).Draw(t, "after")
		c.PainBefore, c.PainAfter = &before, &after
	}
	return c
}

// checkStatus compares what a reader gets, and what is kept, with a status made from the first day on. What is kept
// stays, so that the next one builds on it.
func (l *life) checkStatus(t *rapid.T) {
	rollback := errors.New("leave no trace")
	err := l.sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		p, err := people.ByID(tx, l.patient.ID)
		require.NoError(t, err)
		read, err := adherence.StatusOf(tx, p)
		require.NoError(t, err)
		wrong, err := adherence.AuditStatus(tx, p)
		require.NoError(t, err)
		require.Empty(t, wrong, "the kept status is not what a full one says")
		_, err = tx.Exec("DELETE FROM patient_status WHERE patient_id = ?", l.patient.ID)
		require.NoError(t, err)
		full, err := adherence.StatusOf(tx, p)
		require.NoError(t, err)
		read.Weeks, full.Weeks = adherence.Weeks{
			Met: read.Weeks.Met,
			Of:  read.Weeks.Of,
		}, adherence.Weeks{Met: full.Weeks.Met, Of: full.Weeks.Of}
		require.Equal(t, full, read)
		return rollback
	})
	require.ErrorIs(t, err, rollback)
}

// accept takes a refusal with a reason for an answer; anything else is a defect.
func (l *life) accept(t *rapid.T, err error) bool {
	if err == nil {
		return true
	}
	require.NotEqual(t, fault.Internal, fault.KindOf(err), "%v", err)
	return false
}

func (l *life) rows(t *rapid.T) (days []adherence.Day) {
	require.NoError(t, l.sys.App.DB.Read(context.Background(), func(tx *database.Tx) (err error) {
		days, err = adherence.DaysOf(tx, l.patient.ID, localtime.NewDate(2000, 1, 1), localtime.NewDate(9999, 12, 31))
		return err
	}))
	return days
}

// past is every day before today as a therapist sees it, with and without sessions.
func (l *life) past(t *rapid.T, today localtime.Date) (days adherence.Series) {
	h, _, err := l.sys.App.Programs.Versions(context.Background(), l.therapist, l.patient.ID)
	require.NoError(t, err)
	return adherence.Fill(h, l.rows(t), h.Start(), today.AddDays(-1))
}

func (l *life) checkRates(t *rapid.T) {
	series := l.past(t, l.patient.Today())
	for _, window := range []int{7, 28} {
		r := series.Rate(l.patient.Today().AddDays(-1), window)
		for _, rate := range []*int{r.Sessions, r.Dose} {
			require.True(t, rate == nil || *rate >= 0 && *rate <= 1000)
		}
	}
}

func second[A, B any](_ A, _ B, err error) error { return err }
