package web_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// The page of a patient says of each exercise what the rules do with it, and why; without a program it says nothing.
func TestAPatientsPageSaysWhatIsHeld(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := newBrowser(t, sys)
		b.signIn(therapist.Email)
		page := b.get("/patients/" + string(anna.ID)).body
		require.Contains(t, page, "Harder or lighter, per exercise")
		require.Contains(t, page, "<strong>Bridge</strong>: stays as it is.")
		require.Contains(t, page, "It has asked this for less than 7 days.")
		b.cookies["language"] = "nl"
		require.Contains(t, b.get("/patients/"+string(anna.ID)).body, "Dit wordt nog geen 7 dagen gevraagd.")
		other := therapist.NewPatient("B. de Boer", "Europe/Amsterdam")
		require.NotContains(t, b.get("/patients/"+string(other.ID)).body, "Zwaarder of lichter")
	})
}

// Beside the buttons of an exercise stands the caution that its next step meets, and in a lighter program what happens
// to a change afterwards. The step can be made.
func TestTheFormOfAStepNamesTheCaution(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	sets, reps, quota := 3, 12, 3
	therapist.PublishesVersion(anna, client.NewProgramVersion{
		ID: sys.NewID(), EffectiveFrom: anna.Today().String(), Items: []client.NewProgramItem{{
			ID: sys.NewID(), Exercise: "bird-dog-leg", Dose: client.Dose{Sets: &sets, Reps: &reps},
			Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota},
		}},
	})
	b := newBrowser(t, sys)
	b.signIn(therapist.Email)
	path := "/patients/" + string(anna.ID) + "/program"
	caution, lighter := "does not suit what the latest intake says.", "The program is lighter for a while."
	require.NotContains(t, b.get(path).body, caution)
	anna.Submits(testkit.Answers(map[string]any{"weeks": 20, "falls12m": 1}))
	page := b.get(path).body
	require.Contains(t, page, caution)
	require.Contains(t, page, "A fall or a walking aid")
	require.NotContains(t, page, lighter)
	half := sys.Call(
		"POST", "/v1/me/lighter-programs", anna.Token(), map[string]any{"id": sys.NewID(), "kind": "half"},
	)
	require.Equal(t, http.StatusCreated, half.Status, string(half.Body))
	require.Contains(t, b.get(path).body, lighter)
}

// The editor names the cautions against what it would publish; it publishes all the same.
func TestTheEditorNamesTheCaution(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	sets, reps, quota := 2, 8, 3
	therapist.PublishesVersion(anna, client.NewProgramVersion{
		ID: sys.NewID(), EffectiveFrom: anna.Today().String(), Items: []client.NewProgramItem{{
			ID: sys.NewID(), Exercise: "bird-dog", Dose: client.Dose{Sets: &sets, Reps: &reps},
			Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota},
		}},
	})
	b := newBrowser(t, sys)
	b.signIn(therapist.Email)
	path := "/patients/" + string(anna.ID) + "/program/draft"
	caution := "Opposite arm and leg reach does not suit what the latest intake says."
	require.NotContains(t, b.get(path).body, caution)
	anna.Submits(testkit.Answers(map[string]any{"weeks": 20, "falls12m": 1}))
	require.Contains(t, b.get(path).body, caution)
}
