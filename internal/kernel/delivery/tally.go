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

// quiet is the interval between two log lines about the same kind.
const quiet = time.Minute

// Tally counts failures and logs each kind at most once a minute, however many there are.
type Tally struct {
	clock clock.Clock
	log   *slog.Logger
	of    string // what is sent, for the log

	mu     sync.Mutex
	counts map[Kind]map[string]int // not said yet, by code
	said   map[Kind]time.Time
}

// NewTally returns an empty tally. of names what is sent.
func NewTally(of string, c clock.Clock, log *slog.Logger) *Tally {
	return &Tally{of: of, clock: c, log: log, counts: map[Kind]map[string]int{}, said: map[Kind]time.Time{}}
}

// Add counts a failure. The next Say logs the first of its kind.
func (t *Tally) Add(f *Failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts[f.Kind] == nil {
		t.counts[f.Kind] = map[string]int{}
	}
	t.counts[f.Kind][f.Cause]++
}

// Say logs what was counted since the last line of each kind, except for kinds logged within the last minute.
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

// level returns ERROR for failures that an operator must fix; the others resolve themselves.
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
