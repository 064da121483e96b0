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
	var files []string
	for _, pattern := range []string{"internal/web/pages/*.html", "api/*.html", "api/*/*.html"} {
		found, err := filepath.Glob(filepath.Join(testdb.Root(), pattern))
		require.NoError(t, err)
		files = append(files, found...)
	}
	require.Greater(t, len(files), 12)
	for _, path := range files {
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		for i, line := range strings.Split(string(source), "\n") {
			if n := utf8.RuneCountInString(line); n > longestLine {
				t.Errorf("%s:%d has %d characters", filepath.Base(path), i+1, n)
			}
		}
	}
}
