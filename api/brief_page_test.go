package api

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/caseload"
	"cadans/pkg/localtime"
)

// A brief about a new patient says that there are no data, and compares with nothing.
func TestABriefWithoutData(t *testing.T) {
	t.Parallel()
	monday := localtime.MustParseDate("2026-03-02")
	sum := caseload.Summary{
		Row:   caseload.Row{LastContact: new(time.Time)},
		Since: caseload.Since{From: monday, Until: monday},
	}
	sum.Row.Date = monday
	page := func() string {
		var out bytes.Buffer
		b := brief{sum, adherence.Words{Language: people.Dutch}}
		require.NoError(t, briefTemplate.ExecuteTemplate(&out, "brief", b))
		return strings.Join(strings.Fields(out.String()), " ")
	}
	empty := page()
	require.Equal(t, 2, strings.Count(empty, "<dd>nog geen gegevens</dd>"), empty)
	require.NotContains(t, empty, "0 van 0")
	require.NotContains(t, empty, "daarvoor")
	require.Contains(t, empty, "mogelijk onvolledig: de telefoon is stil")
	sum.Row.LastContact = nil
	require.Contains(t, page(), "<dd>nog geen telefoon gekoppeld</dd>")
	sum.Since.Rate, sum.Since.Scored = adherence.Rate{Days: 1, Done: 1, Expected7: 7}, 1
	require.Contains(t, page(), "<dd>1 van 1</dd>")
	require.Contains(t, page(), "meer pijn na 0 van 1 sessie<")
}
