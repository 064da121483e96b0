package questionnaire

import (
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// distress is the PHQ-4 from which mood is asked about when only its total is known: moderate (Kroenke 2009).
const distress = 60

// raiseMood raises an alert about mood for a PHQ-2 of 3 or more, answered or imported, alone or as part of a PHQ-4.
func raiseMood(tx *database.Tx, patient id.Patient, s Score) error {
	about, raises := s.mood()
	if !raises {
		return nil
	}
	return alert.Raise(tx, patient, alert.Raised{
		Kind: intake.MoodKind, Urgency: alert.Today, RuleVersion: 1, Pair: about,
	})
}

// mood returns the words of the alert about mood that a score calls for, or false.
func (s Score) mood() (words.Pair, bool) {
	d, defined := s.form()
	part, given := s.Answers["phq2"]
	switch {
	case !defined:
		return words.Pair{}, false
	case d.Key == "phq2":
		return dated("intake.mood", s.Tenths/10, s.Date), s.Tenths >= intake.MoodAlert*10
	case d.Key == "phq4" && given:
		return dated("intake.mood", part, s.Date), part >= intake.MoodAlert
	case d.Key == "phq4":
		return dated("questionnaire.distress", s.Tenths/10, s.Date), s.Tenths >= distress
	default:
		return words.Pair{}, false
	}
}

// dated keeps a text about a score of a day.
func dated(key string, score int, day localtime.Date) words.Pair {
	return words.KeepAs(func(l words.Language) string { return l.Say(key, "score", score, "day", l.Date(day)) })
}

// startBack names the STarT Back tool, as an instrument and as a source of a risk.
const startBack = "start_back"

// The cut-offs of the STarT Back tool, 0 to 9 with a psychosocial part of 0 to 5 (Hill 2008).
const (
	startMedium   = 4 // of the whole
	startHigh     = 4 // of the psychosocial part
	startPhysical = 4 // questions outside that part
)

// risk returns the class of a STarT Back score, or false where the total alone does not tell medium from high.
func (s Score) risk() (intake.Risk, bool) {
	d, defined := s.form()
	part, given := s.Answers["psychosocial"]
	total := s.Tenths / 10
	switch {
	case !defined || d.Key != startBack:
		return "", false
	case total < startMedium:
		return intake.Low, true
	case given && part >= startHigh, total-startPhysical >= startHigh:
		return intake.High, true
	case given:
		return intake.Medium, true
	default:
		return "", false
	}
}

// setRisk lets an imported STarT Back score set the patient's risk. What was decided after the form was filled in
// stands: a later form, or what the therapist has set on a later day.
func setRisk(tx *database.Tx, patient id.Patient, s Score) error {
	risk, known := s.risk()
	if !known {
		return nil
	}
	superseded, err := s.isSuperseded(tx, patient)
	if err != nil || superseded {
		return err
	}
	return intake.RecordRisk(tx, patient, intake.Setting{
		ID: id.RiskProfile(id.New()), Risk: risk, Source: startBack, SetAt: tx.Now(), SetBy: s.StoredBy,
	})
}

func (s Score) isSuperseded(tx *database.Tx, patient id.Patient) (bool, error) {
	scores, err := newStore(tx).list(patient)
	if err != nil {
		return false, err
	}
	for _, earlier := range scores {
		if _, sets := earlier.risk(); sets && earlier.Date.After(s.Date) {
			return true, nil
		}
	}
	setting, isSet, err := intake.RiskOf(tx, patient)
	if err != nil || !isSet || setting.Source == startBack {
		return false, err
	}
	p, err := people.ByID(tx, patient)
	return p.Today(setting.SetAt).After(s.Date), err
}
