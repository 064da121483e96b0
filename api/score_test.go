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

// scoring is a therapist who enters scores of a patient, and reads what they mean.
type scoring struct {
	t         *testing.T
	sys       *testkit.System
	therapist *testkit.Member
	anna      *testkit.Patient
}

func (s scoring) enters(instrument string, tenths, least, most int, more map[string]any) {
	s.t.Helper()
	body := map[string]any{
		"id": s.sys.NewID(), "instrument": instrument, "version": "1", "local_date": s.anna.Today().String(),
		"score_tenths": tenths, "min_tenths": least, "max_tenths": most, "direction": "lower_is_better",
		"source": "paper",
	}
	for name, value := range more {
		body[name] = value
	}
	made := s.sys.Call("POST", at(s.anna, "/scores"), s.therapist.Token(), body)
	require.Equal(s.t, http.StatusCreated, made.Status, string(made.Body))
	s.sys.Clock.Advance(time.Second)
}

func (s scoring) answers(task string, answers map[string]any) {
	s.t.Helper()
	made := s.sys.Call("POST", "/v1/me/questionnaire-responses", s.anna.Token(),
		map[string]any{"id": s.sys.NewID(), "task": task, "answers": answers})
	require.Equal(s.t, http.StatusCreated, made.Status, string(made.Body))
}

// last is the latest score of an instrument.
func (s scoring) last(instrument string) client.ScoreBody {
	s.t.Helper()
	var scores client.ScoreList
	answer := s.sys.Call("GET", at(s.anna, "/scores"), s.therapist.Token(), nil)
	require.NoError(s.t, json.Unmarshal(answer.Body, &scores))
	var last client.ScoreBody
	for _, score := range scores.Data {
		if score.Instrument == instrument {
			last = score
		}
	}
	return last
}

func (s scoring) means(instrument, verdict string, change *int) {
	s.t.Helper()
	last := s.last(instrument)
	require.NotNil(s.t, last.Verdict, instrument)
	require.Equal(s.t, verdict, string(*last.Verdict), instrument)
	require.Equal(s.t, change, last.ChangeTenths, instrument)
}

// A change means what its instrument says: on each of its scales, over the same activities, beyond the measurement
// error, and nothing where two scores cannot be compared.
func TestScoresMeanWhatTheirInstrumentSays(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		s := scoring{t, sys, therapist, anna}
		tenths := func(n int) *int { return &n }
		s.answers("baseline/psfs", map[string]any{"activity_1": 2})
		s.answers("baseline/nprs", map[string]any{"average": 9, "worst": 10})
		sys.Clock.Advance(28 * 24 * time.Hour)
		s.answers("week_4/psfs", map[string]any{"activity_1": 2, "activity_2": 9, "activity_3": 9})
		s.means("psfs", "no_important_change", tenths(0))
		s.answers("week_4/nprs", map[string]any{"average": 7, "worst": 10})
		s.means("nprs", "no_important_change", tenths(-20))
		s.answers("week_4/gpe", map[string]any{"change": 2})
		s.means("gpe", "improved", nil)
		s.enters("odi", 300, 0, 500, nil)
		s.enters("odi", 220, 0, 500, nil)
		s.means("odi", "improved", tenths(-80))
		s.enters("odi", 440, 0, 1000, nil)
		s.means("odi", "improved", tenths(-160))
		s.enters("odi", 440, 0, 900, nil)
		s.means("odi", "unknown", nil)
		require.Equal(t, "other_scale", string(*s.last("odi").VerdictReason))
		s.enters("ndi", 250, 0, 500, nil)
		s.enters("ndi", 150, 0, 500, nil)
		s.means("ndi", "improved", tenths(-100))
		s.enters("tsk", 450, 170, 680, nil)
		s.enters("tsk", 360, 170, 680, nil)
		s.means("tsk", "improved", tenths(-90))
		s.enters("tsk", 300, 110, 440, nil)
		s.means("tsk", "unknown", nil)
		require.Equal(t, "other_form", string(*s.last("tsk").VerdictReason))
	}, testkit.Unanswered)
}

// An imported STarT Back class is the patient's risk, until the therapist or a later form says otherwise.
func TestAnImportedStartBackSetsTheRisk(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		s := scoring{t, sys, therapist, anna}
		risk := func() string {
			answer := sys.Call("GET", at(anna, "/risk-profile"), therapist.Token(), nil)
			var profile client.RiskProfile
			require.NoError(t, json.Unmarshal(answer.Body, &profile))
			return string(profile.Risk) + " " + string(profile.Source)
		}
		part := func(n int) map[string]any { return map[string]any{"parts": map[string]any{"psychosocial": n}} }
		s.enters("start_back", 60, 0, 90, nil)
		require.Equal(t, " ", risk(), "6 of 9 is medium or high")
		s.enters("start_back", 30, 0, 90, nil)
		require.Equal(t, "low start_back", risk())
		s.enters("start_back", 60, 0, 90, part(3))
		require.Equal(t, "medium start_back", risk())
		s.enters("start_back", 60, 0, 90, part(4))
		require.Equal(t, "high start_back", risk())
		require.Equal(t, 4, (*s.last("start_back").Parts)["psychosocial"])
		sys.Clock.Advance(24 * time.Hour)
		set := sys.Call("POST", at(anna, "/risk-profile"), therapist.Token(),
			map[string]any{"id": sys.NewID(), "risk": "medium", "source": "therapist"})
		require.Equal(t, http.StatusCreated, set.Status)
		earlier := anna.Today().AddDays(-1).String()
		s.enters("start_back", 20, 0, 90, map[string]any{"local_date": earlier})
		require.Equal(t, "medium therapist", risk(), "a form of the day before the therapist decided")
		s.enters("start_back", 20, 0, 90, nil)
		require.Equal(t, "low start_back", risk())
		s.enters("start_back", 80, 0, 90, map[string]any{"local_date": earlier})
		require.Equal(t, "low start_back", risk(), "an older form than the last")
	})
}

// A high PHQ-2 is told however it came in, and so is much distress with a PHQ-2 that is not high.
func TestAnImportedMoodIsTold(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		s := scoring{t, sys, therapist, anna}
		alerts := func() (reasons string) {
			var list client.AlertList
			answer := sys.Call("GET", "/v1/alerts", therapist.Token(), nil, "Accept-Language", "en")
			require.NoError(t, json.Unmarshal(answer.Body, &list))
			for _, a := range list.Data {
				if a.PatientID == string(anna.ID) {
					reasons += a.Reason
				}
			}
			return reasons
		}
		parts := func(anxiety, mood int) map[string]any {
			return map[string]any{"parts": map[string]any{"gad2": anxiety, "phq2": mood}}
		}
		s.enters("phq2", 20, 0, 60, nil)
		s.enters("phq4", 50, 0, 120, parts(3, 2))
		require.NotContains(t, alerts(), "PHQ")
		s.enters("phq4", 40, 0, 120, parts(1, 3))
		require.Contains(t, alerts(), "PHQ-2 is 3 of 6")
		anna = therapist.NewPatient("B. Smit", "Europe/Amsterdam")
		s.anna = anna
		s.enters("phq4", 80, 0, 120, parts(6, 2))
		require.Contains(t, alerts(), "PHQ-4 is 8 of 12")
	})
}
