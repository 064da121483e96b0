package live

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What another replica announces is read as it was written, or not at all.
func FuzzParse(f *testing.F) {
	for seed, accepted := range map[string]bool{
		"1 visit p-1":  true,
		"1 reset ":     true,
		"":             false,
		"1 visit":      false,
		"1 visit p-1 ": false,
	} {
		_, ok := parse(seed)
		require.Equal(f, accepted, ok, "%q", seed)
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		if e, ok := parse(payload); ok {
			require.Equal(t, payload, e.ID+" "+string(e.Type)+" "+string(e.Patient))
		}
	})
}
