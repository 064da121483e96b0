package education_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// Sentences that promise or claim what nobody knows of the reader, that call pain of five a little, that make an app
// the answer to new weakness, or that shame.
var untrue = []*regexp.Regexp{
	regexp.MustCompile(`(?i)weefsel is hersteld|tissue has (recovered|healed)`),
	regexp.MustCompile(`(?i)het gaat over\b|it passes\b|pijnvrij|pain-free`),
	regexp.MustCompile(`(?i)therapeut heeft gevraagd|therapist has asked`),
	regexp.MustCompile(`(?i)een beetje pijn|a (bit|little) of pain`),
	regexp.MustCompile(`(?i)(zwakte|doof gevoel)\? Meld|(weakness|numbness)\? (Then )?[Rr]eport`),
	regexp.MustCompile(`(?i)(het helpt allemaal|it all helps|kapotgemaakt;|have not broken)`),
	regexp.MustCompile(`(?i)weer niet|toch niet|mislukt|helaas|jammer|uw schuld|you failed|unfortunately|your fault|` +
		`should have|lazy`),
}

// No card and no module says one of them.
func TestNothingUntrueIsSaid(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("content/*.md")
	require.NoError(t, err)
	require.Greater(t, len(files), 20)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, sentence := range untrue {
			require.NotRegexp(t, sentence, string(text), file)
		}
	}
	require.Regexp(t, untrue[4], "Nieuwe zwakte of een doof gevoel? Meld het meteen.")
}
