package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// Twenty-two patients of a practice over thirteen weeks: twelve do everything and hurt less, ten stop after week one.
func TestPracticeMetrics(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on, testkit.Unanswered)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		sys.Therapist(sys.Admin, "N. Nieuw")
		var patients []*testkit.Patient
		for range 22 {
			p := therapist.NewPatient("P.", "Europe/Amsterdam")
			therapist.Publishes(p, 1)
			patients = append(patients, p)
		}
		metrics := func(query string) (m client.PracticeMetrics) {
			answer := sys.Call("GET", "/v1/practice/metrics"+query, therapist.Token(), nil, "Accept-Language", "en")
			require.Equal(t, http.StatusOK, answer.Status, string(answer.Body))
			require.NoError(t, json.Unmarshal(answer.Body, &m))
			return m
		}
		for week := range 13 {
			for i, p := range patients {
				if i >= 12 && week > 0 {
					_ = p.Token() // the phone is in use all the same
					continue
				}
				pain := 6
				if week >= 8 {
					pain = 3
				}
				for hour := range 3 {
					p.Logs(
						p.FullSession(sys.Clock.Now().Add(time.Duration(-hour)*time.Hour), pain, pain),
						http.StatusCreated,
					)
				}
			}
			if week == 12 {
				for _, p := range patients[12:] {
					reported := sys.Call(
						"POST", "/v1/me/barrier-reports", p.Token(),
						map[string]any{"id": sys.NewID(), "local_date": p.Today().String(), "barrier": "time"},
					)
					require.Equal(t, http.StatusCreated, reported.Status, string(reported.Body))
				}
			}
			sys.Clock.Advance(7 * 24 * time.Hour)
		}
		m := metrics("")
		require.Equal(t, []string{"2026-03-10", "2026-06-01"}, []string{m.Since, m.Until})
		require.Equal(t, 22, *m.Patients)
		require.Equal(t, []client.MetricCell{
			{Name: "0-20", Patients: number(10)}, {Name: "20-40"}, {Name: "40-60"}, {Name: "60-80"},
			{Name: "80-100", Patients: number(12)}, {Name: "unknown"},
		}, m.Adherence28Days)
		require.Equal(t, client.MetricCell{Name: "time", Patients: number(10)}, m.Barriers28Days[0])
		require.Equal(t, client.MetricCell{Name: "motivation"}, m.Barriers28Days[1])
		var counted []any
		for _, cell := range m.Barriers28Days {
			counted = append(counted, cell.Name)
		}
		offered := sys.App.Contract.Document().Components.Schemas["Barrier"].Value.Enum
		require.Equal(t, offered, counted, "every barrier is counted")
		got := map[string][2]*int{}
		for _, tile := range m.Tiles {
			got[tile.Key] = [2]*int{tile.Value, tile.Of}
			require.NotEmpty(t, tile.Definition)
		}
		require.Equal(t, map[string][2]*int{
			"paired_permille":    {}, // they were invited before the period
			"pain_change_tenths": {number(-30), number(12)}, "responders_permille": {number(1000), number(12)},
			"therapists_active": {number(1), number(2)}, "feedback_permille": {}, "proposals_accepted_permille": {},
			"week_12_permille": {number(545), number(22)},
		}, got)
		all := metrics("?since=2026-03-01")
		require.Equal(t, []int{1000, 22}, []int{*all.Tiles[0].Value, *all.Tiles[0].Of})
		require.Equal(
			t, http.StatusBadRequest,
			sys.Call("GET", "/v1/practice/metrics?since=2020-01-01", therapist.Token(), nil).Status,
		)
		_, other := sys.NewPractice("Praktijk Elders")
		require.NotContains(
			t, string(sys.Call("GET", "/v1/practice/metrics", other.Token(), nil).Body), `"patients":1`,
			"another practice has its own",
		)
	})
}
