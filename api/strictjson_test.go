package api

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever is accepted reads as encoding/json reads it, and nothing makes the reader fall over.
func FuzzStrictJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a": [1, -2, "x\né\"", true, false, null, {}], "b" : { "c":[ ] } }`, `[]`, ` 7 `, `"\\"`, `{"a":1,"a":2}`, `7.5`, `[[[[[[[[[[1]]]]]]]]]]`,
		`{"a":1}{}`, `{"a"`, "\"\xff\"", `99999999999999999999`, "{\"a\":1\n,\t\"b\":2}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := strictJSON(body)
		if err != nil {
			return
		}
		var want any
		require.NoError(t, json.Unmarshal(body, &want))
		require.Equal(t, want, got)
	})
}
