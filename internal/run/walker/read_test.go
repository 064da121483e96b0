package walker_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// readAtOnce is how many requests read at the same time.
const readAtOnce = 4

// practiceEvery is at how many readings once what is about the practice as a whole is read, beside the touched patient.
const practiceEvery = 10

// readEverything reads every page and every GET about the touched patient, and now and then those of the practice, and
// compares what they say.
func (w *walk) readEverything() {
	w.unread++
	everything := w.unread == practiceEvery || w.done.searching()
	if everything {
		w.unread = 0
	}
	answers := w.readAPI(everything)
	pages := w.readPages(everything)
	if w.done.searching() {
		return
	}
	w.compares(answers, pages)
	w.looksAtLedger()
	require.NotContains(w.t, w.Log(), `"level":"ERROR"`, "in the log")
	w.ExpectedErrors() // what was logged is known to be harmless; a long log takes long to search
}

// answers are what GETs said, by operation.
type answers map[string]testkit.Answer

// readAPI asks everything that the contract has a GET for.
func (w *walk) readAPI(practice bool) answers {
	ids := w.ids()
	w.asked = w.window()
	var gets []get
	for _, g := range w.gets() {
		if (g.isAboutPatient() || practice) && w.done.suspects(g.id) {
			gets = append(gets, g.with(ids, w.asked))
		}
	}
	for _, who := range []person{w.touched, w.own, w.Admin} {
		if w.asks(who, "GET", "/v1/me", nil).Status != http.StatusOK {
			require.Fail(w.t, "nobody is signed in")
		}
	}
	found := answers{}
	var mu sync.Mutex
	w.atOnce(len(gets), func(i int) string { return gets[i].id }, func(i int) error {
		who := gets[i].reader(w)
		answer, err := w.Send("GET", gets[i].path, w.tokens[who], nil, "Accept-Language", w.language)
		mu.Lock()
		defer mu.Unlock()
		if found[gets[i].id] = answer; err == nil {
			err = gets[i].sound(answer)
		}
		return err
	})
	return found
}

// atOnce does things side by side, and fails with what was wrong about any, in their order.
func (w *walk) atOnce(n int, name func(int) string, do func(int) error) {
	wrong, next := make([]error, n), make(chan int)
	var group sync.WaitGroup
	for range readAtOnce {
		group.Go(func() {
			for i := range next {
				wrong[i] = do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
	if err := errors.Join(wrong...); err != nil {
		for i := range wrong {
			if wrong[i] != nil {
				w.done.suspect(name(i))
			}
		}
		w.t.Fatalf("%v", err)
	}
}

// get is an operation that reads.
type get struct {
	id, path string
	windowed bool
}

func (g get) isAboutPatient() bool {
	return strings.HasPrefix(g.path, "/v1/me/") || strings.HasPrefix(g.path, "/v1/patients/") || g.id == "getCaseload"
}

// gets are the operations of the contract that read, but the one that never ends.
func (w *walk) gets() (list []get) {
	for path, item := range w.App.Contract.Document().Paths.Map() {
		if item.Get == nil || item.Get.OperationID == "streamEvents" {
			continue
		}
		g := get{id: item.Get.OperationID, path: path}
		for _, p := range item.Get.Parameters {
			g.windowed = g.windowed || p.Value.Name == "since"
		}
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b get) int { return strings.Compare(a.id, b.id) })
	return list
}

// with fills in which, and since when.
func (g get) with(ids *strings.Replacer, window string) get {
	if g.path = ids.Replace(g.path); g.windowed {
		g.path += window
	}
	if g.id == "listMyPrompts" {
		g.path += "?kind=weekly"
	}
	return g
}

func (g get) reader(w *walk) person {
	switch {
	case strings.HasPrefix(g.path, "/v1/me"):
		return w.touched
	case g.id == "listAuditEvents", g.id == "listMembers":
		return w.Admin
	default:
		return w.own
	}
}

// sound says what is wrong with an answer. What is not there is not found; a window may be none.
func (g get) sound(a testkit.Answer) error {
	switch {
	case strings.Contains(string(a.Body), canary):
		return fmt.Errorf("%s tells of another practice: %s", g.path, a.Body)
	case a.Status == http.StatusOK, a.Status == http.StatusNotFound, a.Status == http.StatusNotModified:
		return nil
	case a.Problem().Code == "safety-stop": // a program that stands still is not shown
		return nil
	case a.Status == http.StatusBadRequest && strings.Contains(g.path, "since="):
		return nil
	default:
		return fmt.Errorf("%s: %d %s", g.path, a.Status, a.Body)
	}
}

// ids fill the gaps of addresses: of what there is the first, else something that is not there.
func (w *walk) ids() *strings.Replacer {
	one := func(who person, path string) string {
		if list := w.listed(who, path); len(list) > 0 {
			return list[0].ID
		}
		return w.NewID()
	}
	item := w.NewID()
	if today := w.today(); len(today.Items) > 0 {
		item = today.Items[0].Item.ID
	}
	return strings.NewReplacer("{patient_id}", string(w.touched.ID), "{session_id}", one(w.touched, "/v1/me/sessions"),
		"{alert_id}", one(w.own, "/v1/alerts?state=all"), "{slug}", "bridge", "{exercise_id}", w.ownExercise(),
		"{pairing_id}", w.NewID(), "{media_hash}", strings.Repeat("0", 64), "{key}", "nprs", "{item_id}", item)
}

// window is mostly none, else one of some days that may lie in the past, in the future or the wrong way round.
func (w *walk) window() string {
	if !w.oneIn(6, "window") {
		return ""
	}
	since := w.day(-400, 40)
	window := "?since=" + since.String()
	if w.oneIn(2, "until") {
		window += "&until=" + since.AddDays(w.number("long", -3, 370)).String()
	}
	return window
}

// into reads an answer; one that is not there leaves it empty.
func (a answers) into(operation string, into any) bool {
	answer, known := a[operation]
	return known && answer.Status == http.StatusOK && json.Unmarshal(answer.Body, into) == nil
}
