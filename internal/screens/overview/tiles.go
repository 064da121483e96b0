package overview

import (
	"database/sql"
	"slices"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/pain"
	"cadans/pkg/localtime"
)

// facts computes the tiles.
type facts struct {
	tx           *database.Tx
	practice     id.Practice
	since, until localtime.Date
	zone         *time.Location
}

// from and to are the instants at which the period begins and ends; to is exclusive.
func (f facts) from() database.Instant { return database.At(localtime.Resolve(f.since, 0, f.zone)) }
func (f facts) to() database.Instant {
	return database.At(localtime.Resolve(f.until.AddDays(1), 0, f.zone))
}

func (f facts) tiles() ([]Tile, error) {
	var tiles []Tile
	for _, tileOf := range []func() (Tile, error){
		f.reach, f.painChange, f.responders, f.adoption, f.feedback, f.proposals, f.maintenance,
	} {
		tile, err := tileOf()
		if err != nil {
			return nil, database.Wrap("overview: tiles", err)
		}
		tiles = append(tiles, tile)
	}
	return tiles, nil
}

// share sets a tile to the proportion of some patients, in permille. It stays empty if there are too few patients, or
// if the part or the remainder is too small.
func (t Tile) share(part, of int) Tile {
	if of < fewest || part < fewest || of-part > 0 && of-part < fewest {
		return t
	}
	permille := 1000 * part / of
	t.Value, t.Of = &permille, &of
	return t
}

// countPair scans a pair of counts.
func (f facts) countPair(query string, args ...any) (part, of int, err error) {
	err = f.tx.Rows(query, args, func(rows *sql.Rows) error { return rows.Scan(&part, &of) })
	return part, of, err
}

func (f facts) reach() (Tile, error) {
	tile := Tile{Dimension: "reach", Key: "paired_permille", definition: "overview.paired"}
	part, of, err := f.countPair(`SELECT count(DISTINCT CASE WHEN i.redeemed_at IS NOT NULL THEN i.patient_id END),
		count(DISTINCT i.patient_id)
		FROM pairings i JOIN patients p ON p.id = i.patient_id WHERE p.practice_id = ? AND i.created_at >= ?
		AND i.created_at < ?`,
		f.practice, f.from(), f.to())
	return tile.share(part, of), err
}

// painScores is how many scores a patient needs in the first two weeks and in the last two.
const painScores = 3

func (f facts) painChange() (Tile, error) {
	tile := Tile{Dimension: "effectiveness", Key: "pain_change_tenths", definition: "overview.pain_change"}
	pairs, err := f.pain()
	if err != nil || len(pairs) < fewest {
		return tile, err
	}
	changes := make([]int, len(pairs))
	for i, p := range pairs {
		changes[i] = p.last - p.first
	}
	slices.Sort(changes)
	median, of := (changes[(len(changes)-1)/2]+changes[len(changes)/2])/2, len(changes)
	tile.Value, tile.Of = &median, &of
	return tile, nil
}

func (f facts) responders() (Tile, error) {
	tile := Tile{Dimension: "effectiveness", Key: "responders_permille", definition: "overview.responders"}
	pairs, err := f.pain()
	part, of := 0, 0
	for _, p := range pairs {
		if p.first < 40 {
			continue
		}
		of++
		if drop := p.first - p.last; drop >= 20 && 10*drop >= 3*p.first {
			part++
		}
	}
	return tile.share(part, of), err
}

func (f facts) adoption() (Tile, error) {
	tile := Tile{Dimension: "adoption", Key: "therapists_active", definition: "overview.therapists_active"}
	part, of, err := f.countPair(`SELECT count(DISTINCT CASE WHEN EXISTS (SELECT 1 FROM treatments t
		JOIN adherence_days d ON d.patient_id = t.patient_id
			WHERE t.member_id = m.id AND d.sessions > 0 AND d.local_date >= ? AND d.local_date <= ?)
			THEN m.id END), count(*)
		FROM members m WHERE m.practice_id = ? AND m.role = 'therapist'`, f.since, f.until, f.practice)
	if err == nil && of > 0 { // members are not patients: nothing to hide
		tile.Value, tile.Of = &part, &of
	}
	return tile, err
}

// feedbackWithin is how soon a module response should be answered.
const feedbackWithin = 7 * 24 * time.Hour

func (f facts) feedback() (Tile, error) {
	tile := Tile{Dimension: "implementation", Key: "feedback_permille", definition: "overview.feedback"}
	part, of, err := f.countPair(`SELECT count(*) - COALESCE(sum(late), 0), count(*) FROM (
		SELECT r.patient_id, max(CASE WHEN COALESCE(r.feedback_at, ?) - r.submitted_at > ? THEN 1 ELSE 0 END) AS late
		FROM module_responses r JOIN patients p ON p.id = r.patient_id
		WHERE p.practice_id = ? AND r.submitted_at >= ? AND r.submitted_at < ? GROUP BY r.patient_id) x`,
		database.At(f.tx.Now()), feedbackWithin.Milliseconds(), f.practice, f.from(), f.to())
	return tile.share(part, of), err
}

func (f facts) proposals() (Tile, error) {
	tile := Tile{
		Dimension: "implementation", Key: "proposals_accepted_permille", definition: "overview.proposals_accepted",
	}
	part, of, err := f.countPair(`SELECT count(DISTINCT CASE WHEN o.outcome = 'accepted' THEN o.patient_id END),
		count(DISTINCT o.patient_id)
		FROM program_proposals o JOIN patients p ON p.id = o.patient_id
		WHERE p.practice_id = ? AND o.outcome <> '' AND o.decided_at >= ? AND o.decided_at < ?`, f.practice, f.from(),
		f.to())
	return tile.share(part, of), err
}

// The twelfth week of a program, in days from its start.
const (
	week12      = 77
	afterWeek12 = 84
)

func (f facts) maintenance() (Tile, error) {
	tile := Tile{Dimension: "maintenance", Key: "week_12_permille", definition: "overview.week_12"}
	starts, err := f.starts()
	if err != nil {
		return tile, err
	}
	part, of := 0, 0
	for patient, start := range starts {
		if end := start.AddDays(afterWeek12 - 1); end.Before(f.since) || end.After(f.until) {
			continue
		}
		of++
		var n int
		err := f.tx.Value(&n, "SELECT count(*) FROM adherence_days WHERE patient_id = ? AND local_date >= ? "+
			"AND local_date < ? AND sessions > 0",
			patient, start.AddDays(week12), start.AddDays(afterWeek12))
		if err != nil {
			return tile, err
		}
		if n > 0 {
			part++
		}
	}
	return tile.share(part, of), nil
}

// starts returns the first day of every patient's program.
func (f facts) starts() (map[id.Patient]localtime.Date, error) {
	starts := map[id.Patient]localtime.Date{}
	err := f.tx.Rows(`SELECT v.patient_id, min(v.effective_from) FROM program_versions v
		JOIN patients p ON p.id = v.patient_id
		WHERE p.practice_id = ? AND NOT EXISTS (SELECT 1 FROM program_withdrawals w
			WHERE w.patient_id = v.patient_id AND w.version_id = v.id) GROUP BY v.patient_id`, []any{f.practice},
		func(rows *sql.Rows) error {
			var patient id.Patient
			var start localtime.Date
			err := rows.Scan(&patient, &start)
			starts[patient] = start
			return err
		})
	return starts, err
}

// means is a patient's mean pain at the start and at the end, in tenths.
type means struct{ first, last int }

// pain compares the first 14 days of each program with the last 14 of the period, if they do not overlap.
func (f facts) pain() ([]means, error) {
	starts, err := f.starts()
	if err != nil {
		return nil, err
	}
	last := f.until.AddDays(1 - painDays)
	var pairs []means
	for patient, start := range starts {
		if !start.AddDays(painDays).Before(last) {
			continue
		}
		first, errFirst := f.mean(patient, start, start.AddDays(painDays-1))
		then, errThen := f.mean(patient, last, f.until)
		switch {
		case errFirst != nil:
			return nil, errFirst
		case errThen != nil:
			return nil, errThen
		case first != nil && then != nil:
			pairs = append(pairs, means{first: *first, last: *then})
		}
	}
	return pairs, nil
}

const painDays = 14

func (f facts) mean(patient id.Patient, from, until localtime.Date) (*int, error) {
	var told pain.Scores
	err := f.tx.Rows("SELECT COALESCE(sum(pain_sum), 0), COALESCE(sum(pain_count), 0) FROM adherence_days "+
		"WHERE patient_id = ? AND local_date >= ? AND local_date <= ?",
		[]any{patient, from, until}, func(rows *sql.Rows) error { return rows.Scan(&told.Sum, &told.Count) })
	if err != nil || told.Count < painScores {
		return nil, err
	}
	return told.Mean(), nil
}
