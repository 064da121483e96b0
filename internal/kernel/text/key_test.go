package text_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/kernel/text"
)

func TestFinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wanted, name string
		found        bool
	}{
		{"konig", "Zoë König", true},
		{"KÖNIG", "Zoë König", true},
		{"zoe\u0308", "Zoë König", true},
		{"O’Brien", "O'Brien", true},
		{"obrien", "O'Brien", true},
		{"o brien", "O'Brien", true},
		{"ilkay", "İlkay Işık", true},
		{"isik", "İlkay Işık", true},
		{"IŞIK", "İlkay Işık", true},
		{"sorensen", "Bjørn Sørensen", true},
		{"strasse", "Straße", true},
		{"vries jan", "Jan de Vries", true},
		{"j v", "Jan de Vries", true},
		{"x", "Max de Vries", false},
		{"vries-jansen", "Anna de Vries-Jansen", true},
		{"jan 1961", "Jan de Vries 1961", true},
		{"piet", "Jan de Vries", false},
		{"", "Jan de Vries", true},
		{"李", "李娜", true},
	} {
		require.Equal(t, c.found, text.Finds(c.wanted, c.name), "%q in %q", c.wanted, c.name)
	}
}

// Everybody is found by their name, in any case, and the key of a key is itself.
func TestEverybodyIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		require.True(t, text.Finds(name, name))
		require.Equal(t, text.Key(name), text.Key(text.Key(name)))
	})
}

func TestEmail(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		" Anna@Praktijk.Example\n":    "anna@praktijk.example",
		"anna@xn--bcher-kva.example":  "anna@bücher.example",
		"ANNA@BU\u0308CHER.example":   "anna@bücher.example",
		"no address":                  "no address",
		"zo\u0065\u0308@host.example": "zoë@host.example",
	} {
		require.Equal(t, want, text.Email(typed), "%q", typed)
		require.Equal(t, want, text.Email(want))
	}
}

func TestPassword(t *testing.T) {
	t.Parallel()
	require.Equal(t, text.Password("wachtwo\u00f6rd"), text.Password("wachtwoo\u0308rd"))
	require.Equal(t, text.Password("two words"), text.Password("two\u00a0words"))
	require.NotEqual(t, text.Password("Password"), text.Password("password"))
	require.Equal(t, "tab\there", text.Password("tab\there"), "unknown to the profile: as it is")
}

func TestCode(t *testing.T) {
	t.Parallel()
	const code = "ABCD0123EFG1H"
	for _, typed := range []string{
		code, "abcd-0123-efg1h", "ABCD\u20130123\u2014EFG1H", "abcd o123 efgih\n", "Code: ABCD-0123-EFG1H.",
		"Uw code: abcd\u00a00123\u202fefglh", "ＡＢＣＤ０１２３ＥＦＧ１Ｈ", "\u200bABCD0123EFG1H",
	} {
		require.Equal(t, code, text.Code(typed, len(code)), "%q", typed)
	}
	for _, typed := range []string{"", "ABCD", "ABCD0123EFG1U", "ABCD0123EFG_H", code + "A"} {
		require.Empty(t, text.Code(typed, len(code)), "%q", typed)
	}
}
