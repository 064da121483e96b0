package words

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// What texts may not say to anybody: that they failed, are to blame, owe something or stay behind.
var shaming = regexp.MustCompile(`(?i)weer niet|alweer|toch niet|mislukt|gefaald|helaas|jammer|uw schuld|excuus|` +
	`had u moeten|u had moeten|lui\b|achterstand|` +
	`again not|failed to|you failed|unfortunately|too bad|your fault|excuse|should have|lazy|falling behind`)

// promising are words that promise what nobody knows.
var promising = regexp.MustCompile(`(?i)pijnvrij|pain-free|geneest|cures|werkt het beste|works best|gegarandeerd|` +
	`guaranteed|bewezen|proven`)

// What a catalog says of health has a source and the people for whom that holds. No clinician has checked one yet.
func TestClaimsHaveSources(t *testing.T) {
	t.Parallel()
	sources, err := Sources()
	require.NoError(t, err)
	for key, claim := range sources {
		require.Contains(t, catalogs[English].messages, key)
		require.NotEmpty(t, claim.From, key)
		require.NotEmpty(t, claim.Population, key)
		require.False(t, claim.Checked, "who has checked it? %s", key)
	}
}

// No text of a catalog shames its reader or promises an effect.
func TestNobodyIsShamed(t *testing.T) {
	t.Parallel()
	for _, language := range []Language{Dutch, English} {
		for key, m := range catalogs[language].messages {
			require.NotRegexp(t, shaming, m.other.whole, key)
			require.NotRegexp(t, promising, m.other.whole, key)
		}
	}
	require.Regexp(t, shaming, "U oefende vandaag weer niet.")
	require.Regexp(t, promising, "Rustig opbouwen werkt het beste.")
}
