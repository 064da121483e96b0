package browser_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/run/app"
	"cadans/internal/run/demo"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

var screenshots = flag.String("screenshots", "", "directory for a picture of each page")

// began is a Thursday morning.
const began = "2026-03-26T09:30:00+01:00"

const chromium = "/usr/bin/chromium"

// practice is the demo behind a real address.
type practice struct {
	demo.Practice
	app   *app.App
	clock *clock.Manual
	url   string
}

func needsChromium(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath(chromium); err != nil {
		testdb.Missing(t, "Chromium")
	}
}

// open serves the demo of 48 patients, in files of its own.
func open(t *testing.T) *practice {
	t.Helper()
	needsChromium(t)
	made := fortyEight(t)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(made.dir)))
	p := startIn(t, dir, "optional")
	p.clock.Set(made.until)
	p.Practice = made.Practice
	return p
}

// seeded is a demo whose server has stopped: its files, and the time until which it lived.
type seeded struct {
	demo.Practice
	dir   string
	until time.Time
}

var (
	onceSeeded sync.Once
	demoOf48   seeded
)

// fortyEight fills a database with the demo once for all tests, which takes seconds.
func fortyEight(t *testing.T) seeded {
	t.Helper()
	onceSeeded.Do(func() {
		dir, err := os.MkdirTemp("", "cadans-demo-")
		require.NoError(t, err)
		p, stop := serve(t, dir, "optional")
		p.seed(t, 48)
		stop()
		demoOf48 = seeded{p.Practice, dir, p.clock.Now()}
	})
	require.NotEmpty(t, demoOf48.dir, "no demo was made")
	return demoOf48
}

// TestMain removes the files of the demo.
func TestMain(m *testing.M) {
	code := m.Run()
	if err := os.RemoveAll(demoOf48.dir); err != nil {
		panic(err)
	}
	os.Exit(code)
}

func openWith(t testing.TB, patients int) *practice {
	t.Helper()
	p := start(t, "optional")
	p.seed(t, patients)
	return p
}

// seed fills the database with the demo.
func (p *practice) seed(t testing.TB, patients int) {
	t.Helper()
	made, err := demo.Seed(
		context.Background(), p.app, p.clock,
		demo.Options{Now: p.clock.Now(), Patients: patients, Seed: 1, Progress: func(int) {}},
	)
	require.NoError(t, err)
	require.NoError(t, p.app.Jobs.Sweep(context.Background()))
	require.NoError(t, p.app.Statuses.Sweep(context.Background()))
	p.Practice = made
}

// start serves an empty database.
func start(t testing.TB, factor string) *practice {
	t.Helper()
	return startIn(t, t.TempDir(), factor)
}

// startIn serves the database of a folder until the test ends.
func startIn(t testing.TB, dir, factor string) *practice {
	t.Helper()
	p, stop := serve(t, dir, factor)
	t.Cleanup(stop)
	return p
}

func serve(t testing.TB, dir, factor string) (p *practice, stop func()) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, began)
	require.NoError(t, err)
	c := clock.NewManual(at)
	a, err := app.New(context.Background(), config.Config{
		PublicURL:     "http://127.0.0.1:8080",
		DatabasePath:  filepath.Join(dir, "cadans.db"),
		SweepInterval: time.Minute,
		SecondFactor:  factor,
		SigningKey:    base64.StdEncoding.EncodeToString(make([]byte, 32)),
	}, app.Deps{Contract: testkit.Contract(t), Clock: c, Log: slog.New(slog.DiscardHandler), Unsafe: true})
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- a.ServeRequests(listener) }()
	return &practice{app: a, clock: c, url: "http://" + listener.Addr().String()}, func() {
		require.NoError(t, a.Stop(0))
		require.NoError(t, <-served)
	}
}

// tab is a page of a browser with a profile of its own. What the console says, and every
// request to another host, fails the test.
type tab struct {
	t        *testing.T
	at       *practice
	ctx      context.Context
	mu       sync.Mutex
	troubles []string
	refuses  string // an address that the test itself refuses
}

// newTab starts a browser. Scripts may be switched off, as some do.
func newTab(t *testing.T, at *practice, scripts bool) *tab {
	t.Helper()
	options := append(
		chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox,
		chromedp.WindowSize(1280, 900),
	)
	if !scripts {
		options = append(options, chromedp.Flag("blink-settings", "scriptEnabled=false"))
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		cancel()
		stop()
	})
	b := &tab{t: t, at: at, ctx: ctx}
	require.NoError(t, chromedp.Do(ctx))
	require.NoError(t, chromedp.Listen(ctx, b.hear))
	_, err := chromedp.Call(ctx, cdplog.Enable, cdp.Empty{})
	require.NoError(t, err)
	_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	t.Cleanup(func() { require.Empty(t, b.heard()) })
	return b
}

// missing is a page that does not exist, which the browser notes in its log.
const missing = "/patients/unknown"

// hear notes what should not happen: errors and warnings of the console, breaches of the content policy, other hosts.
func (b *tab) hear(event any) {
	var trouble string
	switch e := event.(type) {
	case *cdplog.EventEntryAdded:
		refused := strings.Contains(e.Entry.Text, "status of 400") ||
			b.refuses != "" && strings.Contains(e.Entry.URL, b.refuses) ||
			// an answer that says what is wrong
			strings.HasSuffix(e.Entry.URL, missing) || strings.HasSuffix(e.Entry.URL, "/favicon.ico")
		if !refused {
			trouble = fmt.Sprintf("log: %s (%s)", e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		trouble = "console: " + string(e.Type)
	case *runtime.EventExceptionThrown:
		trouble = "exception: " + e.ExceptionDetails.Text
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "data" && "http://"+u.Host != b.at.url {
			trouble = "other host: " + e.Request.URL
		}
	}
	if trouble == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.troubles = append(b.troubles, trouble)
}

func (b *tab) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.troubles
}

const patience = 30 * time.Second

// do runs steps; what does not happen soon is reported with what the page shows instead.
func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v\nthe page: %s", what, err, b.text())
	}
}

func (b *tab) visit(path string) {
	b.t.Helper()
	b.leave("visit "+path, chromedp.Navigate(b.at.url+path))
	if !evaluate[bool](b, `document.querySelector("main") !== null`) { // what came is told, and asked for once more
		b.t.Logf("%s answered with no page: %s", path, b.text())
		b.leave("visit "+path+" again", chromedp.Navigate(b.at.url+path))
	}
}

// press clicks a button or link by what it says, and waits for the page that comes.
func (b *tab) press(name string) {
	b.t.Helper()
	b.leave("press "+name, b.named(name, chromedp.Click[string]))
}

// named does something to the first visible button, link or summary with these words.
func (b *tab) named(
	name string, act func(string, ...chromedp.QueryOption) chromedp.Action[chromedp.Void],
) chromedp.Action[chromedp.Void] {
	return act(
		fmt.Sprintf(`//*[self::button or self::a or self::summary][starts-with(normalize-space(.), %q)]`, name),
		chromedp.NodeVisible,
	)
}

// leave does what brings another page, and waits until all of that is there.
func (b *tab) leave(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	before := b.document()
	b.do(what, steps...)
	require.Eventually(b.t, func() bool {
		now := b.document()
		return now != "" && now != before
	}, patience, 20*time.Millisecond, what)
}

// document tells pages apart, two of one address as well, by when loading began. It
// is empty while a page is on its way.
func (b *tab) document() string {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	page, err := chromedp.Run(ctx, chromedp.Evaluate[string](
		`document.readyState === "complete" ? location.href + " " + performance.timeOrigin : ""`,
	))
	if err != nil {
		return "" // the page goes while it is asked
	}
	return page
}

// fill writes into a field.
func (b *tab) fill(selector, text string) {
	b.t.Helper()
	b.do("fill "+selector, chromedp.SetValue(selector, text, chromedp.NodeVisible))
}

// enter presses Enter on what leads to another page.
func (b *tab) enter() {
	b.t.Helper()
	b.leave("enter", chromedp.KeyEvent(kb.Enter))
}

// keys presses keys one after another.
func (b *tab) keys(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.do("key", chromedp.KeyEvent(k))
	}
}

// text is what the page says.
func (b *tab) text() string {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	said, err := chromedp.Run(ctx, chromedp.Text("body"))
	if err != nil {
		return err.Error()
	}
	return said
}

// sees waits until the page says something.
func (b *tab) sees(words ...string) {
	b.t.Helper()
	for _, w := range words {
		require.Eventually(
			b.t, func() bool { return strings.Contains(b.text(), w) }, patience, 50*time.Millisecond, "%q on: %s", w,
			b.text(),
		)
	}
}

// evaluate returns what a script makes of the page, as JSON.
func evaluate[T any](b *tab, script string) (value T) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](script, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err)
	require.NoError(b.t, json.Unmarshal(raw, &value), string(raw))
	return value
}

// signIn signs a member of the demo in; the second is a therapist.
func (b *tab) signIn(member demo.Member) {
	b.t.Helper()
	b.visit("/sign-in")
	b.fill("#email", member.Email)
	b.fill("#password", member.Password)
	b.press("Sign in")
}

// inside is a therapist of the demo, signed in, with the caseload open.
func inside(t *testing.T) (*practice, *tab) {
	t.Helper()
	at := open(t)
	b := newTab(t, at, true)
	b.reads("en", "light")
	b.signIn(at.Members[1])
	b.sees("Needs attention")
	return at, b
}

// reads chooses the language and the theme, as the buttons of every page do.
func (b *tab) reads(language, theme string) {
	b.t.Helper()
	for name, value := range map[string]string{"language": language, "theme": theme} {
		_, err := chromedp.Call(
			b.ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: b.at.url},
		)
		require.NoError(b.t, err)
	}
}

func picture(b *tab, name string) {
	if *screenshots == "" {
		return
	}
	image, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	require.NoError(b.t, err)
	require.NoError(b.t, os.MkdirAll(*screenshots, 0o755))
	require.NoError(b.t, os.WriteFile(filepath.Join(*screenshots, name+".png"), image, 0o644))
}
