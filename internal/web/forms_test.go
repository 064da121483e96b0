package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

func signedIn(t *testing.T, sys *testkit.System, m *testkit.Member) *browser {
	b := newBrowser(t, sys)
	b.signIn(m.Email)
	return b
}

// The editor keeps a draft at every button, publishes it, and shows both versions when somebody was faster.
func TestTheEditor(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := signedIn(t, sys, therapist)
		page := "/patients/" + string(anna.ID) + "/program/draft"
		first := b.form(page, "/program/draft")
		require.Equal(t, "5", first.fields.Get("sessions_per_week-0"))
		exercises := len(anna.Version.Items)

		added := first.with("press", "add bird-dog-leg").sent()
		require.Contains(t, added, "New: Leg reach on hands and knees")
		moved := b.form(page, "/program/draft")
		last := moved.fields.Get("exercise-" + string(rune('0'+exercises)))
		require.Equal(t, "bird-dog-leg", last)
		moved.with("press", "up "+string(rune('0'+exercises))).sent()
		require.Equal(
			t, "bird-dog-leg", b.form(page, "/program/draft").fields.Get("exercise-"+string(rune('0'+exercises-1))),
		)
		typed := b.form(page, "/program/draft").with(
			"sets-1", "7", "sets-0", "x",
		).refused("This is the wrong kind of value.")
		require.Contains(t, typed, `value="7"`, "what was written is kept")
		require.NotContains(t, typed, "Publish for the patient", "what is shown is not what is stored")
		require.NotEqual(t, "7", b.form(page, "/program/draft").fields.Get("sets-1"), "and not stored")
		b.form(page, "/program/draft").with("kind-0", "fixed_days", "days-0", "mon").sent()
		kept := b.form(page, "/program/draft")
		require.Equal(t, "fixed_days", kept.fields.Get("kind-0"))
		require.Equal(t, "mon", kept.fields.Get("days-0"))

		stale := b.form(page, "/program/draft")
		b.form(page, "/program/draft").with("sets-0", "2").sent()
		stale.with("sets-0", "5").refused("Somebody stored another draft meanwhile.")

		therapist.Publishes(anna, 3) // somebody else was faster
		conflict := b.get(page).body
		require.Contains(t, conflict, "Another version was published meanwhile")
		require.NotContains(t, conflict, "Publish for the patient")
		rebased := b.form(page, "/draft/rebase").with("keep", "mine").sent()
		require.NotContains(t, rebased, "Another version was published meanwhile")
		require.Contains(t, rebased, "Publish for the patient")
		published := b.form(page, "/draft/publish").sent()
		require.Contains(t, published, "Leg reach on hands and knees")
		require.Contains(t, b.get(page).body, "Nothing.", "the draft has become the program")

		b.form(page, "/program/draft").with("press", "remove 0").sent()
		b.form(page, "/draft/discard").sent()
		require.Contains(t, b.get(page).body, "Nothing.")
		therapist.Publishes(anna, 4)
		b.form(page, "/program/draft").with("press", "remove 0").sent()
		therapist.Publishes(anna, 5)
		require.Contains(t, b.form(page, "/draft/rebase").with("keep", "theirs").sent(), "Nothing.", "what is in force")
	})
}

// Adjusting and pausing take one click each, and say so when they cannot.
func TestAdjustingAndPausing(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := signedIn(t, sys, therapist)
		page := "/patients/" + string(anna.ID) + "/program"
		stale := b.form(page, "/program/adjustments").with("kind", "regress")
		require.Contains(t, b.form(page, "/program/adjustments").with("kind", "regress").sent(), "v2")
		stale.refused("This was changed meanwhile.")
		require.Contains(t, b.form(page, "/program/adjustments").with("kind", "progress").sent(), "v3")

		b.form(page, "/program/pauses").with("end_date", "2020-01-01").refused("")
		paused := b.form(page, "/program/pauses").with(
			"reason", "holiday", "end_date", anna.Today().AddDays(6).String(),
		).sent()
		require.Contains(t, paused, "Paused through")
		again := b.form(page, "/program/pauses").with("end_date", anna.Today().AddDays(3).String())
		again.action = page + "/pauses"
		again.refused("These days are paused already.")
		end := regexp.MustCompile(`action="(` + page + `/pauses/[^"]+)"`).FindStringSubmatch(b.get(page).body)
		require.NotNil(t, end)
		require.NotContains(t, b.form(page, end[1]).sent(), "Paused up to")
	})
}

// What waits for a decision stands on the patient's page and goes from there: safety first, and with a reason.
func TestWhatWaitsForADecision(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := signedIn(t, sys, therapist)
		page := "/patients/" + string(anna.ID)
		anna.Submits(testkit.Yes(testkit.Answers(nil), "saddle_numbness"))
		stopped := b.get(page).body
		require.Contains(t, stopped, "Waits for your decision")
		require.Contains(t, b.get(page+"/program").body, "stands still until you have decided about safety")
		alert := b.get("/alerts").body
		require.Contains(t, alert, "Assess")
		require.NotContains(t, alert, "<button data-done>", "only a decision ends it")
		report := regexp.MustCompile(`action="(` + page + `/safety-reports/[^"]+)"`).FindStringSubmatch(stopped)[1]
		b.form(page, report).with("decision", "cleared", "note", "").refused("This text is too short.")
		decided := b.form(page, report).with("decision", "cleared", "note", "Gebeld, klopt niet.").sent()
		require.NotContains(t, decided, "Waits for your decision")
		require.NotContains(t, b.get(page+"/program").body, "stands still")

		asked := sys.Call(
			"POST", "/v1/me/change-requests", anna.Token(),
			map[string]any{"id": sys.NewID(), "reason": "too_hard", "note": "Te <zwaar>"},
		)
		require.Equal(t, http.StatusCreated, asked.Status, string(asked.Body))
		wish := b.get(page).body
		require.Contains(t, wish, "Te &lt;zwaar&gt;")
		request := regexp.MustCompile(`action="(` + page + `/change-requests/[^"]+)"`).FindStringSubmatch(wish)[1]
		require.NotContains(t, b.form(page, request).with("outcome", "kept").sent(), "Te &lt;zwaar&gt;")

		next := anna.Today().AddDays(14).String()
		b.form(page, "/visits").with("local_date", anna.Today().AddDays(1).String()).refused("")
		require.Contains(t, b.form(page, "/visits").with("next_on", next).sent(), "Since the last visit")
	}, testkit.Alone)
}

// A proposal shows why, and is published as it is, taken into the editor, or refused with a reason.
func TestProposalsOnAPage(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := signedIn(t, sys, therapist)
		page := "/patients/" + string(anna.ID) + "/proposals"
		b.form(page, "/proposals").refused("No intake has been submitted yet.")
		anna.Submits(testkit.Answers(nil))
		require.Contains(t, b.form(page, "/proposals").sent(), "Why these modules")
		decide := func() form {
			t.Helper()
			found := regexp.MustCompile(`action="(` + page + `/[^"]+)"`).FindStringSubmatch(b.get(page).body)
			require.NotNil(t, found)
			return b.form(page, found[1])
		}
		require.Contains(t, decide().with("outcome", "edit").sent(), "Publish for the patient")
		decide().with("outcome", "else").refused("This value is not known.")
		require.Contains(
			t, decide().with("outcome", "refused", "reason", "Wil eerst praten.").sent(), "Refused: Wil eerst praten.",
		)
		sys.Advance(time.Minute)
		b.form(page, "/proposals").sent()
		require.Contains(t, decide().with("outcome", "accepted").sent(), "Accepted (")
		require.Contains(t, b.get("/patients/"+string(anna.ID)+"/program").body, "v2")
	})
}

// Answers to modules, members and settings are held to the same rules as over the API.
func TestModulesMembersAndSettings(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := signedIn(t, sys, therapist)
		page := "/patients/" + string(anna.ID) + "/modules"
		handed := sys.Call(
			"PUT", "/v1/me/modules/1/response", anna.Token(),
			map[string]any{"id": sys.NewID(), "text": "Ik <durf> weer.", "submit": true},
		)
		require.Less(t, handed.Status, 300, string(handed.Body))
		require.Contains(t, b.get(page).body, "Ik &lt;durf&gt; weer.")
		b.form(page, "/modules/1").with("text", "").refused("This text is too short.")
		require.Contains(t, b.form(page, "/modules/1").with("text", "Mooi.").sent(), "Mooi.")

		require.NotContains(t, b.get("/practice/members").body, "Add a member", "an admin adds members")
		require.NotContains(t, b.get("/practice/settings").body, `<button class="primary">Save`)
		admin := signedIn(t, sys, sys.Admin)
		admin.form("/practice/members", "/members").with(
			"name", "N. Nieuw", "email", "x", "password", "kort",
		).refused("This text is too short.")
		shown := admin.form("/practice/members", "/members").with(
			"name", "N. Nieuw", "email", "n@praktijk.example", "password", testkit.Password,
		).sent()
		require.Contains(t, shown, "n@praktijk.example")
		require.NotContains(t, shown, testkit.Password)

		stale := admin.form("/practice/settings", "/settings").with("missed_run", "4")
		require.Contains(t, admin.form("/practice/settings", "/settings").with("missed_run", "5").sent(), `value="5"`)
		stale.refused("This was changed meanwhile.")
		admin.form(
			"/practice/settings", "/settings",
		).with("missed_run", "99").refused("This number is too small or too large.")
		admin.form("/practice/settings", "/settings").with("missed_run", "3.5").refused("Write a whole number")
		require.Contains(t, admin.get("/practice/settings").body, `value="5"`, "what was refused changed nothing")
	})
}

// Alerts are seen, put off and resolved from the inbox.
func TestTheInbox(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := signedIn(t, sys, therapist)
		require.Contains(t, b.get("/alerts").body, "Nothing asks for your attention now.")
		asked := sys.Call(
			"POST", "/v1/me/change-requests", anna.Token(), map[string]any{"id": sys.NewID(), "reason": "too_hard"},
		)
		require.Equal(t, http.StatusCreated, asked.Status)
		require.NoError(t, sys.App.Statuses.Sweep(t.Context()))
		open := b.get("/alerts").body
		require.Contains(t, open, anna.Name)
		alert := regexp.MustCompile(`/alerts/([0-9a-f-]{36})/snoozes`).FindStringSubmatch(open)[1]
		seen := b.form("/alerts", "/acknowledgements").with("alert", alert)
		require.Contains(t, seen.sent(), "· seen")
		none := b.send("POST", "/alerts/acknowledgements", url.Values{"form": seen.fields["form"]})
		require.Equal(t, http.StatusBadRequest, none.status)

		wrong := b.form("/alerts", "/snoozes").with("days", "400")
		require.Equal(t, http.StatusBadRequest, b.send("POST", wrong.action, wrong.fields).status)
		require.NotContains(t, b.form("/alerts", "/snoozes").with("days", "1").sent(), anna.Name)
		require.Contains(t, b.get("/alerts?show=snoozed").body, "snoozed until")
		require.Contains(t, b.form("/alerts?undo="+alert, "/reopenings").sent(), anna.Name, "undone")
		require.NotContains(t, b.get("/alerts?undo=../sign-out").body, "Undo")
		b.form("/alerts", "/snoozes").with("days", "1").sent()
		require.Contains(t, b.form("/alerts?show=snoozed", "/reopenings").sent(), anna.Name, "shown again")
		b.form("/alerts", "/snoozes").with("days", "1").sent()
		sys.Clock.Advance(25 * time.Hour)
		b.signIn(therapist.Email)
		require.NotContains(
			t, b.form("/alerts", "/resolutions").with("outcome", "contacted", "note", "Gebeld.").sent(), anna.Name,
		)
		require.Contains(t, b.get("/alerts?show=resolved").body, "contacted. Gebeld.")
		require.Contains(t, b.form("/alerts?undo="+alert, "/reopenings").sent(), anna.Name, "undone")
		b.form("/alerts", "/resolutions").with("outcome", "contacted").sent()
		late := b.form("/alerts?undo="+alert, "/reopenings")
		colleague := sys.Therapist(sys.Admin, "C. Collega")
		shared := sys.Call(
			"PUT", "/v1/patients/"+string(anna.ID)+"/therapists/"+string(colleague.ID), sys.Admin.Token(), nil,
		)
		require.Equal(t, http.StatusNoContent, shared.Status, string(shared.Body))
		require.Equal(
			t, http.StatusConflict, sys.Call("POST", "/v1/alerts/"+alert+"/reopenings", colleague.Token(), nil).Status,
			"somebody else's resolution",
		)
		sys.Clock.Advance(10*time.Minute + time.Second)
		require.Equal(t, http.StatusConflict, b.send("POST", late.action, late.fields).status, "too late")
		var stored client.AlertWithHistory
		require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/alerts/"+alert, therapist.Token(), nil).Body, &stored))
		var what []string
		for _, e := range stored.History {
			what = append(what, string(e.What))
		}
		require.Equal(t, []string{
			"raised", "reason_added", "acknowledged", "snoozed", "reopened", "snoozed", "reopened", "snoozed",
			"resolved", "reopened", "resolved",
		}, what)
		require.Equal(t, http.StatusBadRequest, b.get("/alerts?show=all").status)
	}, testkit.Alone)
}

// What was resolved is not opened again beside the same thing that was raised since.
func TestUndoComesTooLate(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		raise := func() {
			require.NoError(t, sys.App.DB.Write(t.Context(), func(tx *database.Tx) error {
				return alert.Raise(tx, anna.ID, alert.Raised{
					Kind: "k", Subject: "s", Urgency: alert.Today,
					Pair: words.Pair{NL: "Iets.", EN: "Something."},
				})
			}))
		}
		raise()
		b := signedIn(t, sys, therapist)
		first := b.form("/alerts", "/resolutions")
		id := strings.Split(first.action, "/")[2]
		first.with("outcome", "no_action").sent()
		undo := b.form("/alerts?undo="+id, "/reopenings")
		raise()
		answer := b.send("POST", undo.action, undo.fields)
		require.Equal(t, http.StatusConflict, answer.status, answer.body)
		require.Equal(t, 1, strings.Count(b.get("/alerts").body, "Something."))
	})
}

// A name that is looked for finds people whatever its case, and stays out of addresses.
func TestFindingAPatient(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		other := therapist.NewPatient("B. Bakker", "Europe/Amsterdam")
		b := signedIn(t, sys, therapist)
		find := b.form("/caseload", "/caseload")
		found := find.with("find", "jANS").sent()
		require.Contains(t, found, anna.Name)
		require.NotContains(t, found, other.Name)
		require.Contains(t, find.with("find", "nobody").sent(), "Nobody found.")
		require.Contains(t, b.get("/caseload?show=new").body, other.Name)
		require.NotContains(t, b.get("/caseload?show=new").body, anna.Name)
		require.NotContains(t, sys.Log(), "Jansen")
		require.NotContains(t, strings.ToLower(sys.Log()), "jans")
	})
}

// An exercise of the practice's own is written, refused as long as something is wrong, changed by one of two at once,
// put into a program, archived, and offered again.
func TestOwnExercise(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := signedIn(t, sys, therapist)
		wrong := b.form("/library/new", "/library").with(
			"name_nl", "Handdoek", "reps", "veel", "equipment", "band",
		).refused("This is the wrong kind of value.")
		require.Contains(t, wrong, `value="Handdoek"`)
		require.Contains(t, wrong, `value="veel"`)
		require.Contains(t, wrong, `value="band" checked`)
		b.form("/library/new", "/library").with("id", "bridge", "name_nl", "Vals", "instructions_nl", "x").refused("")
		require.NotContains(
			t, b.get("/library/bridge").body, "Vals", "nobody takes the place of an exercise of the library",
		)
		written := b.form("/library/new", "/library").with(
			"name_nl", "Handdoek", "instructions_nl", "Trek rustig.", "region", "neck", "equipment", "band",
		)
		require.Contains(t, written.sent(), "Trek rustig.")
		slug := written.fields.Get("id")
		at := "/library/" + slug
		require.Contains(t, b.get("/library").body, at)

		other := b.form(at+"/edit", at).with("instructions_nl", "Trek hard.")
		require.Equal(t, []string{"band", "2", "10", "neck"}, []string{
			other.fields.Get("equipment"), other.fields.Get("sets"), other.fields.Get("reps"),
			other.fields.Get("region"),
		})
		b.form(at+"/edit", at).with("instructions_nl", "Trek heel rustig.").sent()
		late := other.refused("")
		require.Contains(t, late, "Trek heel rustig.", "what is stored")
		require.Contains(t, late, "Trek hard.", "and what was written")

		upload := b.form(at, "/media")
		require.Contains(
			t, upload.file("film.mp4", testkit.Film(200<<10)), "Film of the exercise", "larger than any other form",
		)
		require.Contains(t, upload.file("picture.png", testkit.Picture()), "This was changed meanwhile.")
		shown := b.form(at, "/media").file("picture.png", testkit.Picture())
		picture := regexp.MustCompile(`<img class="media" src="([^"]+)"`).FindStringSubmatch(shown)[1]
		require.Equal(t, "image/png", b.get(picture).header.Get("Content-Type"))
		require.Contains(t, b.form(at, "/media").file("page.html", []byte("<html>")), "This is not a JPEG, PNG or MP4")
		require.NotContains(t, b.form(at, "/removal").with("which", "picture").sent(), picture)

		draft := "/patients/" + string(anna.ID) + "/program/draft"
		require.Contains(
			t, b.form(draft, "/program/draft").with("press", "add "+slug).sent(), "<legend>Handdoek</legend>",
		)
		require.Contains(t, b.form(at, "/archive").sent(), "no longer in the list")
		require.NotContains(t, b.get("/library").body, at)
		require.NotContains(t, b.get(draft).body, "add "+slug)
		require.Contains(t, b.get(draft).body, "<legend>Handdoek</legend>")
		require.Contains(
			t, b.form(at+"/edit", at).with("instructions_nl", "Trek heel rustig.").sent(), "Film of the exercise",
			"a change of words keeps the film",
		)
		require.Contains(t, b.get("/library").body, at)
	})
}
