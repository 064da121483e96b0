package barrier_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// A report is stored once; the therapist reads it in the summary.
func TestReportsOverHTTP(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		report := map[string]any{
			"id":         sys.NewID(),
			"local_date": anna.Today().String(),
			"barrier":    "time",
			"note":       "Druk op het werk",
		}
		require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/barrier-reports", anna.Token(), report).Status)
		require.Equal(t, http.StatusOK, sys.Call("POST", "/v1/me/barrier-reports", anna.Token(), report).Status)
		report["barrier"] = "pain"
		require.Equal(t, http.StatusConflict, sys.Call("POST", "/v1/me/barrier-reports", anna.Token(), report).Status)
		summary := sys.Call(
			"GET", "/v1/patients/"+string(anna.ID)+"/summary", therapist.Token(), nil, "Accept-Language", "nl",
		)
		require.Contains(t, string(summary.Body), "Druk op het werk")
		require.Contains(t, string(summary.Body), "Op 2 mrt gemeld: geen tijd.")
	})
}
