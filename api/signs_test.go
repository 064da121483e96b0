package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// Signs that a session, a check-in or a flare tells within a week belong together; a retry is answered alike.
func TestSignsOfAWeekAreOneMatter(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]func(*testkit.System, *testkit.Patient) testkit.Answer{
		"session": func(sys *testkit.System, p *testkit.Patient) testkit.Answer {
			body := p.SessionBody(sys.Clock.Now())
			body["new_signs"] = []string{"both_legs"}
			return sys.Call("POST", "/v1/me/sessions", p.Token(), body)
		},
		"check-in": func(sys *testkit.System, p *testkit.Patient) testkit.Answer {
			return sys.Call("POST", "/v1/me/check-ins", p.Token(), checkIn(sys, p, "both_legs"))
		},
		"flare": func(sys *testkit.System, p *testkit.Patient) testkit.Answer {
			return sys.Call("POST", "/v1/me/flares", p.Token(), map[string]any{
				"id": sys.NewID(), "days": 3, "new_signs": []string{"both_legs"},
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sys := testkit.Start(t)
			therapist := sys.Therapist(sys.Admin, "T. de Vries")
			anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
			defer anna.Pushes()
			therapist.Publishes(anna, 5)
			told := first(sys, anna)
			require.Equal(t, http.StatusCreated, told.Status, string(told.Body))
			require.Contains(t, string(told.Body), "safety_advice")
			require.NotContains(t, string(told.Body), "stop_emergency")
			body := checkIn(sys, anna, "new_weakness")
			for _, status := range []int{http.StatusCreated, http.StatusOK} {
				again := sys.Call("POST", "/v1/me/check-ins", anna.Token(), body, "Accept-Language", "en")
				require.Equal(t, status, again.Status, string(again.Body))
				require.Contains(t, string(again.Body), `"safety_level":"stop_emergency"`)
			}
		})
	}
}

// checkIn is a check-in of today with a sign.
func checkIn(sys *testkit.System, p *testkit.Patient, sign string) map[string]any {
	return map[string]any{"id": sys.NewID(), "local_date": p.Today(), "new_signs": []string{sign}, "nprs_avg24": 3}
}
