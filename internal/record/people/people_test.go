package people_test

import (
	"context"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/people"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

func TestHomeZone(t *testing.T) {
	t.Parallel()
	p := people.Patient{
		Zone:       "Europe/Amsterdam",
		NextZone:   "America/New_York",
		NextZoneOn: localtime.MustParseDate("2026-03-09"),
	}
	for _, tc := range []struct{ name, now, want string }{
		{"before the Monday", "2026-03-08T22:59:59Z", "Europe/Amsterdam"},
		{"from its first minute at home", "2026-03-08T23:00:00Z", "America/New_York"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.RFC3339, tc.now)
			require.NoError(t, err)
			require.Equal(t, tc.want, p.HomeZone(now).String())
		})
	}
}

// A new zone is shown at once and counts from Monday; the settings need the version they are based on.
func TestPreferences(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on, testkit.At("2026-03-04T12:00:00Z")) // a Wednesday
		anna := sys.Therapist(sys.Admin, "T. de Vries").NewPatient("A. Jansen", "Europe/Amsterdam")
		read, err := anna.GetPreferencesWithResponse(context.Background())
		require.NoError(t, err)
		etag, wanted := read.HTTPResponse.Header.Get("ETag"), *read.JSON200
		wanted.TimeZone, wanted.Language = "America/New_York", client.En
		put := func(etag string) *client.PutPreferencesResponse {
			answer, err := anna.PutPreferencesWithResponse(
				context.Background(), &client.PutPreferencesParams{IfMatch: &etag}, wanted,
			)
			require.NoError(t, err)
			return answer
		}
		require.Equal(
			t, http.StatusPreconditionRequired, sys.Call("PUT", "/v1/me/preferences", anna.Token(), wanted).Status,
		)
		require.Equal(t, http.StatusOK, put(etag).StatusCode())
		require.Equal(t, http.StatusOK, put(etag).StatusCode(), "a retry after a lost answer")
		wanted.Reminders.AnchorTime = "18:00"
		require.Equal(t, http.StatusPreconditionFailed, put(etag).StatusCode())

		again, err := anna.GetPreferencesWithResponse(context.Background())
		require.NoError(t, err)
		require.Equal(t, "America/New_York", again.JSON200.TimeZone)
		today, err := anna.GetTodayWithResponse(context.Background(), nil)
		require.NoError(t, err)
		require.Equal(t, "Europe/Amsterdam", today.JSON200.TimeZone, "this week is counted at home")
		sys.Clock.Advance(5 * 24 * time.Hour)
		today, err = anna.GetTodayWithResponse(context.Background(), nil)
		require.NoError(t, err)
		require.Equal(t, "America/New_York", today.JSON200.TimeZone)

		wanted.Reminders.QuietFrom, wanted.Reminders.QuietUntil = "23:00", "06:00"
		refused := put(again.HTTPResponse.Header.Get("ETag"))
		require.Equal(t, http.StatusBadRequest, refused.StatusCode())
		require.Contains(t, string(refused.Body), "quiet-too-short")
	})
}

func TestRetriesOfRegistrations(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		patient := map[string]any{
			"id":         sys.NewID(),
			"name":       "N. Nieuw",
			"birth_year": 1980,
			"language":   "nl",
			"time_zone":  "Europe/Amsterdam",
			"complaint":  "neck",
		}
		member := map[string]any{
			"id":       sys.NewID(),
			"name":     "T.",
			"email":    "t@praktijk.example",
			"password": testkit.Password,
			"role":     "therapist",
		}
		for path, body := range map[string]map[string]any{"/v1/patients": patient, "/v1/practice/members": member} {
			require.Equal(t, http.StatusCreated, sys.Call("POST", path, sys.Admin.Token(), body).Status)
			require.Equal(t, http.StatusOK, sys.Call("POST", path, sys.Admin.Token(), body).Status)
			body["name"] = "Iemand anders"
			require.Equal(t, "id-reused", sys.Call("POST", path, sys.Admin.Token(), body).Problem().Code)
		}
		member["id"] = sys.NewID()
		require.Equal(
			t, "email-taken", sys.Call("POST", "/v1/practice/members", sys.Admin.Token(), member).Problem().Code,
		)
		_, elsewhere := sys.NewPractice("Elders")
		patient["name"] = "N. Nieuw"
		require.Equal(
			t, "id-reused", sys.Call("POST", "/v1/patients", elsewhere.Token(), patient).Problem().Code,
			"an id of another practice",
		)
	})
}
