package walker_test

import (
	"context"
	"html"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// compares expects that a figure of one window is the same wherever it is shown.
func (w *walk) compares(a answers, read map[string]page) {
	var list client.CaseloadPage
	var summary client.PatientSummary
	if !a.into("getCaseload", &list) || !a.into("getPatientSummary", &summary) {
		return // the patient is no longer in this therapist's care
	}
	for _, row := range list.Data {
		if row.PatientID == summary.Row.PatientID {
			require.Equal(w.t, row, summary.Row, "the caseload and the summary")
		}
	}
	var mine client.Progress
	if a.into("getProgress", &mine) {
		require.Equal(w.t, summary.Row.Last7Days, mine.Last7Days, "the therapist's week and the patient's")
		require.Equal(w.t, summary.Row.Last28Days, mine.Last28Days, "the therapist's four weeks and the patient's")
		require.Equal(w.t, summary.Row.WeeksOnPlan, mine.WeeksOnPlan)
	}
	w.comparesSeries(a)
	w.comparesDays(a, summary.Row)
	w.comparesPages(summary, read)
}

// comparesSeries expects the same days for therapist and patient.
func (w *walk) comparesSeries(a answers) {
	for mine, theirs := range map[string]string{
		"getMyAdherence": "getPatientAdherence",
		"getMyPain":      "getPatientPain",
	} {
		require.Equal(w.t, a[mine].Status, a[theirs].Status, "%s and %s", mine, theirs)
		if a[mine].Status == 200 {
			require.JSONEq(w.t, string(a[mine].Body), string(a[theirs].Body), "%s and %s", mine, theirs)
		}
	}
}

// comparesDays sums the days of a window and expects the figures that the row has for it. The days are those of four
// weeks up to today, unless others were asked for.
func (w *walk) comparesDays(a answers, row client.CaseloadRow) {
	var series client.AdherenceSeries
	if w.asked != "" || len(row.Series) == 0 || !a.into("getPatientAdherence", &series) {
		return
	}
	today := localtime.MustParseDate(row.Series[len(row.Series)-1].LocalDate)
	until := today.AddDays(-1)
	for _, day := range series.Days {
		if day.LocalDate == today.String() && day.Sessions > 0 {
			until = today
		}
	}
	for days, rate := range map[int]client.Rate{7: row.Last7Days, 14: row.Last14Days} {
		done, expected7, from := 0, 0, until.AddDays(1-days)
		for _, day := range series.Days {
			if on := localtime.MustParseDate(day.LocalDate); !on.Before(from) && !on.After(until) {
				done, expected7 = done+day.Done, expected7+day.ExpectedSevenths
			}
		}
		require.Equal(w.t, rate.Done, done, "sessions of %d days", days)
		require.Equal(w.t, rate.Expected, adherence.Rate{Expected7: expected7}.Expected(), "expected in %d days", days)
	}
}

// comparesPages expects the figures of the API on the pages.
func (w *walk) comparesPages(summary client.PatientSummary, read map[string]page) {
	shown := html.UnescapeString(read["/patients/"+summary.Row.PatientID].text)
	words := adherence.Words{Language: people.Language(w.language)}
	if summary.Since != nil && summary.Since.Sessions.Days > 0 { // else the page says in words that there is nothing
		expected := fraction(words, summary.Since.Sessions)
		if summary.Since.Sessions.Done == 0 && summary.Since.Sessions.Expected == "0" {
			expected = words.Say("patient.no_data")
		}
		require.Contains(w.t, shown, expected, "since the last visit")
	}
	list := html.UnescapeString(read["/caseload"].text)
	if strings.Contains(list, summary.Row.PatientID) {
		require.Contains(w.t, list, fraction(words, summary.Row.Last14Days), "the last 14 days")
	}
}

// fraction writes a rate of the API as pages do.
func fraction(words adherence.Words, r client.Rate) string {
	decimal := words.Pick(strings.Replace(r.Expected, ".", ",", 1), r.Expected)
	return strconv.Itoa(r.Done) + words.Pick(" van ", " of ") + decimal
}

// looksAtLedger expects that making the days anew gives what is kept.
func (w *walk) looksAtLedger() {
	var wrong []localtime.Date
	var status []string
	require.NoError(w.t, w.App.DB.Write(context.Background(), func(tx *database.Tx) (err error) {
		if wrong, err = adherence.Audit(tx, w.touched.ID); err != nil {
			return err
		}
		p, err := people.ByID(tx, w.touched.ID)
		if err == nil {
			status, err = adherence.AuditStatus(tx, p)
		}
		return err
	}))
	require.Empty(w.t, wrong, "days that differ from what they are made of")
	require.Empty(w.t, status, "the status differs from what it is made of")
}

// endsWell expects that the other practice is as it was.
func (w *walk) endsWell() {
	w.ForgetPushes()
	if w.next == nil {
		return
	}
	require.Empty(w.t, w.next.before.differs(w.ofNeighbour()), "tables in which the neighbour's rows changed")
}
