package database

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// An anchor is one whole line of ours or is refused: nothing that was cut off or changed counts for something else.
func FuzzAnchor(f *testing.F) {
	whole := anchor{lineage: "l-1", commits: 428}
	whole.witness = strings.Repeat("a", 64)
	for seed, accepted := range map[string]bool{
		string(whole.line()): true, fmt.Sprintf(oldAnchorFormat, "l-1", 428): true,
		"": false, "l-1 428\n": false, string(whole.line()[:40]): false, string(whole.line()) + "\n": false,
	} {
		require.Equal(f, accepted, (&anchor{}).parse([]byte(seed)) == nil, "%q", seed)
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var read anchor
		if read.parse(text) != nil {
			return
		}
		old := fmt.Sprintf(oldAnchorFormat, read.lineage, read.commits)
		require.Contains(t, []string{string(read.line()), old}, string(text))
	})
}
