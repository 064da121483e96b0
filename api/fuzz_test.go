package api

import (
	"encoding/base64"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

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
