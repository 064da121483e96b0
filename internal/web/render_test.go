package web

import (
	"bytes"
	"fmt"
	"testing"

	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/caseload"
	"cadans/pkg/localtime"
)

// What a page of the caseload costs to write: 200 patients, in four groups of reasons.
func BenchmarkCaseload(b *testing.B) {
	w := Words{Words: adherence.Words{Language: people.Dutch}}
	rows := make([]caseload.Row, caseloadSize)
	for i := range rows {
		rows[i] = benchRow(i)
	}
	for b.Loop() {
		v := caseloadView{Words: w, Groups: groups(w, "", rows), Total: len(rows), Form: "word"}
		var out bytes.Buffer
		page := frame{Title: "Caseload", Page: "caseload", SignedIn: true, Content: v, Words: w}
		err := templates.ExecuteTemplate(&out, "caseload", page)
		if err != nil || out.Len() < 100_000 {
			b.Fatal(err, out.Len())
		}
	}
}

func benchRow(i int) caseload.Row {
	share, before, pain, change := 600+i, 700, 30+i%40, 15+i%10
	states := []caseload.State{caseload.Low, caseload.PainUp, caseload.Partial, caseload.NotSyncing}
	today := localtime.NewDate(2026, 11, 23)
	row := caseload.Row{
		Patient: people.Patient{ID: id.Patient(fmt.Sprint("p-", i)), Name: "Anna", BirthYear: 1980, Complaint: "neck"},
		State:   states[i%len(states)], Reason: "Programma gestart, nog niets ingevuld.",
		NextVisit: today.AddDays(i % 20),
	}
	row.Date, row.Week = today, i%12
	row.Marks = "dpxofzdpxofzdpxofzdpxofzdpxo"
	row.Last14 = adherence.Rate{Days: 14, Done: 5, Expected7: 49, Sessions: &share}
	row.Before14 = adherence.Rate{Days: 14, Done: 7, Expected7: 49, Sessions: &before}
	row.Pain = adherence.Pain{Now: &pain, Change: &change}
	return row
}
