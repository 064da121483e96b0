package exercise_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"cadans/internal/record/exercise"
)

// claim is what an exercise says as a fact, in sources.yaml.
type claim struct {
	NL         string   `yaml:"nl"`
	EN         string   `yaml:"en"`
	Source     []string `yaml:"source"`
	Population string   `yaml:"population"`
	Checked    bool     `yaml:"checked"`
}

// Words that promise an effect, in both languages. An exercise says what to do.
var promises = regexp.MustCompile(`(?i)versterkt|verlicht de|geneest|vermindert|voorkomt|herstelt|helpt tegen|` +
	`strengthens|relieves|heals|cures|reduces|prevents|good for your`)

var numbered = regexp.MustCompile(`\d`)

func claims(t *testing.T) map[string][]claim {
	t.Helper()
	file, err := os.ReadFile("sources.yaml")
	require.NoError(t, err)
	var all struct {
		Sources   map[string]string  `yaml:"sources"`
		Exercises map[string][]claim `yaml:"exercises"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&all))
	for slug, said := range all.Exercises {
		for _, c := range said {
			require.NotEmpty(t, c.Source, slug)
			require.NotEmpty(t, c.Population, slug)
			require.False(t, c.Checked, "who has checked it? %s", slug)
			for _, name := range c.Source {
				require.NotEmpty(t, all.Sources[name], "%s: unknown source %s", slug, name)
			}
		}
	}
	return all.Exercises
}

// What an exercise says as a fact stands in its text word for word, in both languages, and has a source.
func TestClaimsStandInExercises(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	for slug, said := range claims(t) {
		e, err := library.Find(slug)
		require.NoError(t, err, slug)
		for _, c := range said {
			require.NotEmpty(t, c.NL, slug)
			require.NotEmpty(t, c.EN, slug)
			require.Contains(t, e.Instructions.NL+"\n"+e.Cautions.NL, c.NL, slug)
			require.Contains(t, e.Instructions.EN+"\n"+e.Cautions.EN, c.EN, slug)
		}
	}
}

// No exercise promises an effect, and a number in one is a claim, unless somebody calls it.
func TestExercisesPromiseNothing(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	said := claims(t)
	for _, e := range library.All() {
		dutch := e.Instructions.NL + "\n" + e.Cautions.NL
		english := e.Instructions.EN + "\n" + e.Cautions.EN
		require.NotRegexp(t, promises, dutch, e.Slug)
		require.NotRegexp(t, promises, english, e.Slug)
		for _, c := range said[e.Slug] {
			dutch, english = strings.ReplaceAll(dutch, c.NL, ""), strings.ReplaceAll(english, c.EN, "")
		}
		calls := strings.NewReplacer("112", "", "113", "")
		require.NotRegexp(t, numbered, calls.Replace(dutch), e.Slug)
		require.NotRegexp(t, numbered, calls.Replace(english), e.Slug)
	}
	require.Regexp(t, promises, "This strengthens your back.")
}
