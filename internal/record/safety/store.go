package safety

import (
	"database/sql"
	"encoding/json"
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

// findingDocument is a finding as stored, including its text, because the rules may change.
type findingDocument struct {
	Rule  string `json:"rule"`
	Level Level  `json:"level"`
	NL    string `json:"nl"`
	EN    string `json:"en"`
}

func (s store) insertReport(r Report) error {
	documents := make([]findingDocument, len(r.Findings))
	for i, f := range r.Findings {
		documents[i] = findingDocument{Rule: f.Rule, Level: f.Level, NL: f.NL, EN: f.EN}
	}
	findings, err := json.Marshal(documents)
	if err != nil {
		return database.Wrap("safety: encode findings", err)
	}
	_, err = s.tx.Exec(`INSERT INTO safety_reports (patient_id, id, source, source_id, level, urgency, findings,
		rule_version, raised_at, signs)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.Patient, r.ID, r.Source, r.SourceID, r.Level, r.Urgency,
		string(findings), r.RuleVersion, database.At(r.RaisedAt), JoinSigns(r.Signs))
	return database.Wrap("safety: insert report", err)
}

// reports returns a patient's reports with their decisions, latest first.
func (s store) reports(patient id.Patient) ([]Report, error) {
	var reports []Report
	err := s.tx.Rows(`SELECT id, source, source_id, level, urgency, findings, rule_version, raised_at,
		signs FROM safety_reports
		WHERE patient_id = ? ORDER BY raised_at DESC, id DESC`, []any{patient}, func(rows *sql.Rows) error {
		r := Report{Patient: patient}
		var findings []byte
		var signs string
		var raised database.Instant
		err := rows.Scan(
			&r.ID, &r.Source, &r.SourceID, &r.Level, &r.Urgency, &findings, &r.RuleVersion, &raised, &signs,
		)
		if err != nil {
			return err
		}
		var documents []findingDocument
		if err := json.Unmarshal(findings, &documents); err != nil {
			return err
		}
		for _, d := range documents {
			said := words.Pair{NL: d.NL, EN: d.EN}
			r.Findings = append(r.Findings, Finding{Rule: d.Rule, Level: d.Level, Pair: said})
		}
		r.RaisedAt, r.Signs = raised.Time(), ParseSigns(signs)
		reports = append(reports, r)
		return nil
	})
	if err != nil || len(reports) == 0 {
		return nil, database.Wrap("safety: reports", err)
	}
	return reports, s.addDecisions(patient, reports)
}

func (s store) addDecisions(patient id.Patient, reports []Report) error {
	return database.Wrap("safety: decisions",
		s.tx.Rows(`SELECT id, report_id, decision, note, decided_by, decided_at FROM safety_decisions
		WHERE patient_id = ? ORDER BY decided_at, id`, []any{patient}, func(rows *sql.Rows) error {
			var d Decision
			var report id.SafetyReport
			var decided database.Instant
			if err := rows.Scan(&d.ID, &report, &d.Outcome, &d.Note, &d.DecidedBy, &decided); err != nil {
				return err
			}
			d.DecidedAt = decided.Time()
			i := slices.IndexFunc(reports, func(r Report) bool { return r.ID == report })
			reports[i].Decisions = append(reports[i].Decisions, d)
			return nil
		}))
}

func (s store) report(patient id.Patient, report id.SafetyReport) (Report, error) {
	reports, err := s.reports(patient)
	if err != nil {
		return Report{}, err
	}
	i := slices.IndexFunc(reports, func(r Report) bool { return r.ID == report })
	if i < 0 {
		return Report{}, ErrNoReport
	}
	return reports[i], nil
}

// insertDecision stores a decision and reports whether it is new. If its id belongs to another decision, it returns
// database.ErrIDReused.
func (s store) insertDecision(patient id.Patient, report id.SafetyReport, d Decision) (bool, error) {
	hash := database.BodyHash([]string{string(report), string(d.Outcome), d.Note})
	n, err := s.tx.Exec(`INSERT INTO safety_decisions (patient_id, id, report_id, decision, note, decided_by,
		decided_at, body_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (patient_id, id) DO NOTHING`, patient, d.ID, report, d.Outcome,
		d.Note, d.DecidedBy, database.At(d.DecidedAt), hash)
	if err != nil || n == 1 {
		return n == 1, database.Wrap("safety: insert decision", err)
	}
	var stored string
	err = s.tx.Value(&stored, "SELECT body_hash FROM safety_decisions WHERE patient_id = ? AND id = ?", patient, d.ID)
	if fault.Is(err, fault.NotFound) || err == nil && stored != hash {
		err = database.ErrIDReused
	}
	return false, err
}
