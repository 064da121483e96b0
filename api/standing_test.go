package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// What the rules hold is told to the therapist with its reason, and to nobody else. Who leaves the question about
// effort out three times in a row is asked for it on the day's screen, until it is answered.
func TestWhatIsHeldIsTold(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		anna.Submits(testkit.Answers(map[string]any{"weeks": 20}))
		standing := func() client.ItemStanding {
			t.Helper()
			var list client.ProgressionList
			answer := sys.Call("GET", at(anna, "/progressions"), therapist.Token(), nil, "Accept-Language", "en")
			require.Equal(t, http.StatusOK, answer.Status, string(answer.Body))
			require.NoError(t, json.Unmarshal(answer.Body, &list))
			require.Len(t, list.Standings, 3)
			require.Equal(t, todayOf(t, anna).Items[0].Item.ID, list.Standings[0].ItemID)
			return list.Standings[0]
		}
		silent := map[string]any{"pain": 2}
		for n := range 3 {
			require.Nil(t, standing().LeftOut, "%d", n)
			require.Nil(t, todayOf(t, anna).Note, "%d", n)
			practises(t, sys, anna, silent, true)
		}
		held := standing()
		require.Equal(t, client.ItemStandingRuleHOLD, held.Rule)
		require.NotEmpty(t, held.Because)
		require.Equal(t, "The question about effort was left out in the last 3 sessions. Ask about it.", *held.LeftOut)
		require.Equal(t, "Vul ook in hoe een oefening voelde. Dat helpt om de oefening bij u te laten passen.",
			*todayOf(t, anna).Note)
		practises(t, sys, anna, goesWell, true)
		require.Nil(t, standing().LeftOut)
		require.Nil(t, todayOf(t, anna).Note)
		require.NotContains(t, string(sys.Call("GET", "/v1/me/progressions", anna.Token(), nil).Body), "standings")
	})
}
