package session

import (
	"encoding/json"
	"fmt"

	"cadans/internal/kernel/id"
)

// itemDocument is what was done of an item as it is stored: JSON in the row of its session, which is only read whole.
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
