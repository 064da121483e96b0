package fuzz_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

func contract(t *testing.T) *openapi3.T {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(testdb.Root(), "openapi.yaml"))
	require.NoError(t, err)
	document, err := openapi3.NewLoader().LoadFromData(source)
	require.NoError(t, err)
	return document
}

// bodyLimit is how much the server reads of anybody.
const bodyLimit = 64 << 10

// try sends a request and judges the answer.
func (a *attacker) try(one attempt) {
	a.number++
	answer, broken := a.Send(a.operation.method, one.address(), one.token, one.body, one.sorted()...)
	if answer.Status == 0 && len(encoded(one.body)) > bodyLimit { // who sends too much may be cut off
		return
	}
	a.run.sent(a.operation, answer.Status)
	if broken != nil {
		a.find("against the contract", broken.Error(), one, answer)
	}
	a.judge(one, answer)
	a.judgeChanges(one, answer)
	signedOut := answer.Status == http.StatusUnauthorized || a.operation.id == "logOut" && answer.Status < 300
	if signedOut && one.by != stranger && one.token == a.token(one.by) {
		a.signInAgain(one.by)
		a.changes.since()
	}
}

func (a *attacker) judge(one attempt, answer testkit.Answer) {
	isAccepted := answer.Status < http.StatusBadRequest
	switch {
	case answer.Status >= http.StatusInternalServerError:
		a.find("5xx", "", one, answer)
	case one.refused && isAccepted:
		a.find("invalid accepted", "", one, answer)
	case one.accepted && !isAccepted:
		a.find("valid refused", "", one, answer)
	}
	forbidden := []string{elsewhereCanary}
	if one.by != admin {
		forbidden = append(forbidden, neighbourCanary)
	}
	for _, name := range forbidden {
		if bytes.Contains(answer.Body, []byte(name)) {
			a.find("tells of others", name, one, answer)
		}
	}
}

// judgeChanges looks at what was written. A refusal writes nothing, and nobody writes what is another's.
func (a *attacker) judgeChanges(one attempt, answer testkit.Answer) {
	for _, c := range a.changes.since() {
		isNeighbour := c.Patient == string(a.neighbour.ID) && one.by != admin
		isElsewhere := c.Patient == string(a.far.ID) || c.Practice != "" && c.Practice != string(a.Practice)
		switch {
		case answer.Status >= http.StatusBadRequest && a.operation.isTold && slices.Contains(bySigns, c.Table):
		case answer.Status >= http.StatusBadRequest:
			a.find("a refusal changed "+c.Table, "", one, answer)
		case isNeighbour, isElsewhere:
			a.find("changed "+c.Table+" of others", "", one, answer)
		}
	}
}

// bySigns are the tables in which the signs of a refused record are heard.
var bySigns = []string{"safety_reports", "alerts", "alert_events", "pauses", "adherence_days", "jobs", "reminder_slots",
	"patient_status"}

func (a *attacker) find(kind, detail string, one attempt, answer testkit.Answer) {
	a.run.add(finding{kind: kind, detail: fmt.Sprintf("%.600s", detail), by: one.by, number: a.number,
		request: one.request,
		status:  answer.Status, answer: string(answer.Body)})
}
