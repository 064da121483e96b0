package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"cadans/internal/kernel/text"
)

func TestLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, written, kept string }{
		{"nothing", "", ""},
		{"an ordinary note", "Ging goed.", "Ging goed."},
		{"line ends of Windows", "Tintelingen.\r\nGestopt.", "Tintelingen.\nGestopt."},
		{"line ends of an old Mac", "a\rb", "a\nb"},
		{"line ends of Unicode", "a\u2028b\u2029c\u0085d", "a\nb\nc\nd"},
		{"a tab", "a\tb", "a b"},
		{"blanks around it", " \n a \n", "a"},
		{"a decomposed letter", "Zoe\u0308", "Zo\u00eb"},
		{"control characters", "a\x00b\x1b[31mc", "ab[31mc"},
		{"turned direction", "a\u202eb\u2066c", "abc"},
		{"a byte order mark and blanks without width", "\ufeffa\u200bb", "ab"},
		{"a lost character", "a\ufffdb", "ab"},
		{"bytes that are no text", "a\xffb", "ab"},
		{"a family keeps its joiners", "\U0001F468\u200d\U0001F469", "\U0001F468\u200d\U0001F469"},
		{"only what nobody sees", "\u200b \x00", ""},
	} {
		require.Equal(t, c.kept, text.Lines(c.written), c.name)
	}
}

func TestLineHasOneLine(t *testing.T) {
	t.Parallel()
	require.Equal(t, "a b", text.Line("a\r\nb\n"))
}

func TestCut(t *testing.T) {
	t.Parallel()
	require.Equal(t, "abc", text.Cut("abc", 3))
	require.Equal(t, "ab", text.Cut("abc", 2))
	require.Equal(t, "a", text.Cut("ax\u0323\u0307", 2), "a letter stays with its accents")
	require.Empty(t, text.Cut("abc", 0))
}

// What was tidied once stays as it is, in one Unicode form and without what nobody sees.
func TestTidyTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		written := rapid.OneOf(rapid.String(), rapid.StringOfN(
			rapid.SampledFrom([]rune("a\r\n\t \u0308\u0323\u202e\u200b\u2028\x00\ufeffé")), 0, 20, -1,
		)).Draw(t, "written")
		kept := text.Lines(written)
		require.Equal(t, kept, text.Lines(kept))
		require.True(t, norm.NFC.IsNormalString(kept) && utf8.ValidString(kept))
		require.False(t, strings.ContainsFunc(kept, func(r rune) bool { return r != '\n' && text.IsUnseen(r) }))
		require.NotContains(t, text.Line(written), "\n")
		require.LessOrEqual(t, utf8.RuneCountInString(text.Cut(kept, 5)), 5)
	})
}
