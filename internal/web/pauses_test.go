package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// Every pause of today or later stands on the program's page, also one that the patient planned, and can be ended
// there; pauses that are over do not.
func TestPausesAreShownAndEnded(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b, page := signedIn(t, sys, therapist), "/patients/"+string(anna.ID)+"/program"
		day := func(n int) string { return anna.Today().AddDays(n).String() }
		b.form(page, "/pauses").with("start_date", day(-5), "end_date", day(-3), "reason", "illness").sent()
		b.form(page, "/pauses").with("start_date", day(0), "end_date", day(2), "reason", "illness").sent()
		planned := b.form(page, "/pauses").with("start_date", day(30), "end_date", day(40), "reason", "holiday").sent()
		require.Contains(t, planned, "holiday)")
		own, err := anna.PauseMyProgramWithResponse(context.Background(), client.NewPause{
			ID: sys.NewID(), Reason: client.PauseReason("other"), StartDate: day(50), EndDate: day(55),
		})
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, own.StatusCode(), string(own.Body))
		shown := b.get(page).body
		require.Equal(t, 3, strings.Count(shown, `/program/pauses/`))
		for left := 2; left >= 0; left-- {
			after := b.ends(page)
			require.Equal(t, left, strings.Count(after, `/program/pauses/`))
		}
		pauses, err := therapist.ListPatientPausesWithResponse(context.Background(), string(anna.ID))
		require.NoError(t, err)
		require.Len(t, pauses.JSON200.Data, 1, "the one that was over")
	})
}

// ends presses the first button that ends a pause.
func (b *browser) ends(page string) string {
	b.t.Helper()
	for _, found := range formTag.FindAllStringSubmatch(b.get(page).body, -1) {
		action := actionOf.FindStringSubmatch(found[1])[1]
		if strings.Contains(action, "/program/pauses/") {
			return b.form(page, action).sent()
		}
	}
	require.Fail(b.t, "no pause to end")
	return ""
}
