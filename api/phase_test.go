package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// course is what was told and proposed so far.
type course struct {
	Alerts    []string // in English, latest last
	Prompts   []string // of today
	Proposals int
}

func courseOf(t *testing.T, therapist *testkit.Member, p *testkit.Patient) (c course) {
	t.Helper()
	ctx, patient := context.Background(), string(p.ID)
	listed, err := therapist.ListAlertsWithResponse(
		ctx,
		&client.ListAlertsParams{State: []client.AlertStateFilter{client.ListOpen, client.ListResolved}},
		inEnglish,
	)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, listed.StatusCode(), string(listed.Body))
	for _, a := range listed.JSON200.Data {
		if a.Kind == "phase" && a.PatientID == patient {
			c.Alerts = append(c.Alerts, a.Reason)
		}
	}
	said, err := p.ListMyPromptsWithResponse(ctx, nil)
	require.NoError(t, err)
	for _, s := range said.JSON200.Data {
		if s.ID == "phase-1" || s.ID == "phase-2" {
			c.Prompts = append(c.Prompts, s.ID)
		}
	}
	proposals, err := therapist.ListProposalsWithResponse(ctx, patient)
	require.NoError(t, err)
	c.Proposals = len(proposals.JSON200.Data)
	return c
}

func inEnglish(_ context.Context, r *http.Request) error {
	r.Header.Set("Accept-Language", "en")
	return nil
}

// passes lets days pass, up to the evening.
func passes(sys *testkit.System, p *testkit.Patient, days int) {
	for range days {
		sys.Clock.Set(localtime.Resolve(p.Today().AddDays(1), 20*60, p.Zone))
		sys.Sweep()
		sys.ForgetPushes()
	}
}

// From week 5 to week 13 the complaints come to two other phases. Each is told once to the therapist, with a proposal
// that waits, and to the patient in the app for a week; a later intake of the same episode tells nothing again.
func TestEachNewPhaseIsToldOnce(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		anna := therapist.NewPatient("A. Jansen", "America/New_York")
		anna.Submits(testkit.Answers(map[string]any{"weeks": 5}))
		before := anna.Version.ID
		passes(sys, anna, 6)
		require.Equal(t, course{}, courseOf(t, therapist, anna))
		passes(sys, anna, 1)
		now := courseOf(t, therapist, anna)
		require.Equal(t, []string{"phase-1"}, now.Prompts)
		require.Equal(t, 1, now.Proposals)
		require.Len(t, now.Alerts, 1)
		require.Contains(t, now.Alerts[0], "A new proposal is ready.")

		passes(sys, anna, 6)
		require.Equal(t, []string{"phase-1"}, courseOf(t, therapist, anna).Prompts)
		passes(sys, anna, 1)
		require.Empty(t, courseOf(t, therapist, anna).Prompts, "told for a week")
		anna.Submits(testkit.Answers(map[string]any{"weeks": 5})) // in the eighth week; who remembers that exactly
		passes(sys, anna, 8)
		again := courseOf(t, therapist, anna)
		require.Equal(t, []int{1, 1}, []int{len(again.Alerts), again.Proposals}, "told already")

		passes(sys, anna, 41)
		require.Equal(t, 1, courseOf(t, therapist, anna).Proposals)
		passes(sys, anna, 7)
		last := courseOf(t, therapist, anna)
		require.Equal(t, 2, last.Proposals)
		require.Len(t, last.Alerts, 2)
		passes(sys, anna, 30)
		end := courseOf(t, therapist, anna)
		require.Equal(t, []int{2, 2}, []int{len(end.Alerts), end.Proposals})
		require.Equal(t, before, anna.Version.ID)
		require.Equal(t, client.State("no_program"), client.State(todayOf(t, anna).State), "nothing publishes itself")
	})
}

// Who recovered hears of no phase; a pause is told and proposes nothing; a proposal of the phase is not made again.
func TestPhasesThatProposeNothing(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		recovered := therapist.NewPatient("R. Jansen", "Europe/Amsterdam")
		recovered.Submits(testkit.Answers(map[string]any{"weeks": 5, "recovered": true}))
		later := therapist.NewPatient("L. Jansen", "Europe/Amsterdam")
		later.Submits(testkit.Answers(map[string]any{"weeks": 5}))
		walks := sys.Call("PUT", at(later, "/phase"), therapist.Token(), map[string]any{"phase": "prevention"})
		require.Less(t, walks.Status, 300, string(walks.Body))
		paused := therapist.NewPatient("P. Jansen", "Europe/Amsterdam")
		therapist.Publishes(paused, 3)
		paused.Submits(testkit.Answers(map[string]any{"weeks": 5}))
		answer := sys.Call("POST", "/v1/me/program-pauses", paused.Token(), map[string]any{
			"id": sys.NewID(), "reason": "holiday", "start_date": paused.Today().String(),
			"end_date": paused.Today().AddDays(10).String(),
		})
		require.Equal(t, http.StatusCreated, answer.Status, string(answer.Body))
		stopped := therapist.NewPatient("S. Jansen", "Europe/Amsterdam")
		stopped.Submits(testkit.Yes(testkit.Answers(map[string]any{"weeks": 5}), "saddle_numbness"))
		passes(sys, recovered, 8)
		require.Equal(t, course{}, courseOf(t, therapist, recovered))
		require.Equal(t, course{}, courseOf(t, therapist, later))
		for _, p := range []*testkit.Patient{paused, stopped} {
			now := courseOf(t, therapist, p)
			require.Len(t, now.Alerts, 1)
			require.Contains(t, now.Alerts[0], "a new proposal can be made")
			require.Zero(t, now.Proposals, p.Name)
		}
	})
}

// A check-in early on the day of a new phase does not put off what is due that morning.
func TestACheckInPutsNoPhaseOff(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "America/New_York")
	anna.Submits(testkit.Answers(map[string]any{"weeks": 12}))
	passes(sys, anna, 6)
	require.Empty(t, courseOf(t, therapist, anna).Alerts)
	sys.Clock.Set(localtime.Resolve(anna.Today().AddDays(1), 6*60+30, anna.Zone))
	checkedIn := sys.Call("POST", "/v1/me/check-ins", anna.Token(), map[string]any{
		"id": sys.NewID(), "local_date": anna.Today().String(), "new_signs": []string{},
	})
	require.Equal(t, http.StatusCreated, checkedIn.Status, string(checkedIn.Body))
	sys.Clock.Set(localtime.Resolve(anna.Today(), 20*60, anna.Zone))
	sys.Sweep()
	sys.ForgetPushes()
	require.Len(t, courseOf(t, therapist, anna).Alerts, 1)
}

// A proposal of the new phase that a therapist has decided about is no news: the patient is told, and no task comes.
func TestADecidedProposalOfThePhaseIsNoNews(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "America/New_York")
	bert := therapist.NewPatient("B. Jansen", "America/New_York")
	for _, p := range []*testkit.Patient{anna, bert} {
		p.Submits(testkit.Answers(map[string]any{"weeks": 5}))
	}
	passes(sys, anna, 6)
	sys.Clock.Set(localtime.Resolve(anna.Today().AddDays(1), 6*60+30, anna.Zone))
	for _, p := range []*testkit.Patient{anna, bert} {
		proposal := proposes(t, sys, therapist, p, "en")
		if p == bert {
			continue
		}
		decided := sys.Call("PUT", at(p, "/program-proposals/"+proposal.ID+"/decision"), therapist.Token(),
			map[string]any{"outcome": "refused", "reason": "it stays as it is"})
		require.Equal(t, http.StatusOK, decided.Status, string(decided.Body))
	}
	sys.Clock.Set(localtime.Resolve(anna.Today(), 20*60, anna.Zone))
	sys.Sweep()
	sys.ForgetPushes()
	require.Equal(t, course{Prompts: []string{"phase-1"}, Proposals: 1}, courseOf(t, therapist, anna))
	waits := courseOf(t, therapist, bert)
	require.Len(t, waits.Alerts, 1)
	require.Contains(t, waits.Alerts[0], "A new proposal is ready.")
}
