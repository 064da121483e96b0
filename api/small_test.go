package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// A program that starts small asks for contact at once, and tells when two weeks went well, with the numbers; while
// they did not it looks again each week.
func TestASmallStartGrows(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, other *testkit.Patient) {
		unsure := therapist.NewPatient("O. Onzeker", "Europe/Amsterdam")
		unsure.Submits(testkit.Answers(map[string]any{"weeks": 20, "confidence": 5}))
		proposal := proposes(t, sys, therapist, unsure, "nl")
		etag := sys.Call("GET", at(unsure, "/program-versions"), therapist.Token(), nil).Header.Get("ETag")
		accepted := sys.Call("PUT", at(unsure, "/program-proposals/"+proposal.ID+"/decision"), therapist.Token(),
			map[string]any{"outcome": "accepted", "version": asVersion(sys, unsure, proposal)}, "If-Match", etag)
		require.Equal(t, http.StatusOK, accepted.Status, string(accepted.Body))
		alerts := func() string {
			return string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil, "Accept-Language", "en").Body)
		}
		require.Contains(t, alerts(), "small_start_contact")

		day := func(exercises bool) {
			if exercises {
				today := todayOf(t, unsure)
				body := unsure.SessionBody(sys.Clock.Now().Add(-time.Minute))
				body["program_version_id"] = *today.ProgramVersionID
				var items []any
				for _, i := range today.Items {
					done := map[string]any{"item_id": i.Item.ID, "sets": 3, "reps": 12}
					if i.Item.Dose.Minutes != nil {
						done = map[string]any{"item_id": i.Item.ID, "minutes": *i.Item.Dose.Minutes}
					}
					items = append(items, done)
				}
				body["items"] = items
				logged := sys.Call("POST", "/v1/me/sessions", unsure.Token(), body)
				require.Equal(t, http.StatusCreated, logged.Status, string(logged.Body))
			}
			sys.Clock.Advance(24 * time.Hour)
			sys.Sweep()
			unsure.Pushes()
			other.Pushes()
		}
		for n := range 14 {
			day(n%7 == 0) // once a week is too little
		}
		require.NotContains(t, alerts(), "step_up")
		for n := range 15 {
			day(n%2 == 0)
		}
		require.Contains(t, alerts(), "step_up")
		require.Contains(t, alerts(), "days can be added")
	})
}
