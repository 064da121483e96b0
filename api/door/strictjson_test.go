package door

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// jsonSeeds are what fuzzing begins with, and whether the reader has to accept it.
var jsonSeeds = map[string]bool{
	`{"a": [1, -2, "x\né\"", true, false, null, {}], "b" : { "c":[ ] } }`: true,
	`[]`: true, ` 7 `: true, `"\\"`: true, "{\"a\":1\n,\t\"b\":2}": true, `{"a":{"a":1}}`: true,
	`[[[[[[[[1]]]]]]]]`: true, `null`: true, `[[[[[[[[[1]]]]]]]]]`: false, `{"a":1,"a":2}`: false,
	`{"a":1,"\u0061":2}`: false, `7.0`: false, `7e0`: false, `{"a":1}{}`: false, `{"a"`: false, "\"\xff\"": false,
	`99999999999999999999`: false, ``: false, " \n": false, `NaN`: false, `{'a':1}`: false, `[1,]`: false,
}

// Whatever is accepted reads as encoding/json reads it, and nothing makes the reader fall over.
func FuzzStrictJSON(f *testing.F) {
	for seed, accepted := range jsonSeeds {
		_, err := strictJSON([]byte(seed))
		require.Equal(f, accepted, err == nil, "%q", seed)
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
