package testkit

import (
	"net/http"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/safety"
)

// Answers is a complete intake of a patient without warning signs, with some answers changed.
func Answers(changes map[string]any) map[string]any {
	signs := map[string]any{}
	for _, q := range safety.IntakeQuestions {
		if q.Sign != safety.NeckVascular && q.Sign != safety.NeckMeningitis {
			signs[string(q.Sign)] = false
		}
	}
	answers := map[string]any{
		"region": "low_back", "weeks": 2, "recovered": false, "prior": 1, "nprs_avg24": 3, "nprs_worst": 5,
		"radiating": "none", "fear": 2, "confidence": 8, "motivation": 8, "expectation": 8, "bad_nights": 1,
		"stress": 3, "phq2_interest": 0, "phq2_mood": 0, "pavs_days": 6, "pavs_minutes": 30, "strength_days": 2,
		"walk_minutes": 30, "walk_week_minutes": 60, "walk_aid": false, "lower_limb": false, "falls12m": 0,
		"minutes": 20, "days": 5, "likes": []string{}, "dislikes": []string{},
		"equipment": []string{"mat", "chair", "wall", "shoes"},
		"goals":     []any{map[string]any{"activity": "tuinieren", "score": 6}}, "works": false, "signs": signs,
	}
	for key, value := range changes {
		if key == "region" && value != "low_back" {
			signs["neck_vascular"], signs["neck_meningitis"] = false, false
		}
		answers[key] = value
	}
	return answers
}

// Yes answers some of the safety questions with yes.
func Yes(answers map[string]any, signs ...string) map[string]any {
	for _, sign := range signs {
		answers["signs"].(map[string]any)[sign] = true
	}
	return answers
}

// Submits fills in an intake and sends it.
func (p *Patient) Submits(answers map[string]any) Answer {
	p.sys.t.Helper()
	saved := p.sys.Call("PUT", "/v1/me/intake/answers", p.Token(), answers)
	require.Equal(p.sys.t, http.StatusOK, saved.Status, string(saved.Body))
	sent := p.sys.Call("POST", "/v1/me/intake/submissions", p.Token(), map[string]any{"id": p.sys.NewID()})
	require.Equal(p.sys.t, http.StatusCreated, sent.Status, string(sent.Body))
	return sent
}
