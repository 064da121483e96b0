// Package pain is the one series of a patient's pain scores, from wherever they were asked: sessions, weekly check-ins,
// questionnaires, intakes and the monthly question whether pain came back. A flare is declared without a score.
//
// Every score keeps its source, what it is about, and its day. Trends, alerts, summaries, progression and proposals
// read this series or what the ledger sums of it, and use one figure: the mean of the scores that say how much it hurt
// that day. Missing is never zero. The package stores nothing.
package pain

import (
	"cmp"
	"slices"
	"time"

	"cadans/internal/record/session"
	"cadans/pkg/localtime"
)

// Source is where a score was asked.
type Source string

// The sources.
const (
	FromSession       Source = "session"
	FromCheckIn       Source = "check_in"
	FromQuestionnaire Source = "questionnaire"
	FromIntake        Source = "intake"
	FromRecurrence    Source = "recurrence"
)

// Kind is what a score is about.
type Kind string

// The kinds: the average and the worst of the last time, and before, during and after a session.
const (
	Average Kind = "average_24h"
	Worst   Kind = "worst"
	Before  Kind = "before"
	During  Kind = "during"
	After   Kind = "after"
)

// IsLevel reports whether a score says how much it hurt that day. The worst moment, and what exercise did, do not.
func (k Kind) IsLevel() bool { return k == Average || k == Before }

// Point is one score, an NPRS of 0 to 10. At is when it was given: what an offline phone told is older than its
// arrival.
type Point struct {
	Source Source
	Kind   Kind
	Day    localtime.Date
	At     time.Time
	Value  int
}

// Scores sums pain scores. Missing ones count in neither number.
type Scores struct{ Sum, Count int }

// Add adds a score; nil is missing.
func (s *Scores) Add(score *int) {
	if score != nil {
		s.Sum += *score
		s.Count++
	}
}

// Plus returns both sums together.
func (s Scores) Plus(other Scores) Scores { return Scores{s.Sum + other.Sum, s.Count + other.Count} }

// Mean returns the mean in tenths of a point, or nil without a score.
func (s Scores) Mean() *int {
	if s.Count == 0 {
		return nil
	}
	mean := (20*s.Sum + s.Count) / (2 * s.Count)
	return &mean
}

// LevelOf sums the scores that say how much it hurt.
func LevelOf(points []Point) (level Scores) {
	for _, p := range points {
		if p.Kind.IsLevel() {
			level.Add(&p.Value)
		}
	}
	return level
}

// OfSession returns the scores of a session; none if it came too late to count.
func OfSession(s session.Session) []Point {
	if s.Counting() == session.NotCounted {
		return nil
	}
	of := series{source: FromSession, day: s.LocalDate, at: s.PerformedAt}
	of.add(Before, s.PainBefore)
	for _, done := range s.Items {
		of.add(During, done.Pain)
	}
	of.add(After, s.PainAfter)
	return of.points
}

// series collects the scores of one answer.
type series struct {
	source Source
	day    localtime.Date
	at     time.Time
	points []Point
}

func (s *series) add(kind Kind, score *int) {
	if score != nil {
		s.points = append(s.points, Point{Source: s.source, Kind: kind, Day: s.day, At: s.at, Value: *score})
	}
}

// inOrder sorts points by day and moment; those of one answer keep their order.
func inOrder(points []Point) []Point {
	slices.SortStableFunc(points, func(a, b Point) int {
		return cmp.Or(a.Day.DaysSince(b.Day), a.At.Compare(b.At))
	})
	return points
}
