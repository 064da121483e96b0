package fuzz_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

const historyDays = 6

// withHistory gives the own patient and the neighbour records on several days, three of them at one moment. What is
// counted is more with the neighbour: four sessions a day, pain of 9, steps beyond 70,000.
func (w *world) withHistory() {
	w.fresh()
	w.mine.add("session_id", w.logged(time.Minute), w.logged(time.Minute))
	for day := range historyDays {
		w.Clock.Advance(24 * time.Hour)
		w.accessTokens = nil
		w.lives("eigen", 1, day, 100+day)
		w.asNeighbour().lives(neighbourCanary, 4, 9, 77_700+day)
	}
	for n := range 3 {
		w.own.NewPatient(fmt.Sprintf("P. Patiënt %d", n), "Europe/Amsterdam")
	}
}

// lives lets the patient exercise and walk today, and read a message.
func (w *world) lives(word string, sessions, pain, steps int) {
	for range sessions {
		done := w.session(time.Minute)
		done["note"], done["pain_before"], done["pain_after"] = word, pain, pain
		w.must("POST", "/v1/me/sessions", w.token(patient), done)
		w.mine.add("session_id", done["id"].(string))
	}
	message := w.NewID()
	w.must(
		"POST", w.at("/feedback"), w.token(therapist), map[string]any{"id": message, "about": "program", "text": word},
	)
	w.mine.add("feedback_id", message)
	w.must("POST", "/v1/me/activity-batches", w.token(patient), map[string]any{"items": []any{map[string]any{
		"kind": "steps", "source": "manual", "external_id": w.NewID(), "version": 1, "count": steps,
		"start_at": w.Clock.Now().Add(-2 * time.Hour), "end_at": w.Clock.Now().Add(-time.Hour)}}})
}

// ofNeighbour are the numbers that only a neighbour's days hold.
var ofNeighbour = regexp.MustCompile(`"steps":77|"highest":9|"sessions":([4-9]|1\d)`)

// has reports whether an operation takes a parameter in its query.
func (o operation) has(names ...string) bool {
	for _, name := range names {
		isThere := false
		for _, p := range o.parameters {
			isThere = isThere || p.In == "query" && p.Name == name
		}
		if !isThere {
			return false
		}
	}
	return true
}

// row is a record of a list as it came.
type row = json.RawMessage

// asks returns the rows of a list and the cursor of the next page.
func (w *world) asks(o operation, query ...string) (rows []row, next string) {
	w.t.Helper()
	r := w.valid(o)
	asked(query...)(w, &r)
	answer := w.sends(r)
	require.Equal(w.t, http.StatusOK, answer.Status, string(answer.Body))
	var list struct {
		Data, Days []row
		NextCursor string `json:"next_cursor"`
	}
	require.NoError(w.t, json.Unmarshal(answer.Body, &list))
	w.tellsNothingOfOthers(o, answer)
	return append(list.Data, list.Days...), list.NextCursor
}

// tellsNothingOfOthers looks for names and ids of the neighbour, unless an admin asks, and of another practice.
func (w *world) tellsNothingOfOthers(o operation, answer testkit.Answer) {
	w.t.Helper()
	pools, names := []records{w.others}, []string{elsewhereCanary}
	if o.sender() != admin {
		pools, names = append(pools, w.theirs), append(names, neighbourCanary)
	}
	for _, pool := range pools {
		for _, ids := range pool {
			names = append(names, ids...)
		}
	}
	for _, name := range names {
		require.NotContains(w.t, string(answer.Body), name)
	}
	require.NotRegexp(w.t, ofNeighbour, string(answer.Body))
}

// orders say which of two rows comes first, as the contract does; latest first where only a moment stands here.
var orders = map[string]string{
	"listMySessions": "performed_at", "listPatientSessions": "performed_at", "listMyFeedback": "sent_at",
	"listPatientFeedback": "sent_at",
	"listMyAccess":        "at", "listPatientAccess": "at", "listAuditEvents": "at", "getCaseload": "needs_attention",
}

// Every list in pages gives each of its records once, in the order that it promises, however long the pages are.
func TestPagesMakeTheWholeList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withHistory()
	seen := 0
	for _, o := range w.operations {
		if !o.has("cursor", "limit") {
			continue
		}
		seen++
		t.Run(o.id, func(t *testing.T) {
			w.t = t
			whole, next := w.asks(o, "limit", "200")
			require.Empty(t, next, "all of it")
			require.Greater(t, len(whole), 3)
			w.inOrder(o, whole)
			for _, limit := range []int{1, 2, len(whole), len(whole) + 1} {
				paged := w.inPages(o, limit)
				if strings.Contains(o.path, "access-log") || strings.Contains(o.path,
					"audit") { // which tells of these requests too
					paged = paged[len(paged)-len(whole):]
				}
				require.Equal(t, texts(whole), texts(paged), "in pages of %d", limit)
			}
		})
	}
	require.GreaterOrEqual(t, seen, 8)
}

// inPages reads a list to its end.
func (w *world) inPages(o operation, limit int) (all []row) {
	w.t.Helper()
	query := []string{"limit", fmt.Sprint(limit)}
	for {
		rows, next := w.asks(o, query...)
		require.LessOrEqual(w.t, len(rows), limit)
		all = append(all, rows...)
		if next == "" {
			return all
		}
		require.Len(w.t, rows, limit, "a page before the last is full")
		require.Less(w.t, len(all), 500, "it does not end")
		query = []string{"limit", fmt.Sprint(limit), "cursor", next}
	}
}

func texts(rows []row) []string {
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i] = string(r)
	}
	return list
}

// inOrder compares each row with the next.
func (w *world) inOrder(o operation, rows []row) {
	w.t.Helper()
	field, known := orders[o.id]
	require.True(w.t, known, "no order is written down for this list")
	values := make([]any, len(rows))
	for i, r := range rows {
		values[i] = decoded(r).(map[string]any)[field]
	}
	require.True(w.t, slices.IsSortedFunc(values, func(a, b any) int {
		if isFirst, is := a.(bool); is {
			return rank(b.(bool)) - rank(isFirst)
		}
		return strings.Compare(b.(string), a.(string))
	}), "by %s, the latest or most urgent first: %v", field, values)
}

func rank(first bool) int {
	if first {
		return 1
	}
	return 0
}

// Every list by days answers the days that were asked, both ends included, and no others.
func TestSinceAndUntilBoundTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withHistory()
	today := w.patient.Today()
	seen := 0
	for _, o := range w.operations {
		if !o.has("since", "until") {
			continue
		}
		seen++
		t.Run(o.id, func(t *testing.T) {
			w.t = t
			if strings.HasPrefix(o.path, "/v1/practice/") {
				w.namesItsDays(o, today)
				return
			}
			whole, _ := w.asks(o)
			require.Greater(t, len(whole), historyDays-1)
			for from := range historyDays {
				for to := range historyDays - from {
					since, until := today.AddDays(-historyDays+1+from), today.AddDays(-historyDays+1+from+to)
					w.answersDays(o, whole, since, until)
				}
			}
			w.answersDays(o, whole, today.AddDays(1), today.AddDays(9))
			w.answersDays(o, whole, today.AddDays(-90), today.AddDays(-40))
		})
	}
	require.GreaterOrEqual(t, seen, 10)
}

// answersDays asks for days with both ends, and with one.
func (w *world) answersDays(o operation, whole []row, since, until localtime.Date) {
	w.t.Helper()
	within := func(since, until localtime.Date) (rows []string) {
		for _, r := range whole {
			day := localtime.MustParseDate(decoded(r).(map[string]any)["local_date"].(string))
			if !day.Before(since) && !day.After(until) {
				rows = append(rows, string(r))
			}
		}
		return rows
	}
	got, _ := w.asks(o, "since", since.String(), "until", until.String())
	require.ElementsMatch(w.t, within(since, until), texts(got), "%s from %s until %s", o.id, since, until)
	got, _ = w.asks(o, "since", since.String())
	require.ElementsMatch(w.t, within(since, localtime.LastDay()), texts(got), "%s from %s", o.id, since)
	got, _ = w.asks(o, "until", until.String())
	require.ElementsMatch(w.t, within(localtime.FirstDay(), until), texts(got), "%s until %s", o.id, until)
}

// namesItsDays is for answers that are about days as a whole.
func (w *world) namesItsDays(o operation, today localtime.Date) {
	w.t.Helper()
	r := w.valid(o)
	asked("since", today.AddDays(-3).String(), "until", today.AddDays(-1).String())(w, &r)
	answer := w.sends(r)
	var about client.PracticeMetrics
	require.NoError(w.t, json.Unmarshal(answer.Body, &about))
	require.Equal(w.t, []string{today.AddDays(-3).String(), today.AddDays(-1).String()}, []string{about.Since,
		about.Until})
	w.tellsNothingOfOthers(o, answer)
}
