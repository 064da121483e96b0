package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// Archiving one template leaves the practice its others, and other practices theirs under the same id.
func TestArchivingOneTemplateKeepsTheOthers(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		_, admin := sys.NewPractice("Praktijk Elders")
		elsewhere := sys.Therapist(admin, "E. Elders")
		one, other := sys.NewID(), sys.NewID()
		save := func(m *testkit.Member, id, name string) {
			saved := sys.Call("PUT", "/v1/program-templates/"+id, m.Token(), map[string]any{
				"name": name,
				"items": []any{
					map[string]any{"core": true, "item": newItem(sys, "bridge", 2, 8, 2)}},
			})
			require.Equal(t, http.StatusCreated, saved.Status, string(saved.Body))
		}
		save(therapist, one, "Nek")
		save(therapist, other, "Enkel")
		save(elsewhere, one, "Elders")
		names := func(m *testkit.Member) (names []string) {
			var list struct{ Data []struct{ Name string } }
			require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/program-templates", m.Token(), nil).Body, &list))
			for _, template := range list.Data {
				names = append(names, template.Name)
			}
			return names
		}
		require.Equal(t, []string{"Enkel", "Nek"}, names(therapist), "by name")
		require.Equal(
			t, http.StatusNoContent, sys.Call("DELETE", "/v1/program-templates/"+one, therapist.Token(), nil).Status,
		)
		require.Equal(t, []string{"Enkel"}, names(therapist))
		require.Equal(t, []string{"Elders"}, names(elsewhere))
	})
}
