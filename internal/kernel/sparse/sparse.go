// Package sparse limits the rate of repeated log lines: it writes a line at once the first time, and then at most
// once a minute, with the number of occurrences. It promises that no external fault, however frequent, fills the log.
package sparse

import (
	"log/slog"
	"sync"
	"time"

	"cadans/internal/kernel/clock"
)

// every is the minimum interval between two lines with the same message and cause.
const every = time.Minute

// Log counts the occurrences that it does not write.
type Log struct {
	clock clock.Clock
	log   *slog.Logger

	mu    sync.Mutex
	lines map[line]*state
}

// line identifies what is written at most once a minute: messages and causes are few and fixed.
type line struct{ message, cause string }

type state struct {
	last  time.Time
	since int // how often it happened after the last line
}

// New returns a log that has written nothing.
func New(c clock.Clock, log *slog.Logger) *Log {
	return &Log{clock: c, log: log, lines: map[line]*state{}}
}

// Warn writes a message with its cause, unless it did in the last minute, and says how often it was left out.
func (l *Log) Warn(message, cause string, args ...any) {
	if left, due := l.due(line{message, cause}); due {
		l.log.Warn(message, append([]any{"cause", cause, "left_out", left}, args...)...)
	}
}

func (l *Log) due(what line) (left int, due bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	s, known := l.lines[what]
	if known && now.Sub(s.last) < every {
		s.since++
		return 0, false
	}
	if known {
		left = s.since
	}
	l.lines[what] = &state{last: now}
	return left, true
}
