package door

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/fault"
)

// Whatever a field is called, what is said of it points to it as RFC 6901 writes it.
func FuzzPointer(f *testing.F) {
	for _, seed := range []string{"a", "", "~", "/", "~1", "~01", "é", "a/b~c", "\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, key string) {
		name, err := json.Marshal(key)
		require.NoError(t, err)
		_, err = strictJSON([]byte("{" + string(name) + ":1," + string(name) + ":2}"))
		var wrong *fault.Fault
		require.True(t, errors.As(err, &wrong), "a name twice is refused")
		unescaped := strings.NewReplacer("~1", "/", "~0", "~").Replace(wrong.Violations[0].Pointer)
		var sent string
		require.NoError(t, json.Unmarshal(name, &sent))
		require.Equal(t, "/"+sent, unescaped)
	})
}
