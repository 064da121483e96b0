package education_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/education"
)

var (
	sentences = regexp.MustCompile(`[^.!?]+[.!?]`)
	digit     = regexp.MustCompile(`\d`)
	callNow   = strings.NewReplacer("112", "", "113", "")
)

// Every text makes claims. A claim stands in its text word for word, in both languages, and has a source and the people
// for whom that holds. No clinician has checked one yet.
func TestClaimsHaveSources(t *testing.T) {
	t.Parallel()
	c, err := education.Load()
	require.NoError(t, err)
	for _, text := range slices.Concat(c.Modules, c.Cards) {
		require.NotEmpty(t, text.Claims, text.Slug)
		for _, claim := range text.Claims {
			require.NotEmpty(t, claim.Excerpt.NL, text.Slug)
			require.NotEmpty(t, claim.Excerpt.EN, text.Slug)
			require.Contains(t, text.Body.NL, claim.Excerpt.NL, text.Slug)
			require.Contains(t, text.Body.EN, claim.Excerpt.EN, text.Slug)
			require.NotEmpty(t, claim.Source, claim.Excerpt.EN)
			require.NotEmpty(t, claim.Population, claim.Excerpt.EN)
			require.False(t, claim.Checked, "who has checked it? %s", claim.Excerpt.EN)
		}
	}
}

// A sentence with a number is a claim. Numbers to call in an emergency are not.
func TestNumbersAreClaims(t *testing.T) {
	t.Parallel()
	c, err := education.Load()
	require.NoError(t, err)
	for _, text := range slices.Concat(c.Modules, c.Cards) {
		var dutch, english []string
		for _, claim := range text.Claims {
			dutch, english = append(dutch, claim.Excerpt.NL), append(english, claim.Excerpt.EN)
		}
		require.Empty(t, unclaimed(text.Body.NL, dutch), text.Slug)
		require.Empty(t, unclaimed(text.Body.EN, english), text.Slug)
	}
	require.Equal(t, []string{"In 3 days."}, unclaimed("At once. In 3 days. Call 112.", []string{"At once."}))
}

// unclaimed returns the sentences of a body that have a number in them and are part of no claim.
func unclaimed(body string, claims []string) []string {
	var found []string
	for _, sentence := range sentences.FindAllString(body, -1) {
		sentence = strings.TrimSpace(sentence)
		if !digit.MatchString(callNow.Replace(sentence)) {
			continue
		}
		if !slices.ContainsFunc(claims, func(claim string) bool { return strings.Contains(claim, sentence) }) {
			found = append(found, sentence)
		}
	}
	return found
}
