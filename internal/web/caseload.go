package web

import (
	"fmt"
	"net/url"
	"strconv"

	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/questionnaire"
	"cadans/internal/screens/caseload"
)

// caseloadSize is how many patients a page of the list shows.
const caseloadSize = 200

// caseloadView is the list, in groups for the therapist.
type caseloadView struct {
	Words
	Groups []caseloadGroup
	Tabs   tabs
	Total  int
	Find   string // the part of a name that was searched for
	Next   string // where the next page starts; empty on the last page
	Form   string
}

// views are the filters of the list.
var views = []struct {
	key, name, kind string
	states          []caseload.State
}{
	{"", "caseload.show.all", "", nil},
	{"pain", "caseload.show.pain", "attention", []caseload.State{caseload.SafetyStop, caseload.PainUp}},
	{"inactive", "caseload.show.inactive", "attention",
		[]caseload.State{caseload.NeverStarted, caseload.Dropped, caseload.Low}},
	{"unknown", "caseload.show.unknown", "unknown", []caseload.State{caseload.NotSyncing, caseload.NotPaired}},
	{"new", "caseload.show.new", "new", []caseload.State{caseload.NoProgram}},
	{"paused", "caseload.show.paused", "paused", []caseload.State{caseload.Paused}},
}

type caseloadGroup struct {
	Kind string // decides the sign; the word says the same, never colour alone
	Name string
	Rows []caseloadRow
}

type caseloadRow struct {
	Words
	caseload.Row
}

func (s *site) caseload(r *request) error {
	filter := caseload.Filter{Limit: caseloadSize, After: position(r), Name: r.wanted()}
	shown := r.Query("show")
	for _, view := range views {
		if view.key == shown {
			filter.States = view.states
		}
	}
	found, err := s.parts.Caseload.Caseload(r.ctx, r.viewer, filter, r.language)
	if err != nil {
		return err
	}
	v := caseloadView{
		Words:  r.words(),
		Groups: groups(r.words(), shown, found.Rows),
		Find:   filter.Name,
		Form:   r.formToken(),
	}
	for _, n := range found.Counts {
		v.Total += n
	}
	v.Tabs = v.viewTabs(shown, found.Counts)
	if found.Next != nil && v.Find == "" {
		v.Next = "/caseload?show=" + url.QueryEscape(shown) + "&after=" + string(found.Next.Patient) + "&seen=" +
			strconv.Itoa(found.Next.Seen)
	}
	r.live = "caseload"
	return r.show("caseload", v.Say("menu.caseload"), v)
}

// viewTabs returns the filters that would show somebody, with the number of patients.
func (v caseloadView) viewTabs(shown string, counts map[caseload.State]int) tabs {
	list := tabs{Name: v.Say("caseload.show")}
	for _, view := range views {
		n := v.Total
		if view.key != "" {
			n = 0
			for _, state := range view.states {
				n += counts[state]
			}
		}
		if n > 0 || view.key == shown {
			list.List = append(list.List, tab{
				fmt.Sprintf("%s (%d)", v.Say(view.name), n), "/caseload?show=" + view.key, view.key == shown,
			})
		}
	}
	return list
}

func position(r *request) caseload.Position {
	seen, err := strconv.Atoi(r.Query("seen"))
	if err != nil {
		return caseload.Position{}
	}
	return caseload.Position{Patient: id.Patient(r.Query("after")), Seen: seen}
}

// groups splits the list by state, keeping its order: those who need attention first, the unknown last. Under a filter
// everybody stands in the section of that filter.
func groups(w Words, shown string, rows []caseload.Row) (list []caseloadGroup) {
	sections := []caseloadGroup{
		{Kind: "attention", Name: w.Say("caseload.group.attention")},
		{Kind: "track", Name: w.Say("caseload.group.track")},
		{Kind: "paused", Name: w.Say("caseload.show.paused")},
		{Kind: "new", Name: w.Say("caseload.show.new")},
		{Kind: "unknown", Name: w.Say("caseload.group.unknown")},
	}
	kind := kindOf
	for _, view := range views {
		if view.key == shown && shown != "" {
			sections = []caseloadGroup{{Kind: view.kind, Name: w.Say(view.name)}}
			kind = func(caseload.Row) string { return view.kind }
		}
	}
	for _, g := range sections {
		for _, row := range rows {
			if kind(row) == g.Kind {
				g.Rows = append(g.Rows, caseloadRow{w, row})
			}
		}
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
	case row.State == caseload.Paused:
		return "paused"
	case row.State == caseload.NoProgram:
		return "new"
	default:
		return "track"
	}
}

// Complaint names what the patient is treated for.
func (r caseloadRow) Complaint() string { return complaintOf(r.Words, r.Patient.Complaint) }

func complaintOf(w Words, c people.Complaint) string {
	if key := "complaint." + string(c); w.Has(key) {
		return w.Say(key)
	}
	return w.Say("complaint.other")
}

// Before is the adherence of the previous two weeks, if it fell.
func (r caseloadRow) Before() string {
	if trend := r.Trend(); trend == nil || *trend >= 0 {
		return ""
	}
	return r.Say("caseload.before", "percent", r.Percent(*r.Before14.Sessions))
}

// Change is the change in pain, with its sign.
func (r caseloadRow) Change() string {
	if r.Pain.Change == nil {
		return ""
	}
	return r.Signed(*r.Pain.Change)
}

// Rose reports whether pain rose by more than the measurement error.
func (r caseloadRow) Rose() bool { return r.Pain.Means() == questionnaire.Worse }

// Visit is the next visit.
func (r caseloadRow) Visit() string {
	if r.NextVisit.IsZero() {
		return "–"
	}
	return r.Weekday(r.NextVisit)
}

// Why lists the reasons: those of alerts, or else that of the state.
func (r caseloadRow) Why() []string {
	reasons := r.Reasons(r.Language)
	if len(reasons) == 0 && r.Reason != "" {
		return []string{r.Reason}
	}
	return reasons
}

// Days returns the marks of the last four weeks.
func (r caseloadRow) Days() strip { return stripOf(r.Words, r.Status) }
