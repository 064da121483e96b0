package api

import (
	"bytes"
	"context"
	_ "embed"
	"html/template"
	"strconv"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/caseload"
)

var (
	//go:embed brief.html
	briefPage string
	//go:embed brief.css
	briefStyle []byte
)

var briefTemplate = template.Must(template.New("").Parse(briefPage))

// brief is a summary as the page renders it.
type brief struct {
	caseload.Summary
	words adherence.Words
}

// GetPatientBrief implements StrictServerInterface.
func (s *Server) GetPatientBrief(
	ctx context.Context, r wire.GetPatientBriefRequestObject,
) (wire.GetPatientBriefResponseObject, error) {
	language := door.LanguageOf(ctx)
	sum, err := s.parts.Caseload.Brief(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), language)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = briefTemplate.ExecuteTemplate(&page, "brief", brief{sum, adherence.Words{Language: language}})
	if err != nil {
		return nil, err
	}
	return wire.GetPatientBrief200TextHTMLResponse{Body: &page, ContentLength: int64(page.Len())}, nil
}

// Lang is the language of the page.
func (b brief) Lang() people.Language { return b.words.Language }

// Say returns the text of a key in the language of the page.
func (b brief) Say(key string, args ...any) string { return b.words.Say(key, args...) }

// Rate formats a rate.
func (b brief) Rate(r adherence.Rate) string { return b.words.Rate(r) }

// Tenths formats tenths of a point; a missing value is a dash.
func (b brief) Tenths(n *int) string {
	if n == nil {
		return "–"
	}
	return b.words.Tenths(*n)
}

// Change describes how pain changed.
func (b brief) Change() string { return b.PainChange(b.words) }

// Number formats a whole number; a missing value is a dash.
func (b brief) Number(n *int) string {
	if n == nil {
		return "–"
	}
	return strconv.Itoa(*n)
}

// From says when the period began.
func (b brief) From() string {
	if b.Since.Visit == nil {
		return b.Say("patient.since.program") + " (" + b.words.Date(b.Since.From) + ")"
	}
	return b.Say("patient.since.visit") + " (" + b.words.Date(b.Since.Visit.LocalDate) + ")"
}

// Day formats the day of the page.
func (b brief) Day() string { return b.words.Weekday(b.Row.Date) }

// Barriers lists the barriers.
func (b brief) Barriers() []string { return b.InTheWay(b.words.Language) }

// Reasons returns those of the open alerts.
func (b brief) Reasons() []string { return b.Row.Reasons(b.words.Language) }
