package browser_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/id"
	"cadans/internal/record/feedback"
	"cadans/internal/run/testkit"
)

// A therapist's quarter of an hour: sign in, find who dropped off, read why, adjust the program, write, put an alert
// off and resolve one, invite a patient, print a letter.
func TestAQuarterOfAnHour(t *testing.T) {
	_, b := inside(t)
	b.sees("before that")
	name := b.whoDropped()
	b.press(name)
	b.sees("Talk about", "before that", "Adherence over 14 days")

	b.press("Program")
	b.sees("Adjust from today")
	b.press("– lighter")
	b.sees("v2", "from Thu 26 Mar")
	b.press("Edit the program")
	b.fill(`input[name="sessions_per_week-0"]`, "3")
	b.press("Save and check")
	b.sees("3× a week from Thu 26 Mar")
	b.press("Publish for the patient")
	b.sees("v3", "3× a week from Thu 26 Mar")

	b.press("Overview")
	b.fill("#text", "Ik zie dat het minder lukte. Wat zou u helpen?")
	b.press("Send")
	b.sees("Ik zie dat het minder lukte. Wat zou u helpen?", "not arrived yet")

	b.press("Alerts")
	open := b.alerts()
	b.leave("snooze", chromedp.Click(
		`//article[.//select[@name="days"]][1]//button[normalize-space(.)="Snooze"]`, chromedp.NodeVisible,
	))
	b.sees("Alerts")
	require.Equal(t, open-1, b.alerts())
	b.fill(`article select[name="outcome"]`, "contacted")
	b.fill(`article input[name="note"]`, "Phoned.")
	b.leave("resolve", chromedp.Click(
		`//article[.//select[@name="outcome"]][1]//button[normalize-space(.)="Done"]`, chromedp.NodeVisible,
	))
	require.Equal(t, open-2, b.alerts())
	b.press("Snoozed")
	b.sees("snoozed until Sun 29 Mar")
	b.press("Done")
	b.sees("contacted. Phoned.")

	b.press("Caseload")
	b.fill(`input[name="find"]`, strings.ToLower(name))
	b.press("Search")
	require.Equal(
		t, name,
		evaluate[string](b, `[...document.querySelectorAll("table.list tbody a")].map(a => a.textContent).join()`),
	)
	require.NotContains(t, evaluate[string](b, "location.href"), name, "a name stays out of URLs")
	b.press("Caseload")
	b.press("Pain or safety")
	b.sees("Pain or safety (")
	b.press("+ Register a patient")
	b.fill("#name", "N. Nieuw")
	b.fill("#birth_year", "19x")
	b.press("Register")
	b.sees("This is the wrong kind of value.")
	require.Equal(
		t, "N. Nieuw", evaluate[string](b, `document.querySelector("#name").value`), "what was written is kept",
	)
	b.fill("#birth_year", "1975")
	b.press("Register")
	b.press("Make an invite")
	b.sees("Scan deze code", "tot en met")
	require.Regexp(t, `^[0-9A-Z-]{8,}$`, evaluate[string](b, `document.querySelector(".code").textContent`))
	b.press("‹ N. Nieuw")
	b.sees("No program yet")

	b.press("Letter to GP")
	b.sees("Physiotherapy letter", "N. Nieuw, born in 1975")
	b.fill("#conclusion", "Begonnen.")
	paper, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	require.NoError(t, err)
	require.Equal(t, "%PDF", string(paper[:4]))
}

// whoDropped is the name of the first patient whose adherence fell, and whose program is not stopped.
func (b *tab) whoDropped() string {
	b.t.Helper()
	name := evaluate[string](
		b,
		`[...document.querySelectorAll("table.list tbody tr")]
			.find(r => r.textContent.includes("Adherence over 14 days")).querySelector("a").textContent`,
	)
	require.NotEmpty(b.t, name)
	return name
}

func (b *tab) alerts() int {
	b.t.Helper()
	return evaluate[int](b, `document.querySelectorAll("article.alert").length`)
}

// The same with the keyboard alone: every step is reached with Tab and done with Enter or Space.
func TestByKeyboard(t *testing.T) {
	at := open(t)
	b := newTab(t, at, true)
	b.reads("en", "light")
	b.visit("/sign-in")
	require.Eventually(
		t, func() bool { return evaluate[string](b, `document.activeElement.id`) == "email" }, patience,
		20*time.Millisecond, "one can type at once",
	)
	b.keys(at.Members[1].Email, kb.Tab, at.Members[1].Password)
	b.enter()
	b.sees("Needs attention")
	b.tabTo(b.whoDropped())
	b.enter()
	b.sees("Talk about")
	b.tabTo("Program")
	b.enter()
	b.sees("Adjust from today")
	b.tabTo("– lighter")
	b.enter()
	b.sees("v2")
	b.tabTo("Overview")
	b.enter()
	b.sees("Your message")
	b.tabTo("#text")
	b.keys("Hoe gaat het?", kb.Tab)
	b.tabTo("Send")
	b.enter()
	b.sees("not arrived yet")
	b.tabTo("Alerts")
	b.enter()
	b.sees("Mark chosen as seen")
	open := b.alerts()
	b.tabTo("Snooze", "#days")
	b.enter()
	require.Equal(t, open-1, b.alerts())
	b.tabTo("What came of it?")
	b.keys("c") // contacted
	b.tabTo("Done")
	b.enter()
	require.Equal(t, open-2, b.alerts())
}

// The rest of the quarter by keyboard: a patient is registered and invited, and the letter is reached.
func TestInvitingByKeyboard(t *testing.T) {
	_, b := inside(t)
	b.tabTo("+ Register a patient")
	b.enter()
	b.sees("Year of birth")
	b.tabTo("#name")
	b.keys("N. Nieuw", kb.Tab, "1975")
	b.enter()
	b.sees("Make an invite")
	b.tabTo("Make an invite")
	b.enter()
	b.sees("Scan deze code")
	b.tabTo("‹ N. Nieuw")
	b.enter()
	b.sees("No program yet")
	b.tabTo("Letter to GP")
	b.enter()
	b.sees("Physiotherapy letter")
}

// tabTo presses Tab until the focus is on what says so, or has that id, which must be visible there.
// After names an element that comes before.
func (b *tab) tabTo(name string, after ...string) {
	b.t.Helper()
	const most = 400
	passed := len(after) == 0
	for range most {
		b.keys(kb.Tab)
		focused := evaluate[struct {
			Text, ID string
			Outline  float64
		}](
			b,
			`(() => { const e = document.activeElement; return {
				Text: e.textContent.trim(), ID: "#" + e.id,
				Outline: parseFloat(getComputedStyle(e).outlineWidth)}; })()`,
		)
		if !passed && strings.HasPrefix(focused.ID, after[0]) {
			passed = true
		}
		if passed && (focused.ID == name || strings.HasPrefix(focused.Text, name)) {
			require.GreaterOrEqual(b.t, focused.Outline, 2.0, "the focus on %s is visible", name)
			return
		}
	}
	b.t.Fatalf("Tab never came to %s", name)
}

// With scripts off the dashboard still does what it must.
func TestWithoutScripts(t *testing.T) {
	at := open(t)
	b := newTab(t, at, false)
	b.reads("en", "light")
	b.signIn(at.Members[1])
	b.sees("Needs attention")
	b.leave("open a patient", chromedp.Click("table.list tbody a"))
	b.sees("Talk about", "Calendar")
	b.do("write", chromedp.SendKeys("#text", "Hoe gaat het nu?"))
	b.press("Send")
	b.sees("Hoe gaat het nu?", "not arrived yet")
	b.press("Sign out")
	b.sees("Sign in")
}

// What is typed outlives the session: it comes back after signing in again, goes with what
// was sent, and is gone after signing out.
func TestWhatIsTypedIsKept(t *testing.T) {
	at, b := inside(t)
	patient := "/patients/" + b.dropped()
	b.visit(patient)
	b.do("type", chromedp.SendKeys("#text", "Een lang bericht."))
	require.Contains(t, b.text(), "17/600")
	at.clock.Advance(20 * time.Minute)
	b.press("Send")
	b.sees("You are signed out after 15 minutes")
	b.fill("#email", at.Members[1].Email)
	b.fill("#password", at.Members[1].Password)
	b.press("Sign in")
	b.visit(patient)
	require.Equal(t, "Een lang bericht.", evaluate[string](b, `document.querySelector("#text").value`))
	b.press("Send")
	b.sees("not arrived yet")
	require.Empty(t, evaluate[string](b, `document.querySelector("#text").value`), "it has arrived")

	b.do("type", chromedp.SendKeys("#text", "Voor straks."))
	b.visit(patient)
	require.Equal(t, "Voor straks.", evaluate[string](b, `document.querySelector("#text").value`))
	b.press("Sign out")
	require.Zero(t, evaluate[int](b, `sessionStorage.length`))
}

// What is changed in the editor outlives the session as well, and leads back there; once it is stored, nothing is kept.
func TestWhatIsChangedInTheEditorIsKept(t *testing.T) {
	at, b := inside(t)
	page := "/patients/" + b.dropped() + "/program/draft"
	b.visit(page)
	value := func() string { return evaluate[string](b, `document.querySelector("input[name=sets-0]").value`) }
	b.fill(`input[name="sets-0"]`, "9")
	at.clock.Advance(20 * time.Minute)
	b.press("Save and check")
	b.sees("You are signed out after 15 minutes")
	b.fill("#email", at.Members[1].Email)
	b.fill("#password", at.Members[1].Password)
	b.press("Sign in")
	require.Equal(t, page, evaluate[string](b, "location.pathname"))
	require.Equal(t, "9", value())
	b.press("Save and check")
	b.sees("Publish for the patient")
	require.Equal(t, "9", value())
	require.Zero(t, evaluate[int](b, `Object.keys(sessionStorage).filter(key => key.startsWith("held")).length`))
}

// What was changed is not put among other exercises than those it was written for.
func TestWhatIsKeptIsOfTheseExercises(t *testing.T) {
	at, b := inside(t)
	page := "/patients/" + b.dropped() + "/program/draft"
	b.visit(page)
	first := `document.querySelector("input[name=sets-0]").value`
	was := evaluate[string](b, first)
	b.fill(`input[name="sets-0"]`, "9")
	at.clock.Advance(20 * time.Minute)
	b.press("Save and check")
	b.sees("You are signed out after 15 minutes")
	evaluate[int](b, `for (const key of Object.keys(sessionStorage)) {
		const held = JSON.parse(sessionStorage.getItem(key));
		const fields = held.fields?.map(([name, value]) => [name, name === "exercise-0" ? "another" : value]);
		sessionStorage.setItem(key, JSON.stringify({ ...held, fields }));
	} sessionStorage.length`)
	b.fill("#email", at.Members[1].Email)
	b.fill("#password", at.Members[1].Password)
	b.press("Sign in")
	require.Equal(t, page, evaluate[string](b, "location.pathname"))
	require.Equal(t, was, evaluate[string](b, first))
}

// A page says that there is news and changes nothing by itself; listening keeps nobody signed in.
func TestNews(t *testing.T) {
	at, b := inside(t)
	row := evaluate[string](b, `document.querySelector("table.list tbody").innerHTML`)
	patient := b.dropped()
	require.Eventually(t, func() bool { // until the page listens
		at.writesTo(t, patient)
		return evaluate[bool](b, `!document.querySelector("#news").hidden`)
	}, patience, 100*time.Millisecond)
	require.Equal(t, row, evaluate[string](b, `document.querySelector("table.list tbody").innerHTML`))
	b.leave("refresh", chromedp.Click("#news a", chromedp.NodeVisible))
	b.sees("Needs attention")
	at.clock.Advance(10 * time.Minute)
	require.Equal(
		t, 200, evaluate[int](b, `fetch("/live?topic=caseload").then(r => r.body.cancel().then(() => r.status))`),
	)
	at.clock.Advance(10 * time.Minute)
	require.Equal(t, 303, evaluate[int](
		b, `fetch("/caseload", {redirect: "manual"}).then(r => r.type === "opaqueredirect" ? 303 : r.status)`,
	))
}

// A busy server refuses a page's stream of news. The page asks again by itself, and hides nothing that came meanwhile.
func TestNewsAfterARefusal(t *testing.T) {
	at, b := inside(t)
	refused := b.refusesOnce("/live")
	b.visit("/caseload")
	patient := b.dropped()
	require.Eventually(t, refused.Load, patience, 10*time.Millisecond)
	at.writesTo(t, patient)
	require.Eventually(
		t, func() bool { return evaluate[bool](b, `!document.querySelector("#news").hidden`) }, patience,
		100*time.Millisecond,
	)
}

// refusesOnce answers the first request to an address as a busy server does, and says when it has.
func (b *tab) refusesOnce(address string) *atomic.Bool {
	b.t.Helper()
	b.refuses = address
	var refused atomic.Bool
	answer := func(id fetch.RequestID) { // an error means that the page has gone
		if refused.CompareAndSwap(false, true) {
			_, _ = chromedp.Call(
				b.ctx, fetch.FulfillRequest,
				fetch.FulfillRequestParams{RequestID: id, ResponseCode: http.StatusServiceUnavailable},
			)
			return
		}
		_, _ = chromedp.Call(b.ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: id})
	}
	require.NoError(b.t, chromedp.Listen(b.ctx, func(event any) {
		if paused, ok := event.(*fetch.EventRequestPaused); ok {
			go answer(paused.RequestID) // not here: what listens holds up the answer to its own calls
		}
	}))
	_, err := chromedp.Call(
		b.ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*" + address + "*"}}},
	)
	require.NoError(b.t, err)
	return &refused
}

// member is the second member, as the program knows who asks.
func (p *practice) member(t *testing.T) access.Viewer {
	t.Helper()
	tokens, err := p.app.Auth.LogIn(
		context.Background(), auth.Login{Email: p.Members[1].Email, Password: p.Members[1].Password}, "",
	)
	require.NoError(t, err)
	v, err := p.app.Auth.Authenticate(context.Background(), tokens.Access)
	require.NoError(t, err)
	return v
}

// writesTo sends a message to a patient as the second member.
func (p *practice) writesTo(t *testing.T, patient string) {
	t.Helper()
	v := p.member(t)
	_, _, err := p.app.Feedback.Send(
		context.Background(), v, id.Patient(patient),
		feedback.New{ID: id.Feedback(id.New()), About: feedback.AboutProgram, Text: "Hoe gaat het?"},
	)
	require.NoError(t, err)
}

// Single keys move through lists, and do nothing once they are switched off.
func TestKeys(t *testing.T) {
	_, b := inside(t)
	focused := `document.activeElement.textContent.trim()`
	first := evaluate[string](b, `document.querySelector("table.list a").textContent`)
	b.keys("j")
	require.Equal(t, first, evaluate[string](b, focused))
	b.keys("j", "j", "k", "k")
	require.Equal(t, first, evaluate[string](b, focused))
	b.leave("go to the alerts", chromedp.KeyEvent("g"), chromedp.KeyEvent("a"))
	b.sees("Mark chosen as seen")
	b.keys("j", "j", "x")
	require.Equal(t, 1, evaluate[int](b, `document.querySelectorAll("input[type=checkbox]:checked").length`))
	b.keys("?")
	b.sees("next and previous in a list")
	b.press("Switch keys off")
	b.sees("Switch keys on")
	b.keys("g", "c")
	b.sees("Switch keys on")
}

// A therapist writes an exercise, shows it with a picture, and gives it to a patient.
func TestAnOwnExercise(t *testing.T) {
	_, b := inside(t)
	file := filepath.Join(t.TempDir(), "towel.png")
	require.NoError(t, os.WriteFile(file, testkit.Picture(), 0o600))
	patient := "/patients/" + b.dropped()
	b.press("Exercises")
	b.press("+ An exercise of your own")
	b.fill("#name_nl", "Handdoek trekken")
	b.press("Save")
	b.sees("This field is required.")
	b.fill("#instructions_nl", "Trek rustig aan de handdoek.")
	b.press("Save")
	b.sees("an exercise of your practice", "Trek rustig aan de handdoek.")
	b.do("choose a file", chromedp.SetUploadFiles("#file", []string{file}))
	b.press("Add")
	require.Positive(t, evaluate[int](b, `document.querySelector("img.media").naturalWidth`), "the picture is shown")
	b.press("Remove the picture")
	b.visit(patient + "/program/draft")
	b.press("remove")
	b.do("open the shelves", b.named("Add an exercise", chromedp.Click[string]))
	b.press("+ Handdoek trekken")
	b.press("Publish for the patient")
	b.sees("New: Handdoek trekken")
}

// An exercise is dragged to another place in the program.
func TestDragging(t *testing.T) {
	_, b := inside(t)
	b.visit("/patients/" + b.dropped() + "/program/draft")
	order := func() []string {
		return evaluate[[]string](
			b,
			`[...document.querySelectorAll("li.item legend:first-child")]
				.filter(l => !l.classList.contains("small")).map(l => l.textContent)`,
		)
	}
	before := order()
	require.Greater(t, len(before), 1)
	last := len(before) - 1
	b.leave("drag the last to the first place", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const data = new DataTransfer(), drag = (on, type) =>
			on.dispatchEvent(new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: data}));
		const items = document.querySelectorAll("li.item");
		drag(items[%d].querySelector(".handle"), "dragstart");
		if (drag(items[0], "dragover")) throw new Error("it may not be dropped there");
		drag(items[0], "drop");
	})()`, last)))
	want := append([]string{before[last]}, before[:last]...)
	require.Equal(t, want, order())
}
