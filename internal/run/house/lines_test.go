package house_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// longestLine is how many characters a line of a template has at most. The linter measures the lines of Go.
const longestLine = 160

// Templates can be read without scrolling sideways.
func TestTemplatesHaveShortLines(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(testdb.Root(), "internal/web/pages/*.html"))
	require.NoError(t, err)
	require.Greater(t, len(files), 10)
	for _, path := range append(files, filepath.Join(testdb.Root(), "api/brief.html")) {
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		for i, line := range strings.Split(string(source), "\n") {
			if n := utf8.RuneCountInString(line); n > longestLine {
				t.Errorf("%s:%d has %d characters", filepath.Base(path), i+1, n)
			}
		}
	}
}
