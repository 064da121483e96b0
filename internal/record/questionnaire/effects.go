package questionnaire

import (
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
)

// distress is the PHQ-4 from which mood is asked about whatever its parts: moderate (Kroenke 2009).
const distress = 6

// raiseMood tells the therapist of a PHQ-2 of 3 or more, answered or imported, alone or as part of a PHQ-4, and of much
// distress in a PHQ-4.
func raiseMood(tx *database.Tx, patient id.Patient, s Score) error {
	d, defined := s.form()
	part, given := s.moodPart()
	switch score := s.Tenths / 10; {
	case defined && d.Key == "phq2" && score >= intake.MoodAlert:
		return intake.RaiseMood(tx, patient, "intake.mood", score, s.Date)
	case defined && d.Key == "phq4" && given && part >= intake.MoodAlert:
		return intake.RaiseMood(tx, patient, "intake.mood", part, s.Date)
	case defined && d.Key == "phq4" && score >= distress:
		return intake.RaiseMood(tx, patient, "questionnaire.distress", score, s.Date)
	default:
		return nil
	}
}

// moodPart is the PHQ-2 within a PHQ-4: as given, or what its other part leaves.
func (s Score) moodPart() (int, bool) {
	if part, given := s.Answers["phq2"]; given {
		return part, true
	}
	other, given := s.Answers["gad2"]
	return s.Tenths/10 - other, given
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
	case !defined || d.Key != startBack || part > total:
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
