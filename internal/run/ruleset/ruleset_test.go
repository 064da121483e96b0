package ruleset_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"cadans/api/door"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/rulebook"
	"cadans/internal/record/safety"
	"cadans/internal/run/ruleset"
	"cadans/internal/run/testdb"
)

var update = flag.Bool("update", false, "write the answers anew")

func rules(t *testing.T) *ruleset.Rules {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(testdb.Root(), "openapi.yaml"))
	require.NoError(t, err)
	contract, err := door.ReadContract(source)
	require.NoError(t, err)
	r, err := ruleset.New(contract)
	require.NoError(t, err)
	return r
}

func answer(t *testing.T, given string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := rules(t).Answer(strings.NewReader(given), &out)
	return out.String(), err
}

// The same cases get the same answers, byte for byte: who changes a rule changes this file, and the rule's version.
func TestAnswersStay(t *testing.T) {
	t.Parallel()
	const cases, answers = "testdata/cases.json", "testdata/answers.json"
	given, err := os.ReadFile(cases)
	require.NoError(t, err)
	said, err := answer(t, string(given))
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(answers, []byte(said), 0o600))
	}
	kept, err := os.ReadFile(answers)
	require.NoError(t, err)
	require.Equal(t, string(kept), said)
	again, err := answer(t, string(given))
	require.NoError(t, err)
	require.Equal(t, said, again)
}

// What an older form did not ask is named, as the API does: it is not a no.
func TestWhatWasNotAsked(t *testing.T) {
	t.Parallel()
	given, err := os.ReadFile("testdata/cases.json")
	require.NoError(t, err)
	var of1 map[string]any
	require.NoError(t, json.NewDecoder(bytes.NewReader(given)).Decode(&of1))
	notAsked := func() (names []string) {
		written, err := json.Marshal(of1)
		require.NoError(t, err)
		said, err := answer(t, string(written))
		require.NoError(t, err)
		var read struct {
			NotAsked []string `json:"not_asked"`
		}
		require.NoError(t, json.Unmarshal([]byte(said), &read))
		return read.NotAsked
	}
	missing := notAsked()
	require.Len(t, missing, 12)
	require.Contains(t, missing, "urine_flow")
	signs := of1["answers"].(map[string]any)["signs"].(map[string]any)
	for _, sign := range missing {
		signs[sign] = false
	}
	missing = notAsked()
	require.NotNil(t, missing)
	require.Empty(t, missing)
}

// Every example of the README is answered as it stands there.
func TestReadmeExamples(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(testdb.Root(), "README.md"))
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "\n## The rules without a database\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	examples := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(section, -1)
	require.NotEmpty(t, examples)
	var said string
	for _, example := range examples {
		answered, err := answer(t, example[1])
		require.NoError(t, err, example[1])
		said += answered
	}
	for _, part := range []string{`"level"`, `"modules"`, `"verdicts"`} {
		require.Contains(t, said, part)
	}
	for _, field := range ruleset.CourseFields {
		require.Contains(t, section, "`"+field+"`", "the section explains it")
	}
}

// What cannot be right is refused, with every field named.
func TestWrongCasesAreExplained(t *testing.T) {
	t.Parallel()
	for given, says := range map[string][]string{
		`{"answers":{"region":"head","fear":11},"birth_year":1800,"submitted_on":"tomorrow"}`: {
			"case 1", "/answers/region: unknown-value", "/answers/fear", "/submitted_on: unknown-value",
		},
		`{"answers":{"region":"neck"},"birth_year":1800,"submitted_on":"2026-01-01"}`: {"/birth_year: out-of-range"},
		`{"answers":{"region":"neck"},"birth_year":1980,"submitted_on":"2026-01-01"}`: {
			"/answers/weeks: required", "/answers/signs/chest_pain: required",
		},
		`{"exercise":"x","sessions":[]}`: {
			"/exercise: unknown-exercise", "/sessions_per_week: out-of-range", "/started_on: unknown-value",
		},
		`{"exercise":"bridge","dose":{"sets":1,"minutes":3},"sessions_per_week":3,"started_on":"2026-01-01",` +
			`"sessions":[]}`: {"/dose: wrong-dose"},
		`{"exercise":"bridge","dose":{"sets":1,"reps":8},"sessions_per_week":3,"started_on":"2026-01-05",` +
			`"sessions":[{"local_date":"2026-01-01","pain":11}]}`: {
			"/sessions/0/local_date: unknown-value", "/sessions/0/pain",
		},
		`{"sesions":[]}`:                           {`either "answers" of an intake or "sessions" of a course`},
		`{"sessions":[],"answers":{}}`:             {"either"},
		`{"sessions":[],"per_week":3}`:             {"unknown field"},
		`{"answers":{"feer":3},"birth_year":1980}`: {"unknown field"},
		`[1]`: {"case 1"},
		`{`:   {"case 1"},
	} {
		_, err := answer(t, given)
		require.Error(t, err, given)
		for _, part := range says {
			require.ErrorContains(t, err, part, given)
		}
	}
}

// A course reads the same sessions as the product: two bad ones of January count no more in March, and a caution holds
// a step to an exercise that it keeps from somebody.
func TestACourseIsJudgedAsThePatientIs(t *testing.T) {
	t.Parallel()
	last := func(given string) (rule string, because []string) {
		said, err := answer(t, given)
		require.NoError(t, err)
		var read struct {
			Verdicts []struct {
				Rule    string `json:"rule"`
				Because []struct {
					EN string `json:"en"`
				} `json:"because"`
			} `json:"verdicts"`
		}
		require.NoError(t, json.Unmarshal([]byte(said), &read))
		verdict := read.Verdicts[len(read.Verdicts)-1]
		for _, b := range verdict.Because {
			because = append(because, b.EN)
		}
		return verdict.Rule, because
	}
	begins := func(rest string) string {
		return `{"sessions_per_week":3,"started_on":"2026-01-05","weeks":14,"fear":3,` + rest
	}
	session := func(day string, pain int) string {
		return fmt.Sprintf(`{"local_date":%q,"pain_before":2,"pain":%d,"pain_after":2,"difficulty":4,`+
			`"could_do_more":true,"settled":true}`, day, pain)
	}
	bridge := begins(`"exercise":"bridge","dose":{"sets":2,"reps":8},"accepts":false,"sessions":[`)
	january := session("2026-01-06", 9) + "," + session("2026-01-08", 9) + ","
	rule, because := last(bridge + january + session("2026-02-01", 2) + "]}")
	require.Equal(t, "REGRESS", rule, because)
	rule, because = last(bridge + january + session("2026-03-10", 2) + "]}")
	require.Equal(t, "HOLD", rule, because)

	bird := begins(`"exercise":"bird-dog-leg","dose":{"sets":3,"reps":10},`)
	good := `"sessions":[` + session("2026-01-06", 2) + "," + session("2026-01-08", 2) + "," +
		session("2026-01-10", 2) + "," + session("2026-01-13", 2) + "]}"
	for _, sure := range []string{"", `"lower_limb":true,"signs":["osteoporosis"],`} {
		rule, because = last(bird + sure + good)
		require.Equal(t, "PROGRESS", rule, because)
	}
	rule, because = last(bird + `"unsteady":true,` + good)
	require.Equal(t, "HOLD", rule)
	require.Contains(t, because, "A fall or a walking aid: no exercise that asks for balance, or that bends to the "+
		"floor from standing.")
	_, err := answer(t, bird+`"signs":["dizzy"],`+good)
	require.ErrorContains(t, err, "/signs: unknown-value")
}

// Nothing in, nothing out.
func TestNoCase(t *testing.T) {
	t.Parallel()
	said, err := answer(t, " ")
	require.NoError(t, err)
	require.Empty(t, said)
}

// The tables are one document of YAML: the rule book as it is read, and what else decides.
func TestTables(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, ruleset.WriteTables(&out))
	require.True(t, bytes.HasPrefix(out.Bytes(), rulebook.File()))
	type line struct{ Row, Rule, Source string }
	var read struct {
		Dose, Modules              map[string]any
		Gate, Instruments, Ladders []line
		Versions                   map[string]int `yaml:"rule_versions"`
	}
	require.NoError(t, yaml.Unmarshal(out.Bytes(), &read))
	require.NotEmpty(t, read.Dose)
	require.NotEmpty(t, read.Modules)
	require.Equal(t, safety.RuleVersion, read.Versions["safety"])
	require.Len(t, read.Gate, len(safety.Rules())+1)
	require.Contains(t, read.Gate[11].Rule, "from the age of 60 on")
	require.GreaterOrEqual(t, len(read.Instruments), len(questionnaire.Definitions()))
	require.NotEmpty(t, read.Ladders)
	require.Contains(t, out.String(), "→ bridge")
}
