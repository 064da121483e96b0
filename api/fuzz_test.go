package api

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/fault"
	"cadans/internal/record/session"
)

// A cursor that is taken leads to the same position when it is written again, and
// holds nothing that PostgreSQL refuses.
func FuzzCursor(f *testing.F) {
	for seed, accepted := range map[string]bool{
		*cursorOf(session.Position{PerformedAt: 1, Session: "s-1"}): true,
		*cursorOf(session.Position{Session: `<-"4\`}):               true,
		cursor("{}"): true, cursor("null"): true,
		"": false, "=": false, cursor("[]"): false, cursor(`{"Session":"\u0000"}`): false,
		cursor("{\"Session\":\"\xff\"}"): false, cursor(`{"Session":1}`): false,
	} {
		require.Equal(f, accepted, readCursor(&seed, &session.Position{}) == nil, "%q", seed)
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var position, again session.Position
		if readCursor(&text, &position) != nil {
			return
		}
		require.True(t, utf8.ValidString(string(position.Session)))
		require.NotContains(t, string(position.Session), "\x00")
		require.NoError(t, readCursor(cursorOf(position), &again))
		require.Equal(t, position, again)
	})
}

func cursor(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

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
