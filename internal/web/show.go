package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"slices"

	"github.com/gofiber/fiber/v2"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/reminder"
	"cadans/pkg/localtime"
)

var (
	//go:embed pages/*.html
	pageFiles embed.FS
	//go:embed assets/style.css
	style []byte
	//go:embed assets/app.js
	script []byte
)

// Paths of files change with their content, so browsers may cache them for ever.
var (
	stylePath  = "/assets/style-" + fingerprint(style) + ".css"
	scriptPath = "/assets/app-" + fingerprint(script) + ".js"
)

func fingerprint(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:6])
}

var templates = template.Must(template.New("").ParseFS(pageFiles, "pages/*.html"))

// frame is what surrounds the content of every page.
type frame struct {
	Title    string
	Page     string
	SignedIn bool
	Theme    string
	Style    string
	Script   string
	Member   string // the member whose drafts this browser keeps
	Live     string // the topic of events that the page listens to
	Keys     string // on or off
	Idle     int    // seconds after which the reader is signed out
	Form     string // the token that proves that a form is ours
	Back     string
	Refused  string // why the push service refuses everything, for somebody who can fix it
	Lost     *lossView
	Content  any
	Words
}

// IdleMinutes is after how many minutes the reader is signed out.
func (f frame) IdleMinutes() int { return f.Idle / 60 }

// Words formats texts, numbers, days and the names of exercises in the reader's language.
type Words struct {
	adherence.Words
	library *exercise.Library
	year    int // the reader's
}

// Date writes a day, with its year unless that is the reader's.
func (w Words) Date(d localtime.Date) string { return w.DateIn(d, w.year) }

// Weekday writes a day with its weekday, and with its year unless that is the reader's.
func (w Words) Weekday(d localtime.Date) string { return w.WeekdayIn(d, w.year) }

// Lang is the language of the page.
func (w Words) Lang() words.Language { return w.Language }

// Languages lists the languages to choose from.
func (w Words) Languages() []words.Language { return words.All() }

// Others lists the languages other than that of the page.
func (w Words) Others() []words.Language {
	return slices.DeleteFunc(words.All(), func(l words.Language) bool { return l == w.Language })
}

// LanguageName is the name of a language in that language.
func (w Words) LanguageName(code string) string { return words.Language(code).Name() }

// Points formats tenths of a point of pain; a missing value is a dash.
func (w Words) Points(n *int) string {
	if n == nil {
		return "–"
	}
	return w.Tenths(*n)
}

func (r *request) words() Words {
	return Words{adherence.Words{Language: r.language}, r.library, r.year}
}

// refused is the code with which the push service refuses everything, if the reader is an admin.
func (r *request) refused() string {
	if status := r.push(); r.viewer.Role == access.Admin && status.Condition == reminder.Refused {
		return status.Code
	}
	return ""
}

// show renders a page.
func (r *request) show(name, title string, view any) error {
	var out bytes.Buffer
	err := templates.ExecuteTemplate(&out, name, frame{
		Title: title, Page: name, SignedIn: r.viewer.Member != "", Theme: r.theme, Style: stylePath, Script: scriptPath,
		Form: r.formToken(), Back: r.back, Member: string(r.viewer.Member), Live: r.live, Keys: r.keys(),
		Idle: int(auth.BrowserIdle.Seconds()), Content: view, Words: r.words(), Refused: r.refused(),
		Lost: r.notice(),
	})
	if err != nil {
		return err
	}
	content := out.Bytes()
	if r.attempt.err != nil {
		if content, err = r.attempt.marked(content, r.Path(), r.words()); err != nil {
			return err
		}
	}
	r.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	r.Set(fiber.HeaderContentLanguage, string(r.language))
	return r.Send(content)
}
