package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// A version that has not started is taken back: what is asked today can be changed again, and the list says what
// happened. Repeating it changes nothing; what has started stays.
func TestAVersionAheadIsWithdrawn(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		list := "/v1/patients/" + string(anna.ID) + "/program-versions"
		etag := func() string { return sys.Call("GET", list, therapist.Token(), nil).Header.Get("ETag") }
		started := anna.Version
		later := ahead(sys, therapist, anna)
		blocked := adjusts(sys, therapist, anna, started, etag())
		require.Equal(t, "before-latest-version", blocked.Problem().Code)

		at := list + "/" + later.ID
		require.Equal(t, http.StatusPreconditionRequired, sys.Call("DELETE", at, therapist.Token(), nil).Status)
		require.Equal(t, http.StatusPreconditionFailed,
			sys.Call("DELETE", at, therapist.Token(), nil, "If-Match", `"old"`).Status)
		read := etag()
		for range 2 {
			answer := sys.Call("DELETE", at, therapist.Token(), nil, "If-Match", read)
			require.Equal(t, http.StatusNoContent, answer.Status, string(answer.Body))
			require.Equal(t, etag(), answer.Header.Get("ETag"))
			require.NotEqual(t, read, answer.Header.Get("ETag"))
		}
		all, err := therapist.ListProgramVersionsWithResponse(context.Background(), string(anna.ID))
		require.NoError(t, err)
		require.Len(t, all.JSON200.Data, 1)
		require.Len(t, all.JSON200.Withdrawn, 1)
		require.Equal(t, later.ID, all.JSON200.Withdrawn[0].ID)

		again := sys.Call("DELETE", list+"/"+started.ID, therapist.Token(), nil, "If-Match", etag())
		require.Equal(t, "version-started", again.Problem().Code)
		require.Equal(t, http.StatusNotFound,
			sys.Call("DELETE", list+"/"+sys.NewID(), therapist.Token(), nil, "If-Match", etag()).Status)
		require.Equal(t, http.StatusCreated, adjusts(sys, therapist, anna, started, etag()).Status)
		numbers := map[int]bool{}
		all, err = therapist.ListProgramVersionsWithResponse(context.Background(), string(anna.ID))
		require.NoError(t, err)
		for _, v := range all.JSON200.Data {
			numbers[v.Number] = true
		}
		require.Equal(t, map[int]bool{1: true, 3: true}, numbers, "a number is given once")
	})
}

// ahead publishes the same program for a day in a year that is to come.
func ahead(sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) client.ProgramVersion {
	n := client.NewProgramVersion{ID: sys.NewID(), EffectiveFrom: anna.Today().AddDays(300).String()}
	for _, i := range anna.Version.Items {
		n.Items = append(
			n.Items, client.NewProgramItem{ID: i.ID, Exercise: i.Exercise, Dose: i.Dose, Schedule: i.Schedule},
		)
	}
	return therapist.PublishesVersion(anna, n)
}

func adjusts(
	sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient, v client.ProgramVersion, etag string,
) testkit.Answer {
	return sys.Call("POST", "/v1/patients/"+string(anna.ID)+"/program-adjustments", therapist.Token(), map[string]any{
		"id": sys.NewID(), "changes": []any{map[string]any{"item_id": v.Items[0].ID, "kind": "regress"}},
	}, "If-Match", etag)
}
