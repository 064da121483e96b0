package walker_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/run/testkit"
	"cadans/pkg/localtime"
)

// act is one thing that people do, or time.
type act struct {
	name string
	do   func(*walk)
}

// person is somebody who sends requests.
type person interface{ Token() string }

// walk is the running program with the people of two practices, and what was done so far.
type walk struct {
	*testkit.System
	t        *trial
	done     *tally
	own      *testkit.Member
	other    *testkit.Member // a colleague, who may take over
	patients []*testkit.Patient
	readers  map[*testkit.Member]*reader
	tokens   map[person]string
	next     *neighbour
	pages    *pages

	story    []string
	act      string
	touched  *testkit.Patient
	language string
	asked    string // the range of days that was read last
	stored   digest
	known    map[view]bool // what was read since anything changed
	unread   int           // steps since all of the practice was read
}

// view is what is read about somebody in one language.
type view struct {
	patient  *testkit.Patient
	language string
}

// languages are those that everything is read in, by turns.
var languages = []string{"nl", "en"}

func newWalk(t *trial, done *tally, on []func(testing.TB) testkit.Option) *walk {
	w := &walk{
		t:        t,
		done:     done,
		tokens:   map[person]string{},
		readers:  map[*testkit.Member]*reader{},
		pages:    newPages(),
		language: "nl",
		known:    map[view]bool{},
	}
	t.story, t.first = w.tellsAll, func() bool { return w.done.failedAt == 0 }
	options := []testkit.Option{testkit.Unsynced, testkit.Unanswered}
	for _, option := range on {
		options = append(options, option(t))
	}
	w.System = testkit.Start(t, options...)
	w.own, w.other = w.Therapist(w.Admin, "T. Eigen"), w.Therapist(w.Admin, "C. Collega")
	for _, name := range []string{"A. Jansen", "B. Bakker"} {
		w.patients = append(w.patients, w.own.NewPatient(name, "Europe/Amsterdam"))
	}
	w.own.Publishes(w.patients[0], 5)
	if !w.done.searching() { // nobody is looked for there, and it takes as long as all the rest
		w.next = newNeighbour(w)
	}
	w.touched = w.patients[0]
	w.stored = w.digest()
	return w
}

// step does one act, and reads everything afterwards. What was read of a patient in a language, and nothing has
// changed since, says the same once more.
func (w *walk) step(a act) {
	w.language = languages[len(w.story)%len(languages)]
	w.act = a.name
	w.done.tried[a.name]++
	w.done.steps++
	w.touched = w.patient()
	before, at := w.stored, w.Clock.Now()
	a.do(w)
	w.ForgetPushes()
	if len(w.stored.differs(before)) > 0 || !w.Clock.Now().Equal(at) {
		clear(w.known)
	}
	if now := (view{w.touched, w.language}); !w.known[now] || w.done.searching() {
		w.readEverything()
		w.known[now] = true
	}
}

// tell writes a line of the story.
func (w *walk) tell(format string, args ...any) {
	line := fmt.Sprintf("%3d  %s  %s: ", len(w.story)+1, w.Clock.Now().Format("2006-01-02 15:04"), w.act)
	w.story = append(w.story, line+fmt.Sprintf(format, args...))
}

// tellsAll is the story of a walk that failed.
func (w *walk) tellsAll() string {
	if w.done.failedAt == 0 {
		w.done.failedAt = w.done.steps
	}
	const says = "failed first after %d steps. The acts of this walk, which is as short as was found:\n  %s"
	return fmt.Sprintf(says, w.done.failedAt, strings.Join(w.story, "\n  "))
}

// succeeded notes that the act did what it was to do.
func (w *walk) succeeded() { w.done.succeeded[w.act]++ }

// patient is one of those in care.
func (w *walk) patient() *testkit.Patient { return pick(w, "patient", w.patients...) }

func pick[T any](w *walk, label string, from ...T) T {
	return from[rapid.IntRange(0, len(from)-1).Draw(w.t.walk, label)]
}

func (w *walk) number(label string, from, to int) int {
	return rapid.IntRange(from, to).Draw(w.t.walk, label)
}

// oneIn is true about once in so many times; shrinking makes it false. Small and
// extreme numbers come more often than others.
func (w *walk) oneIn(n int, label string) bool { return w.number(label, 0, n-1) == n/2 }

// score is a pain score, or none.
func (w *walk) score(label string) any {
	if n := w.number(label, -1, 10); n >= 0 {
		return n
	}
	return nil
}

// day is a day near today of the patient who acts.
func (w *walk) day(from, to int) localtime.Date {
	return w.touched.Today().AddDays(w.number("day", from, to))
}

// token is an access token that was valid a moment ago.
func (w *walk) token(who person) string {
	if w.tokens[who] == "" {
		w.tokens[who] = who.Token()
	}
	return w.tokens[who]
}

// asks sends a request as somebody, with a new token where the old one has expired.
func (w *walk) asks(who person, method, path string, body any, headers ...string) testkit.Answer {
	headers = append(headers, "Accept-Language", w.language)
	answer := w.Call(method, path, w.token(who), body, headers...)
	if answer.Status == http.StatusUnauthorized {
		w.tokens[who] = who.Token()
		answer = w.Call(method, path, w.tokens[who], body, headers...)
	}
	return answer
}

// sends does something as somebody, and expects that a refusal changes nothing.
func (w *walk) sends(who person, method, path string, body any, headers ...string) testkit.Answer {
	answer := w.asks(who, method, path, body, headers...)
	sent, err := json.Marshal(body)
	require.NoError(w.t, err)
	if _, isFile := body.([]byte); isFile {
		sent = []byte("a file")
	}
	w.tell("%s %s %.220s → %d %s", method, path, sent, answer.Status, answer.Problem().Code)
	w.judge(answer.Status, string(answer.Body), heardIn(body)...)
	return answer
}

// heardIn are the tables in which the signs of a record are heard, also of one that is refused.
func heardIn(body any) []string {
	told, _ := body.(map[string]any)
	if signs, _ := told["new_signs"].([]string); len(signs) == 0 {
		return nil
	}
	return []string{"adherence_days", "alert_events", "alerts", "jobs", "pauses", "reminder_slots", "safety_reports"}
}

// judge looks at what an act was answered. A refused one changes nothing but some tables.
func (w *walk) judge(status int, body string, but ...string) {
	require.Less(w.t, status, http.StatusInternalServerError, body)
	require.NotContains(w.t, body, canary, "somebody else's practice")
	now := w.digest()
	if status >= http.StatusBadRequest {
		changed := slices.DeleteFunc(now.differs(w.stored), func(t string) bool { return slices.Contains(but, t) })
		require.Empty(w.t, changed, "tables that a refused act changed")
	} else {
		w.succeeded()
	}
	w.stored = now
}

// record is what the walk wants to know of anything in a list.
type record struct {
	ID, State, Kind, Task, Questionnaire, Exercise string
	Number                                         int
	Decision                                       *struct{}
	DueAt                                          time.Time `json:"due_at"`
}

// listed returns the records of a list, the same in each try of a walk.
func (w *walk) listed(who person, path string) []record {
	var list struct{ Data []record }
	answer := w.asks(who, "GET", path, nil)
	require.Less(w.t, answer.Status, http.StatusInternalServerError, "%s: %s", path, answer.Body)
	if answer.Status == http.StatusOK {
		require.NoError(w.t, json.Unmarshal(answer.Body, &list))
	}
	return list.Data
}

// some returns one of a list, or an id that nobody has.
func (w *walk) some(who person, path string, states ...string) record {
	list := w.listed(who, path)
	if len(states) > 0 {
		list = slices.DeleteFunc(list, func(r record) bool { return !slices.Contains(states, r.State) })
	}
	if len(list) == 0 || w.oneIn(20, "unknown") {
		return record{ID: w.NewID(), Number: 1}
	}
	return pick(w, "which", list...)
}

// at is an address of the patient whom the act is about.
func (w *walk) at(path string) string { return "/v1/patients/" + string(w.touched.ID) + path }

// body is a JSON object.
type body = map[string]any

// fresh is a body with an id of its own, without what was left open.
func (w *walk) fresh(b body) body {
	b["id"] = w.NewID()
	for key, value := range b {
		if value == nil {
			delete(b, key)
		}
	}
	return b
}

// text is what people write, and sometimes what they should not.
func (w *walk) text(label string) string {
	return pick(
		w, label, "Ging goed.", "x", "Ik durf weer te <b>tillen</b>\n& bukken.", "👩‍🦽 ’s ochtends stijf",
		"\u202eomgekeerd", "",
	)
}
