package reminder

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// Effects are the effects of reminders, in the viewer's practice and in all practices.
type Effects struct {
	Since, Until     localtime.Date
	Practice, Pooled []Estimated
}

const (
	effectDays    = 26 * 7
	longestEffect = 1830 // longest range of days for one request
	// outcomeAfter is how long after a decision its outcome is read, because sessions of the following 24 hours may
	// arrive late.
	outcomeAfter = 72 * time.Hour
	outcomeOf    = 24 * time.Hour
)

// Effects estimates the effects of the decisions on a range of days, both ends included; by default the last 26 weeks.
// It reads outcomes from the current sessions, so late and corrected sessions count.
func (s *Service) Effects(ctx context.Context, v access.Viewer, since, until localtime.Date) (Effects, error) {
	return access.Read(ctx, s.guard, v.Enters(access.GetReminderEffects), func(tx *database.Tx) (Effects, error) {
		since, until, err := span(since, until, localtime.Today(tx.Now(), time.UTC))
		if err != nil {
			return Effects{}, err
		}
		practice, err := observePractice(tx, v.Practice, since, until)
		if err != nil {
			return Effects{}, err
		}
		pooled, err := observePooled(tx, since, until)
		return Effects{Since: since, Until: until, Practice: estimateAll(practice), Pooled: estimateAll(pooled)}, err
	})
}

// span returns the requested range.
func span(since, until, today localtime.Date) (localtime.Date, localtime.Date, error) {
	if until.IsZero() {
		until = today
	}
	if since.IsZero() {
		since = until.AddDays(-effectDays).Clamp()
	}
	if until.DaysSince(since) > longestEffect {
		return since, until, fault.Input(fault.Violation{Pointer: "/since", Code: "period-too-long"})
	}
	return since, until, nil
}

// Queries of randomised decisions on a range of days with known outcomes, in order by patient.
const (
	selectDecisions = "SELECT patient_id, kind, arms, arm, state, decided_at FROM reminder_decisions"

	decisionsOfPractice = selectDecisions + ` WHERE practice_id = ? AND arm <> '' AND local_date >= ?
		AND local_date <= ? AND decided_at <= ? ORDER BY patient_id, decided_at`

	decisionsOfAll = selectDecisions + ` WHERE arm <> '' AND local_date >= ?
		AND local_date <= ? AND decided_at <= ? ORDER BY patient_id, decided_at`
)

// Queries of when the patients of such decisions did their sessions, in order. The first two dates limit the sessions.
const (
	sessionsOfPractice = `SELECT patient_id, performed_at FROM sessions
		WHERE deleted_at IS NULL AND local_date >= ? AND local_date <= ?
		AND patient_id IN (SELECT patient_id FROM reminder_decisions
			WHERE practice_id = ? AND arm <> '' AND local_date >= ? AND local_date <= ?)
		ORDER BY performed_at`

	sessionsOfAll = `SELECT patient_id, performed_at FROM sessions
		WHERE deleted_at IS NULL AND local_date >= ? AND local_date <= ?
		AND patient_id IN (SELECT patient_id FROM reminder_decisions
			WHERE arm <> '' AND local_date >= ? AND local_date <= ?)
		ORDER BY performed_at`
)

// outcomesKnown is the latest time of a decision whose outcome is known.
func outcomesKnown(tx *database.Tx) database.Instant { return database.At(tx.Now().Add(-outcomeAfter)) }

func observePractice(
	tx *database.Tx, practice id.Practice, since, until localtime.Date,
) (map[Kind]map[Arm][]Observation, error) {
	performed, err := performedInPractice(tx, practice, since, until)
	if err != nil {
		return nil, err
	}
	return observe(tx, performed, decisionsOfPractice, practice, since, until, outcomesKnown(tx))
}

func observePooled(tx *database.Tx, since, until localtime.Date) (map[Kind]map[Arm][]Observation, error) {
	performed, err := performedBy(tx, sessionsOfAll, since.AddDays(-1), until.AddDays(2), since, until)
	if err != nil {
		return nil, err
	}
	return observe(tx, performed, decisionsOfAll, since, until, outcomesKnown(tx))
}

// observe reads the decisions of a query and pairs them with their outcomes.
func observe(
	tx *database.Tx, performed map[id.Patient][]database.Instant, query string, args ...any,
) (map[Kind]map[Arm][]Observation, error) {
	found := map[Kind]map[Arm][]Observation{}
	var course []logged // of one patient
	err := tx.Rows(query, args, func(rows *sql.Rows) error {
		l, err := readLogged(rows)
		if err == nil && len(course) > 0 && course[0].patient != l.patient {
			observeCourse(found, course, performed[course[0].patient])
			course = course[:0]
		}
		course = append(course, l)
		return err
	})
	if len(course) > 0 {
		observeCourse(found, course, performed[course[0].patient])
	}
	return found, database.Wrap("reminder: observe", err)
}

func performedInPractice(
	tx *database.Tx, practice id.Practice, since, until localtime.Date,
) (map[id.Patient][]database.Instant, error) {
	return performedBy(tx, sessionsOfPractice, since.AddDays(-1), until.AddDays(2), practice, since, until)
}

// performedBy returns the results of a query of sessions by patient, in order.
func performedBy(tx *database.Tx, query string, args ...any) (map[id.Patient][]database.Instant, error) {
	performed := map[id.Patient][]database.Instant{}
	err := tx.Rows(query, args, func(rows *sql.Rows) error {
		var patient id.Patient
		var at database.Instant
		err := rows.Scan(&patient, &at)
		performed[patient] = append(performed[patient], at)
		return err
	})
	return performed, database.Wrap("reminder: sessions performed", err)
}

// logged is a row of the decision log.
type logged struct {
	patient id.Patient
	kind    Kind
	arm     Arm
	chances []Chance
	state   State
	at      database.Instant
}

func readLogged(rows *sql.Rows) (logged, error) {
	var arms, state []byte
	var l logged
	if err := rows.Scan(&l.patient, &l.kind, &arms, &l.arm, &state, &l.at); err != nil {
		return l, err
	}
	var chances []chanceDocument
	if err := json.Unmarshal(arms, &chances); err != nil {
		return l, err
	}
	for _, c := range chances {
		l.chances = append(l.chances, Chance(c))
	}
	return l, json.Unmarshal(state, &l.state)
}

// nothing is the probability of sending nothing.
func (l logged) nothing() float64 {
	for _, c := range l.chances {
		if c.Arm == Nothing {
			return float64(c.Permille) / 1000
		}
	}
	return 0
}

// effectWindow is the time within which a later decision affects the outcome of an earlier one. The next day's cue is
// later than that.
const effectWindow = 20 * time.Hour

// observeCourse adds the decisions about one patient, in order. The effect of a decision is its effect without later
// pushes. A decision followed by another push within that time is not used; one where chance left the later push out
// gets more weight, because it also represents the unused ones. Otherwise leaving out a cue would look harmless,
// because a rescue follows it more often.
func observeCourse(found map[Kind]map[Arm][]Observation, course []logged, performed []database.Instant) {
	for i, l := range course {
		weight := 1.0
		for _, next := range course[i+1:] {
			if next.at > l.at+database.Instant(effectWindow.Milliseconds()) {
				break
			}
			switch nothing := next.nothing(); {
			case nothing == 0: // certain, whatever was decided before
			case next.arm != Nothing:
				weight = 0
			default:
				weight /= nothing
			}
		}
		if weight > 0 {
			l.addTo(found, performed, weight)
		}
	}
}

// done reports whether one of the performed sessions followed within a day.
func (l logged) done(performed []database.Instant) bool {
	next, _ := slices.BinarySearch(performed, l.at+1)
	return next < len(performed) && performed[next] <= l.at+database.Instant(outcomeOf.Milliseconds())
}

// addTo adds the decision to every arm that it informs about: a decision that sent to its own arm, one that sent
// nothing to every arm it could have chosen.
func (l logged) addTo(found map[Kind]map[Arm][]Observation, performed []database.Instant, weight float64) {
	nothing := l.nothing()
	for _, c := range l.chances {
		isOpen := c.Arm != Nothing && c.Permille > 0 && nothing > 0
		if !isOpen || l.arm != c.Arm && l.arm != Nothing {
			continue
		}
		send := float64(c.Permille) / 1000
		o := Observation{
			Patient:     l.patient,
			Sent:        l.arm != Nothing,
			Probability: send / (send + nothing),
			Weight:      weight,
			Done:        l.done(performed),
		}
		if l.state.Week7 != nil {
			o.Recent = float64(*l.state.Week7) / 1000
		}
		if found[l.kind] == nil {
			found[l.kind] = map[Arm][]Observation{}
		}
		found[l.kind][c.Arm] = append(found[l.kind][c.Arm], o)
	}
}
