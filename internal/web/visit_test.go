package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// On the day of a visit, and before the first day of a program has passed, the page says that there is nothing yet.
func TestAPatientsPageWithoutDays(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := signedIn(t, sys, therapist)
		page := "/patients/" + string(anna.ID)
		both := func(dutch, english string) {
			t.Helper()
			for language, says := range map[string]string{"nl": dutch, "en": english} {
				shown := b.get(page, "Cookie", "language="+language+"; __Host-session="+b.cookies["__Host-session"])
				require.Equal(t, http.StatusOK, shown.status, shown.body)
				require.Contains(t, shown.body, says)
				require.NotRegexp(t, `[(]?-\d+ (dagen|days)`, shown.body)
			}
		}
		both("Er is nog geen dag van het programma voorbij.", "No day of the program has passed yet.")
		sys.Clock.Advance(5 * time.Minute)
		require.Contains(t, b.form(page, "/visits").sent(), "No day has passed since the last visit yet.")
		both("Er is nog geen dag voorbij sinds het vorige bezoek.", "No day has passed since the last visit yet.")
		require.Equal(t, http.StatusOK, b.get(page+"/letter").status)
	})
}
