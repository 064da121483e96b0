package session

import (
	"encoding/json"
	"fmt"
	"time"

	"cadans/internal/kernel/id"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// itemDocument is what was done of an item, as stored: JSON in the row of its session, which is only read as a whole.
type itemDocument struct {
	Item         id.ProgramItem `json:"item_id"`
	Sets         *int           `json:"sets,omitempty"`
	Reps         *int           `json:"reps,omitempty"`
	Minutes      *int           `json:"minutes,omitempty"`
	Difficulty   *int           `json:"difficulty,omitempty"`
	Pain         *int           `json:"pain,omitempty"`
	CouldDoMore  *bool          `json:"could_do_more,omitempty"`
	DangerBefore *int           `json:"danger_before,omitempty"`
	DangerAfter  *int           `json:"danger_after,omitempty"`
	Skipped      string         `json:"skipped_reason,omitempty"`
}

func encodeItems(items []ItemDone) (string, error) {
	documents := make([]itemDocument, len(items))
	for i, done := range items {
		documents[i] = itemDocument(done)
	}
	encoded, err := json.Marshal(documents)
	if err != nil {
		return "", fmt.Errorf("session: encode items: %w", err)
	}
	return string(encoded), nil
}

func decodeItems(stored []byte) ([]ItemDone, error) {
	var documents []itemDocument
	if err := json.Unmarshal(stored, &documents); err != nil {
		return nil, fmt.Errorf("session: decode items: %w", err)
	}
	items := make([]ItemDone, len(documents))
	for i, d := range documents {
		items[i] = ItemDone(d)
	}
	return items, nil
}

// revisionDocument is the content of a session before a correction, as stored.
type revisionDocument struct {
	PerformedAt   time.Time         `json:"PerformedAt"`
	Zone          string            `json:"Zone"`
	LocalDate     localtime.Date    `json:"LocalDate"`
	Version       id.ProgramVersion `json:"Version"`
	Status        Status            `json:"Status"`
	StoppedReason string            `json:"StoppedReason"`
	DurationS     *int              `json:"DurationS"`
	Items         []revisedItem     `json:"Items"`
	PainBefore    *int              `json:"PainBefore"`
	PainAfter     *int              `json:"PainAfter"`
	Confidence    *int              `json:"Confidence"`
	Note          string            `json:"Note"`
	NewSigns      []safety.Sign     `json:"NewSigns"`
}

type revisedItem struct {
	Item         id.ProgramItem `json:"Item"`
	Sets         *int           `json:"Sets"`
	Reps         *int           `json:"Reps"`
	Minutes      *int           `json:"Minutes"`
	Difficulty   *int           `json:"Difficulty"`
	Pain         *int           `json:"Pain"`
	CouldDoMore  *bool          `json:"CouldDoMore"`
	DangerBefore *int           `json:"DangerBefore"`
	DangerAfter  *int           `json:"DangerAfter"`
	Skipped      string         `json:"Skipped"`
}

func (c Content) revision() revisionDocument {
	d := revisionDocument{
		PerformedAt: c.PerformedAt, Zone: c.Zone, LocalDate: c.LocalDate, Version: c.Version, Status: c.Status,
		StoppedReason: c.StoppedReason, DurationS: c.DurationS, PainBefore: c.PainBefore, PainAfter: c.PainAfter,
		Confidence: c.Confidence, Note: c.Note, NewSigns: c.NewSigns,
	}
	if c.Items != nil {
		d.Items = make([]revisedItem, len(c.Items))
	}
	for i, done := range c.Items {
		d.Items[i] = revisedItem(done)
	}
	return d
}
