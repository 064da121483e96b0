package released_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/pain"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// Whoever was signed in to the older version is answered the same by this one, from the same database. What was added
// since may stand beside it.
func TestAnswersAreTheSame(t *testing.T) {
	t.Parallel()
	signedIn, answers := recording(t)
	s := start(t)
	tokens := map[string]string{}
	for _, p := range signedIn {
		tokens[p.ID] = p.Access
	}
	changed, unmet, used := map[string][]string{}, maps.Clone(onPurpose), map[string]bool{}
	words := slices.Concat(educated, instructed, reworded)
	for _, was := range answers {
		is := s.get(was, tokens[was.Who])
		was.Body = inNewWords(was.Body, words, used)
		if was.Language == string(people.Dutch) && strings.HasSuffix(was.Path, "/program-proposals") {
			was.Body = inNewWords(was.Body, inDutch, used)
		}
		for _, wrong := range changes(was, is) {
			changed[wrong] = append(changed[wrong], was.Path)
		}
	}
	for _, wrong := range slices.Sorted(maps.Keys(changed)) {
		if onPurpose[wrong] != "" {
			delete(unmet, wrong)
			continue
		}
		t.Errorf(
			"%s (%d times, as at %s): if that is meant, onPurpose says why", wrong, len(changed[wrong]),
			changed[wrong][0],
		)
	}
	require.Empty(t, unmet, "what was changed on purpose is as it was")
	for _, w := range slices.Concat(words, inDutch) {
		if !used[w.was.String()] {
			t.Errorf("nobody was told otherwise: %s", w.is)
		}
	}
	require.Greater(t, len(answers), 1000)
}

// A refresh token of the older version is still worth a new one.
func TestNobodyIsSignedOut(t *testing.T) {
	t.Parallel()
	signedIn, _ := recording(t)
	s := start(t)
	for _, p := range signedIn {
		body := fmt.Sprintf(`{"refresh_token":%q}`, p.Refresh)
		response, err := http.Post(s.url+"/v1/auth/token-refreshes", "application/json", strings.NewReader(body))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusOK, response.StatusCode, p.Role)
	}
}

// keptDays are the rows of a patient, by day.
func keptDays(t *testing.T, tx *database.Tx, patient id.Patient) map[localtime.Date]adherence.Day {
	t.Helper()
	rows, err := adherence.DaysOf(tx, patient, localtime.FirstDay(), localtime.LastDay())
	require.NoError(t, err)
	days := map[localtime.Date]adherence.Day{}
	for _, day := range rows {
		days[day.Date] = day
	}
	return days
}

// Every day of adherence that the older version kept is the day that this one makes, but for pain that was told in an
// intake or a questionnaire: that counts for its day since.
func TestTheLedgerHolds(t *testing.T) {
	t.Parallel()
	s := start(t)
	var all []id.Patient
	require.NoError(t, s.DB.Read(t.Context(), func(tx *database.Tx) (err error) {
		all, err = people.Everybody(tx)
		return err
	}))
	require.Len(t, all, 16)
	for _, patient := range all {
		require.NoError(t, s.DB.Write(t.Context(), func(tx *database.Tx) error {
			before := keptDays(t, tx, patient)
			wrong, err := adherence.Audit(tx, patient)
			after := keptDays(t, tx, patient)
			for _, day := range wrong {
				told, errTold := pain.Reported(tx, patient, day, day)
				require.NoError(t, errTold)
				require.NotEmpty(t, told, day)
				is, was := after[day], before[day]
				is.Before, is.PainMax = was.Before, was.PainMax
				if was.Date.IsZero() {
					require.Zero(t, is.Sessions, "nothing else happened that day")
					continue
				}
				require.Equal(t, was, is)
			}
			return err
		}))
	}
}
