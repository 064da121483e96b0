package education_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/education"
)

// Reading ease after Flesch, for Dutch (Douma 1960). From 60 on a text is normal, from 70 on fairly easy. The syllables
// are counted by their vowels, which finds one too many in a word such as "nieuw".
const (
	normalToRead = 60
	easyToRead   = 70
)

var (
	word     = regexp.MustCompile(`\p{L}+`)
	ending   = regexp.MustCompile(`[.!?]+`)
	syllable = regexp.MustCompile(`(?i)aa|ee|oo|uu|ie|eu|oe|ui|ij|ei|au|ou|[aeiouyáéëïèü]`)
)

// Every module and card reads as normal Dutch at least, and together they are fairly easy.
func TestDutchIsEasyToRead(t *testing.T) {
	t.Parallel()
	c, err := education.Load()
	require.NoError(t, err)
	texts, sum := slices.Concat(c.Modules, c.Cards), 0.0
	for _, text := range texts {
		ease := readingEase(text.Body.NL + "\n" + text.Assignment.NL)
		require.GreaterOrEqual(t, ease, float64(normalToRead), text.Slug)
		sum += ease
	}
	require.GreaterOrEqual(t, sum/float64(len(texts)), float64(easyToRead))
}

// Long words in long sentences are hard to read, and the vowels of one sound count once.
func TestReadingEase(t *testing.T) {
	t.Parallel()
	require.Equal(t, 4, syllables("oefeningen"))
	require.Equal(t, 3, syllables("bewegen"))
	require.Equal(t, 1, syllables("rijp"))
	require.InDelta(t, 206.84-0.77*100-0.93*3, readingEase("Pijn zakt weer. Dat is goed."), 0.01)
	require.Less(t, readingEase("Multidisciplinaire behandelingen bevorderen zelfmanagementvaardigheden."), 0.0)
}

func readingEase(text string) float64 {
	all, sum := word.FindAllString(text, -1), 0
	for _, w := range all {
		sum += syllables(w)
	}
	n := float64(len(all))
	return 206.84 - 0.77*100*float64(sum)/n - 0.93*n/float64(len(ending.FindAllString(text, -1)))
}

func syllables(w string) int { return max(1, len(syllable.FindAllString(w, -1))) }
