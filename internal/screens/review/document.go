package review

import (
	_ "embed"
	"encoding/csv"
	"html/template"
	"io"

	"cadans/internal/kernel/words"
)

var (
	//go:embed document.html
	page string
	//go:embed document.css
	style string
)

var document = template.Must(template.New("document").Parse(page))

// view is the list as the document shows it.
type view struct {
	List
	words.Language
}

// Say returns the text of a key.
func (v view) Say(key string, args ...any) string { return v.Language.Say(key, args...) }

// Style is how the document looks.
func (v view) Style() template.CSS { return template.CSS(style) }

// Signed returns the last verdict about a row, or nil.
func (v view) Signed(r Row) *Signature {
	if s, is := v.SignatureOf(r); is {
		return &s
	}
	return nil
}

// Parts are the groups of rows.
func (v view) Parts() []Part { return Parts }

// WriteHTML writes the list as a document to print and sign, with its own words in a language.
func (l List) WriteHTML(out io.Writer, language words.Language) error {
	return document.Execute(out, view{l, language})
}

// WriteCSV writes the list as a table, one line for each row, with the last verdict about its wording.
func (l List) WriteCSV(out io.Writer) error {
	table := csv.NewWriter(out)
	lines := [][]string{{
		"part", "row", "wording", "rule", "nl", "en", "source", "reviewer", "date", "verdict", "remark",
	}}
	for _, r := range l.Rows {
		s, _ := l.SignatureOf(r)
		lines = append(lines, []string{
			string(r.Part), r.Key, r.Wording(), r.Rule, r.Text.NL, r.Text.EN, r.Source,
			s.Reviewer, s.Date, s.Verdict, s.Remark,
		})
	}
	return table.WriteAll(lines)
}
