package web

import (
	"strconv"

	"cadans/internal/adherence"
	"cadans/internal/caseload"
	"cadans/internal/id"
	"cadans/internal/people"
)

// caseloadSize is how many patients a page of the list shows.
const caseloadSize = 200

// caseloadView is the list, in the groups in which a therapist reads it.
type caseloadView struct {
	Words
	Groups []caseloadGroup
	Total  int
	AsOf   string
	Next   string // where the list goes on; empty on the last page
}

type caseloadGroup struct {
	Kind string // attention, unknown or track: decides sign and word, never colour alone
	Name string
	Rows []caseloadRow
}

type caseloadRow struct {
	Words
	caseload.Row
}

func (s *site) caseload(r *request) error {
	found, err := s.parts.Caseload.Caseload(r.ctx, r.viewer, caseload.Filter{Limit: caseloadSize, After: position(r)}, r.language)
	if err != nil {
		return err
	}
	v := caseloadView{Words: r.words(), Groups: groups(r.words(), found.Rows)}
	for _, n := range found.Counts {
		v.Total += n
	}
	if found.Next != nil {
		v.Next = "/caseload?after=" + string(found.Next.Patient) + "&seen=" + strconv.Itoa(found.Next.Seen)
	}
	return r.show("caseload", v.Say("Patiënten", "Caseload"), v)
}

func position(r *request) caseload.Position {
	seen, err := strconv.Atoi(r.Query("seen"))
	if err != nil {
		return caseload.Position{}
	}
	return caseload.Position{Patient: id.Patient(r.Query("after")), Seen: seen}
}

// groups keeps the order of the list: who needs attention, of whom nothing is known, and the rest.
func groups(w Words, rows []caseload.Row) (list []caseloadGroup) {
	byKind := map[string]*caseloadGroup{}
	names := []caseloadGroup{
		{Kind: "attention", Name: w.Say("Vraagt aandacht", "Needs attention")},
		{Kind: "track", Name: w.Say("Loopt", "Under way")},
		{Kind: "unknown", Name: w.Say("Onbekend", "Unknown")},
	}
	for i := range names {
		byKind[names[i].Kind] = &names[i]
	}
	for _, row := range rows {
		g := byKind[kindOf(row)]
		g.Rows = append(g.Rows, caseloadRow{w, row})
	}
	for _, g := range names {
		if len(g.Rows) > 0 {
			list = append(list, g)
		}
	}
	return list
}

func kindOf(row caseload.Row) string {
	switch {
	case row.NeedsAttention():
		return "attention"
	case row.State == caseload.NotSyncing || row.State == caseload.NotPaired:
		return "unknown"
	default:
		return "track"
	}
}

// Complaint names what the patient is treated for.
func (r caseloadRow) Complaint() string { return complaintOf(r.Words, r.Patient.Complaint) }

func complaintOf(w Words, c people.Complaint) string {
	switch c {
	case "neck":
		return w.Say("nek", "neck")
	case "upper_back":
		return w.Say("bovenrug", "upper back")
	default:
		return w.Say("lage rug", "low back")
	}
}

// Before says what adherence was in the two weeks before, where it fell.
func (r caseloadRow) Before() string {
	if trend := r.Trend(); trend == nil || *trend >= 0 {
		return ""
	}
	return "was " + r.Percent(*r.Before14.Sessions) // in both languages
}

// Change is how pain changed, with its sign.
func (r caseloadRow) Change() string {
	if r.Pain.Change == nil {
		return ""
	}
	return r.Signed(*r.Pain.Change)
}

// Rose reports whether pain rose by more than the measurement error.
func (r caseloadRow) Rose() bool {
	return r.Pain.Change != nil && *r.Pain.Change >= adherence.MinimumImportantChange
}

// Visit is the next one.
func (r caseloadRow) Visit() string {
	if r.NextVisit.IsZero() {
		return "–"
	}
	return r.Weekday(r.NextVisit)
}

// Why are the reasons: those of alerts, or that of the state.
func (r caseloadRow) Why() []string {
	reasons := r.Reasons(r.Language)
	if len(reasons) == 0 && r.Reason != "" {
		return []string{r.Reason}
	}
	return reasons
}

// Days are the marks of the last four weeks.
func (r caseloadRow) Days() strip { return stripOf(r.Words, r.Status) }
