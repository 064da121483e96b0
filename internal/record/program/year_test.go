package program_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// A change tells the year of its day if it is not that in which the version was published. A version that begins at
// once tells none, also when the new year began earlier for the patient.
func TestAChangeTellsAnotherYear(t *testing.T) {
	t.Parallel()
	published := time.Date(2026, 12, 31, 22, 59, 0, 0, time.UTC)
	for day, want := range map[string]string{
		"2026-12-31": " from Thu 31 Dec", "2027-01-01": " from Fri 1 Jan", "2027-03-01": " from Mon 1 Mar 2027",
	} {
		v := program.Version{
			EffectiveFrom: localtime.MustParseDate(day), PublishedAt: published,
			Items: []program.Item{item(t, "bridge", 3, 10, 0)},
		}
		said := program.Diff(program.Version{}, v, library(t), people.English)[0]
		require.Regexp(t, want+"$", said)
	}
}
