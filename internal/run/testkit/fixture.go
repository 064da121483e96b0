package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/pkg/client"
)

// Answer is the response to a raw request.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Problem decodes the body as a problem.
func (a Answer) Problem() (p client.Problem) {
	_ = json.Unmarshal(a.Body, &p)
	return p
}

// Call sends a request that the generated client cannot send: a string or bytes as the body are sent unchanged,
// anything else as JSON. The answer is still checked against the contract.
func (s *System) Call(method, path, token string, body any, headers ...string) Answer {
	s.t.Helper()
	answer, err := s.Send(method, path, token, body, headers...)
	require.NoError(s.t, err)
	return answer
}

// Send is Call for tests that continue after an answer that violates the contract, which is returned with the error,
// and for tests that send several requests at once.
func (s *System) Send(method, path, token string, body any, headers ...string) (Answer, error) {
	r, err := http.NewRequestWithContext(context.Background(), method, s.URL+path, bytes.NewReader(s.encode(body)))
	if err != nil {
		return Answer{}, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.Header.Get("Content-Type") == "text/event-stream" { // it does not end by itself
		return Answer{Status: response.StatusCode, Header: response.Header}, nil
	}
	var broken error
	if method != http.MethodHead {
		broken = s.checkResponse(s.checker(), r, response)
	}
	read, err := io.ReadAll(response.Body)
	return Answer{Status: response.StatusCode, Header: response.Header, Body: read}, errors.Join(broken, err)
}

func (s *System) encode(body any) []byte {
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		return []byte(b)
	case []byte:
		return b
	default:
		encoded, err := json.Marshal(b)
		require.NoError(s.t, err)
		return encoded
	}
}

// OnBoth runs a test on a fresh system on SQLite and on one on PostgreSQL, each with a therapist and a patient who is
// asked to exercise five days a week. Every write runs twice, as it may in production. Each system also has
// neighbours, whom the test must leave unchanged.
func OnBoth(t *testing.T, promise func(*testing.T, *System, *Member, *Patient), with ...Option) {
	t.Helper()
	OnEach(t, func(t *testing.T, on Option) {
		sys := Start(t, append([]Option{on, Rehearsed}, with...)...)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		var beside *neighbours
		if !sys.alone {
			beside = sys.settleNeighbours(therapist)
		}
		anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
		therapist.Publishes(anna, 5)
		if beside != nil {
			beside.watch(anna)
			t.Cleanup(beside.expectUntouched)
		}
		promise(t, sys, therapist, anna)
	})
}

// Stored counts the rows of every table that a request could add to. Sign-in bookkeeping is left out.
func (s *System) Stored() map[string]int {
	s.t.Helper()
	counts := map[string]int{}
	require.NoError(s.t, s.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		for _, table := range []string{
			"practices", "members", "patients", "treatments", "devices", "pairings", "program_versions", "pauses",
			"sessions", "session_revisions", "session_notes", "barrier_reports", "adherence_days", "feedback",
			"reminder_slots", "reminder_snoozes", "reminder_decisions", "action_plans", "browser_sessions",
			"second_factors", "recovery_codes", "setup_links", "alerts", "alert_events", "visits", "change_requests",
			"safety_reports", "safety_decisions", "intake_drafts", "intakes", "check_ins", "program_proposals",
			"session_aftermath", "progression_settings", "progressions", "flares", "lighter_programs", "activities",
			"walking_plans", "adverse_events", "recurrence_checks", "practice_settings", "program_templates",
			"exercises", "media", "media_pieces", "program_drafts", "program_adaptations", "risk_profiles",
			"module_responses", "valued_activities", "scores", "loss_dismissals", "program_withdrawals",
			"phase_changes", "told",
		} {
			var n int
			if err := tx.Value(&n, "SELECT count(*) FROM "+table); err != nil {
				return err
			}
			counts[table] = n
		}
		return nil
	}))
	return counts
}

// SessionBody is a full session of the patient as a JSON object, for tests to modify.
func (p *Patient) SessionBody(performed time.Time) map[string]any {
	encoded, err := json.Marshal(p.FullSession(performed, 3, 4))
	require.NoError(p.sys.t, err)
	var body map[string]any
	require.NoError(p.sys.t, json.Unmarshal(encoded, &body))
	return body
}
