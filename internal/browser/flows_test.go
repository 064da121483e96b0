package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// A therapist's quarter of an hour: sign in, find who dropped off, read why, adjust the program, write, put an alert off and resolve
// one, invite a patient, print a letter.
func TestAQuarterOfAnHour(t *testing.T) {
	at := open(t)
	b := newTab(t, at, true)
	b.reads("en", "light")
	b.signIn(at.Members[1])
	b.sees("Needs attention", "before that")
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
	b.do("snooze", chromedp.Click(`//article[.//select[@name="days"]][1]//button[normalize-space(.)="Snooze"]`, chromedp.NodeVisible))
	b.settle()
	b.sees("Alerts")
	require.Equal(t, open-1, b.alerts())
	b.fill(`article select[name="outcome"]`, "contacted")
	b.fill(`article input[name="note"]`, "Phoned.")
	b.do("resolve", chromedp.Click(`//article[.//select[@name="outcome"]][1]//button[normalize-space(.)="Done"]`, chromedp.NodeVisible))
	b.settle()
	require.Equal(t, open-2, b.alerts())
	b.press("Snoozed")
	b.sees("snoozed until Sun 29 Mar")
	b.press("Done")
	b.sees("contacted. Phoned.")

	b.press("Caseload")
	b.press("+ Register a patient")
	b.fill("#name", "N. Nieuw")
	b.fill("#birth_year", "19x")
	b.press("Register")
	b.sees("This is the wrong kind of value.")
	require.Equal(t, "N. Nieuw", evaluate[string](b, `document.querySelector("#name").value`), "what was written is kept")
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
	name := evaluate[string](b, `[...document.querySelectorAll("table.list tbody tr")].find(r => r.textContent.includes("Adherence over 14 days")).querySelector("a").textContent`)
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
	b.visit("/sign-in") // the field is focused
	b.keys(at.Members[1].Email, kb.Tab, at.Members[1].Password, kb.Enter)
	b.sees("Needs attention")
	b.tabTo(b.whoDropped())
	b.keys(kb.Enter)
	b.sees("Talk about")
	b.tabTo("Program")
	b.keys(kb.Enter)
	b.sees("Adjust from today")
	b.tabTo("– lighter")
	b.keys(kb.Enter)
	b.sees("v2")
	b.tabTo("Overview")
	b.keys(kb.Enter)
	b.sees("Your message")
	b.tabTo("#text")
	b.keys("Hoe gaat het?", kb.Tab)
	b.tabTo("Send")
	b.keys(kb.Enter)
	b.sees("not arrived yet")
	b.tabTo("Alerts")
	b.keys(kb.Enter)
	b.sees("Mark chosen as seen")
	open := b.alerts()
	b.tabTo("Snooze", "#days")
	b.keys(kb.Enter)
	b.settle()
	require.Equal(t, open-1, b.alerts())
	b.tabTo("Done", "#outcome")
	b.keys(kb.Enter)
	b.settle()
	require.Equal(t, open-2, b.alerts())
}

// tabTo presses Tab until the focus is on what says so, or has that id, which must be visible there. After names an element that comes before.
func (b *tab) tabTo(name string, after ...string) {
	b.t.Helper()
	const most = 400
	passed := len(after) == 0
	for range most {
		b.keys(kb.Tab)
		focused := evaluate[struct {
			Text, ID string
			Outline  float64
		}](b, `(() => { const e = document.activeElement; return {Text: e.textContent.trim(), ID: "#" + e.id, Outline: parseFloat(getComputedStyle(e).outlineWidth)}; })()`)
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
	b.do("open a patient", chromedp.Click("table.list tbody a"))
	b.settle()
	b.sees("Talk about", "Calendar")
	b.do("write", chromedp.SendKeys("#text", "Hoe gaat het nu?"))
	b.press("Send")
	b.sees("Hoe gaat het nu?", "not arrived yet")
	b.press("Sign out")
	b.sees("Sign in")
}
