package education_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/education"
)

// Six modules of about 250 words with an assignment, six short cards, in both languages and the polite form.
func TestContent(t *testing.T) {
	t.Parallel()
	c, err := education.Load()
	require.NoError(t, err)
	require.Len(t, c.Modules, education.Modules)
	require.Len(t, c.Cards, len(education.Cards))
	for _, m := range c.Modules {
		for _, body := range []string{m.Body.NL, m.Body.EN} {
			words := len(strings.Fields(body))
			require.True(t, words >= 220 && words <= 310, "%s has %d words", m.Slug, words)
		}
		require.NotEqual(t, m.Assignment.NL, m.Assignment.EN)
	}
	for _, text := range append(c.Modules, c.Cards...) {
		for _, word := range strings.Fields(strings.ToLower(text.Body.NL + " " + text.Assignment.NL)) {
			require.NotContains(
				t, []string{"je", "jij", "jouw", "jou"}, strings.Trim(word, `.,:;!?"'`), "%s", text.Slug,
			)
		}
		require.NotContains(t, strings.ToLower(text.Body.EN), "pain-free life")
	}
}
