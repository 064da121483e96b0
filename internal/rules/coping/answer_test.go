package coping_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/barrier"
	"cadans/internal/rules/coping"
)

// Every barrier has a sentence of its own in each language, and something that can be done at once.
func TestEveryBarrierIsAnswered(t *testing.T) {
	t.Parallel()
	for _, language := range words.All() {
		said := map[string]barrier.Barrier{}
		for _, b := range barrier.All() {
			answer := coping.AnswerTo(b)
			require.Empty(t, said[answer.In(language)], "%s has no answer of its own (answer.go)", b)
			said[answer.In(language)] = b
			require.NotEmpty(t, answer.Actions, b)
		}
	}
}
