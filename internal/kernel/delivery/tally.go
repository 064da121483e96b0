package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"cadans/internal/kernel/clock"
)

// quiet is how long nothing is said about a kind after something was.
const quiet = time.Minute

// Tally counts failures and says each kind in one log line a minute at most, however many there are.
type Tally struct {
	clock clock.Clock
	log   *slog.Logger
	of    string // what is sent, for the log

	mu     sync.Mutex
	counts map[Kind]map[string]int // not said yet, by code
	said   map[Kind]time.Time
}

// NewTally returns an empty tally. Of says what is sent.
func NewTally(of string, c clock.Clock, log *slog.Logger) *Tally {
	return &Tally{of: of, clock: c, log: log, counts: map[Kind]map[string]int{}, said: map[Kind]time.Time{}}
}

// Add counts a failure. The first of its kind is said by the next Say.
func (t *Tally) Add(f *Failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts[f.Kind] == nil {
		t.counts[f.Kind] = map[string]int{}
	}
	t.counts[f.Kind][f.Cause]++
}

// Say writes what was counted since the last line of its kind, for the kinds that were not spoken of in the last
// minute.
func (t *Tally) Say() {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	for _, kind := range Kinds {
		if last, spoken := t.said[kind]; len(t.counts[kind]) == 0 || spoken && now.Sub(last) < quiet {
			continue
		}
		n, codes := summed(t.counts[kind])
		t.log.Log(context.Background(), kind.level(), "not delivered", "of", t.of, "fate", kind.String(),
			"count", n, "codes", codes)
		t.said[kind] = now
		delete(t.counts, kind)
	}
}

// level: what an operator has to mend is an error; the rest mends itself.
func (k Kind) level() slog.Level {
	switch k {
	case RefusedForAll:
		return slog.LevelError
	case RefusedHere:
		return slog.LevelInfo
	default:
		return slog.LevelWarn
	}
}

func summed(counts map[string]int) (n int, codes string) {
	list := make([]string, 0, len(counts))
	for code, count := range counts {
		n += count
		list = append(list, fmt.Sprintf("%s: %d", code, count))
	}
	slices.Sort(list)
	return n, strings.Join(list, ", ")
}
