package web_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// A version for a day in another year is shown with that year, and is taken back on the same page; it stays in the
// history, and the buttons of the program work again.
func TestAVersionAheadIsWithdrawnOnItsPage(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		n := client.NewProgramVersion{ID: sys.NewID(), EffectiveFrom: anna.Today().AddDays(330).String()}
		year := n.EffectiveFrom[:4]
		for _, i := range anna.Version.Items[:1] {
			n.Items = append(
				n.Items, client.NewProgramItem{ID: i.ID, Exercise: i.Exercise, Dose: i.Dose, Schedule: i.Schedule},
			)
		}
		require.NotEqual(t, anna.Today().String()[:4], year)
		therapist.PublishesVersion(anna, n)
		b, page := signedIn(t, sys, therapist), "/patients/"+string(anna.ID)+"/program"
		require.Regexp(t, `from \w+ \d+ \w+ `+year, b.get(page).body)
		b.form(page, "/program/adjustments").with("kind", "regress").refused("A version that starts later")

		withdrawn := b.form(page, "/withdrawal").sent()
		require.Contains(t, withdrawn, "This version never started.")
		require.NotContains(t, withdrawn, "/withdrawal", "what has started cannot be withdrawn")
		require.Contains(t, b.form(page, "/program/adjustments").with("kind", "regress").sent(), "v3")
		versions, err := therapist.ListProgramVersionsWithResponse(context.Background(), string(anna.ID))
		require.NoError(t, err)
		require.Len(t, versions.JSON200.Data, 2)
	})
}
