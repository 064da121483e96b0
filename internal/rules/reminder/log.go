package reminder

import (
	"encoding/json"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Decision is a row of the decision log: the known facts, the possible arms with their probabilities, and the chosen
// arm. It can be reproduced from its seed and its probabilities.
type Decision struct {
	Slot      id.Slot
	Practice  id.Practice
	Patient   id.Patient
	Kind      Kind
	At        time.Time
	Zone      string
	Date      localtime.Date
	Minute    localtime.TimeOfDay
	Week      int // of the program, from 1
	Available bool
	Reason    Reason   // why nothing could be sent
	Chances   []Chance // empty where nothing could be sent
	Seed      uint64
	Arm       Arm // chosen; empty where nothing could be sent
	Template  string
	State     State
}

// templateVersion is the version of the texts. Increase it with every change of them.
const templateVersion = 1

// State is the part of the facts that analyses need. Rates are in permille; nil means too little data.
type State struct {
	Week7       *int         `json:"a7"`
	Week28      *int         `json:"a28"`
	Away        int          `json:"days_since_session"`
	Idle        int          `json:"days_idle"`
	SinceOpen   int          `json:"days_since_contact"`
	PushesToday int          `json:"pushes_today"`
	Pushes7     int          `json:"pushes_7d"`
	IgnoredRun  int          `json:"ignored_run"`
	Phase       people.Phase `json:"phase"`
	HabitWeeks  int          `json:"habit_weeks"`
	Dropped     bool         `json:"dropped"`
	Expected7   int          `json:"expected_sevenths"`
	Barrier     string       `json:"barrier,omitempty"`
	Believed    []Believed   `json:"believed,omitempty"` // where the learner chose
	Tried       *Tried       `json:"tried,omitempty"`    // where it chose the time
}

// decisionOn chooses an arm if a push may be sent.
func decisionOn(f Facts, s slot, v Verdict, seed uint64, now time.Time) Decision {
	local := now.In(f.Zone)
	d := Decision{
		Slot: s.ID, Practice: f.Patient.Practice, Patient: s.Patient, Kind: s.Kind, At: now, Zone: f.Zone.String(),
		Date: s.Date, Minute: localtime.TimeOfDayOf(local), Week: f.DaysIn/7 + 1, Available: v.Outcome == Send,
		Reason: v.Reason, Seed: seed, State: stateOf(f),
	}
	if !d.Available {
		return d
	}
	d.Chances = Chances(f)
	if f.learns() {
		d.State.Believed, d.State.Barrier, d.State.Tried = f.beliefs(), string(f.Barrier), f.Tried
	}
	d.Arm = Draw(d.Chances, seed)
	if d.Arm != Nothing {
		d.Template = string(s.Kind) + "/" + string(d.Arm)
	}
	return d
}

func stateOf(f Facts) State {
	return State{
		Week7: f.Week.Sessions, Week28: f.Four.Sessions, Away: f.Away, Idle: f.Idle,
		SinceOpen: f.Date.DaysSince(localtime.Today(f.LastSeen, f.Zone)), PushesToday: f.Sent.Today,
		Pushes7: f.Sent.Week, IgnoredRun: f.Ignored, Phase: f.Patient.Phase, HabitWeeks: f.HabitWeeks,
		Dropped: f.Dropped, Expected7: f.Day.Expected7,
	}
}

// slotState returns the state of the slot after the decision.
func (d Decision) slotState() (state, Reason) {
	switch {
	case !d.Available:
		return stateSkipped, d.Reason
	case d.Arm == Nothing:
		return stateSkipped, LeftOut
	default:
		return stateDue, Due
	}
}

type chanceDocument struct {
	Arm      Arm `json:"arm"`
	Permille int `json:"permille"`
}

// log inserts a decision into the log.
func (s store) log(d Decision) error {
	chances := make([]chanceDocument, len(d.Chances))
	for i, c := range d.Chances {
		chances[i] = chanceDocument(c)
	}
	arms, err := json.Marshal(chances)
	if err != nil {
		return database.Wrap("reminder: encode arms", err)
	}
	known, err := json.Marshal(d.State)
	if err != nil {
		return database.Wrap("reminder: encode state", err)
	}
	_, err = s.tx.Exec(`INSERT INTO reminder_decisions (id, practice_id, patient_id, kind, policy, decided_at,
		time_zone, local_date,
		local_minute, program_week, available, reason, arms, seed, arm, template, template_version, state)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		d.Slot, d.Practice, d.Patient, d.Kind, PolicyVersion, database.At(d.At), d.Zone, d.Date, int(d.Minute), d.Week,
		d.Available, d.Reason, string(arms), int64(d.Seed), d.Arm, d.Template, templateVersion, string(known))
	return database.Wrap("reminder: log decision", err)
}
