package delivery_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/delivery"
)

func TestOf(t *testing.T) {
	t.Parallel()
	require.Nil(t, delivery.Of(nil))
	dead := &delivery.Failure{Kind: delivery.RefusedHere, Cause: "404"}
	require.Same(t, dead, delivery.Of(fmt.Errorf("wrapped: %w", dead)))
	require.Equal(t, delivery.MayHaveLeft, delivery.Of(errors.New("something with a name in it")).Kind)
	require.Equal(t, "message refused here: 404", dead.Error())
}

// Every kind has a name, and an outage is a line a minute for each kind, with what happened since the last one.
func TestATallySpeaksOnceAMinute(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := clock.NewManual(time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC))
	tally := delivery.NewTally("push", c, slog.New(slog.NewTextHandler(&out, nil)))
	spoken := func() (lines []string) {
		tally.Say()
		defer out.Reset()
		for line := range strings.Lines(out.String()) {
			_, rest, _ := strings.Cut(strings.TrimSpace(line), "level=")
			lines = append(lines, rest)
		}
		return lines
	}
	add := func(kind delivery.Kind, code string, n int) {
		for range n {
			tally.Add(&delivery.Failure{Kind: kind, Cause: code})
		}
	}
	require.Empty(t, spoken(), "nothing to say")
	add(delivery.NeverLeft, "dial", 3)
	add(delivery.NeverLeft, "503", 1)
	require.Equal(
		t, []string{`WARN msg="not delivered" of=push fate="never left" count=4 codes="503: 1, dial: 3"`}, spoken(),
	)
	add(delivery.NeverLeft, "dial", 500)
	add(delivery.RefusedForAll, "401", 2)
	add(delivery.RefusedHere, "404", 1)
	require.Equal(t, []string{
		`INFO msg="not delivered" of=push fate="refused here" count=1 codes="404: 1"`,
		`ERROR msg="not delivered" of=push fate="refused for all" count=2 codes="401: 2"`,
	}, spoken(), "the other kind was spoken of")
	c.Advance(59 * time.Second)
	require.Empty(t, spoken())
	c.Advance(time.Second)
	require.Equal(
		t, []string{`WARN msg="not delivered" of=push fate="never left" count=500 codes="dial: 500"`}, spoken(),
	)
	c.Advance(time.Hour)
	require.Empty(t, spoken(), "what was said is not said again")
	for _, kind := range delivery.Kinds {
		require.NotEmpty(t, kind.String())
	}
}
