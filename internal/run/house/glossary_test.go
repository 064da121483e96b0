package house_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// A noun that has a package stands in the glossary: a newcomer finds what it means, and what not to call it.
func TestPackagesStandInTheGlossary(t *testing.T) {
	t.Parallel()
	glossary, err := os.ReadFile(filepath.Join(testdb.Root(), "api/docs/GLOSSARY.md"))
	require.NoError(t, err)
	words := []string{"instrument", "definition", "score", "moment"} // of questionnaires
	for _, wing := range []string{"record", "rules", "screens"} {
		rooms, err := filepath.Glob(filepath.Join(testdb.Root(), "internal", wing, "*", ""))
		require.NoError(t, err)
		require.NotEmpty(t, rooms)
		for _, room := range rooms {
			words = append(words, filepath.Base(room))
		}
	}
	for _, word := range words {
		row := regexp.MustCompile(`(?im)^\|.*\b` + word + `\b`)
		require.True(t, row.Match(glossary), "%s has no row in api/docs/GLOSSARY.md: say there what it means", word)
	}
}
