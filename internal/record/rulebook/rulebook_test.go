package rulebook

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// A table with something missing or misspelt stops the program.
func TestABrokenTableIsRefused(t *testing.T) {
	t.Parallel()
	whole := string(File())
	for name, change := range map[string][2]string{
		"an unknown name":       {"most_rise:", "most_raise:"},
		"no source":             {"source: Andersen 2011}", "source: \"\"}"},
		"no English text":       {"en: Walking is difficult now.", "en: \"\""},
		"no condition":          {"when: {walk_limited: {is: [\"yes\"]}}", "when: {}"},
		"a number that is none": {"value: 20", "value: twenty"},
		"an unknown comparison": {"when: {fear: {from: 7}}", "when: {fear: {least: 7}}"},
	} {
		broken := strings.Replace(whole, change[0], change[1], 1)
		require.NotEqual(t, whole, broken, name)
		_, err := parse([]byte(broken))
		require.Error(t, err, name)
	}
	_, err := parse(File())
	require.NoError(t, err)
}

// Each comparison holds from its border on.
func TestConditions(t *testing.T) {
	t.Parallel()
	facts := Facts{
		Numbers: map[string]int{"fear": 6, "age": 51, "old_age": 50},
		Words:   map[string]string{"phase": "acute"},
		Sets:    map[string][]string{"signs": {"fever", "fall"}},
	}
	for written, holds := range map[string]bool{
		"{fear: {from: 6}}":                            true,
		"{fear: {from: 7}}":                            false,
		"{fear: {to: 6}}":                              true,
		"{fear: {to: 5}}":                              false,
		"{fear: {from: 6, to: 6}}":                     true,
		"{age: {above: old_age}}":                      true,
		"{old_age: {above: age}}":                      false,
		"{age: {above: age}}":                          false,
		"{phase: {is: [chronic, acute]}}":              true,
		"{phase: {is: [chronic]}}":                     false,
		"{signs: {any: [fall, weight]}}":               true,
		"{signs: {any: [weight]}}":                     false,
		"{signs: {all: [fall, fever]}}":                true,
		"{signs: {all: [fall, weight]}}":               false,
		"{signs: {none: [weight]}}":                    true,
		"{signs: {none: [weight, fall]}}":              false,
		"{fear: {from: 6}, phase: {is: [chronic]}}":    false,
		"{fear: {from: 6}, signs: {all: [fall]}}":      true,
		"{signs: {any: [fever], none: [fall]}}":        false,
		"{signs: {any: [fever], none: [steroids]}}":    true,
		"{fear: {from: 6}, age: {above: old_age}}":     true,
		"{fear: {from: 6}, old_age: {above: old_age}}": false,
	} {
		var c Condition
		require.NoError(t, yaml.Unmarshal([]byte(written), &c))
		require.NoError(t, c.Check(facts), written)
		require.Equal(t, holds, c.Holds(facts), written)
	}
}

// A condition about what does not exist is an error, not a condition that never holds.
func TestConditionsAboutNothing(t *testing.T) {
	t.Parallel()
	facts := Facts{Numbers: map[string]int{"fear": 0}, Words: map[string]string{"phase": ""}}
	for _, written := range []string{
		"{feer: {from: 1}}", "{phase: {from: 1}}", "{fear: {is: [acute]}}", "{fear: {any: [a]}}", "{fear: {}}",
		"{fear: {above: age}}", "{fear: {from: 1, is: [a]}}",
	} {
		var c Condition
		require.NoError(t, yaml.Unmarshal([]byte(written), &c))
		require.Error(t, c.Check(facts), written)
	}
}

// A reviewer reads a condition in one line.
func TestAConditionInOneLine(t *testing.T) {
	t.Parallel()
	var c Condition
	require.NoError(t, yaml.Unmarshal([]byte(
		"{strength_days: {to: 1}, phase: {is: [subacute, chronic]}, signs: {all: [a, b], none: [c]}, "+
			"age: {above: old}}",
	), &c))
	require.Equal(t, "age > old and phase is subacute or chronic and signs: all of a, b and signs: none of c and "+
		"strength_days ≤ 1", c.String())
}
