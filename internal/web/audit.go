package web

import (
	"strconv"
	"time"

	"cadans/internal/kernel/audit"
	"cadans/internal/kernel/id"
)

// accessShown is how many rows of the access log a page lists.
const accessShown = 50

// accessRow is a row of the access log for people to read.
type accessRow struct {
	Words
	audit.Entry
	Name string // of the member
	zone *time.Location
}

// When is the day and time.
func (a accessRow) When() string {
	at := a.At.In(a.zone)
	return a.Moment(a.At, a.zone) + " " + at.Format("15:04")
}

// What names the operation.
func (a accessRow) What() string {
	return audit.What(a.Operation, a.Language)
}

// Came describes the outcome.
func (a accessRow) Came() string {
	switch a.Outcome {
	case audit.Denied:
		return a.Say("access.outcome.denied")
	case audit.Failed:
		return a.Say("access.outcome.failed")
	default:
		return a.Say("access.outcome.done")
	}
}

// accessView lists who read or changed what about a patient.
type accessView struct {
	head
	Rows []accessRow
	Next string
}

func (s *site) patientAccess(r *request) error {
	h, err := s.headOf(r, "/access-log")
	if err != nil {
		return err
	}
	found, err := s.parts.Audit.OfPatient(r.ctx, r.viewer, r.patient(), r.auditPage())
	if err != nil {
		return err
	}
	v := accessView{head: h}
	v.Rows, v.Next, err = s.accessRows(r, found, h.zone, h.Path()+"/access-log")
	if err != nil {
		return err
	}
	return r.show("patientaccess", h.Person.Name, v)
}

// auditView lists what the members of the practice did.
type auditView struct {
	Words
	Tabs tabs
	Rows []accessRow
	Next string
}

func (s *site) audit(r *request) error {
	found, err := s.parts.Audit.OfPractice(r.ctx, r.viewer, r.auditPage())
	if err != nil {
		return err
	}
	limits, err := s.parts.Settings.Get(r.ctx, r.viewer)
	if err != nil {
		return err
	}
	v := auditView{Words: r.words(), Tabs: r.practiceTabs("audit")}
	if v.Rows, v.Next, err = s.accessRows(r, found, limits.Location(), "/practice/audit"); err != nil {
		return err
	}
	return r.show("audit", v.Say("access.tab"), v)
}

func (r *request) auditPage() audit.Page {
	before, _ := strconv.ParseInt(r.Query("before"), 10, 64) // anything else is the first page
	return audit.Page{Before: audit.Position{Seq: before}, Limit: accessShown + 1}
}

// accessRows adds the names of members, and where the next page starts.
func (s *site) accessRows(
	r *request, found []audit.Entry, zone *time.Location, page string,
) (rows []accessRow, next string, err error) {
	members, err := s.parts.People.Members(r.ctx, r.viewer)
	if err != nil {
		return nil, "", err
	}
	names := map[id.Member]string{}
	for _, m := range members {
		names[m.ID] = m.Name
	}
	if len(found) > accessShown {
		found = found[:accessShown]
		next = page + "?before=" + strconv.FormatInt(found[accessShown-1].Seq, 10)
	}
	for _, e := range found {
		rows = append(rows, accessRow{r.words(), e, names[e.Member], zone})
	}
	return rows, next, nil
}
