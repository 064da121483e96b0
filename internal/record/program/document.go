package program

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
)

// itemDocument is an item as stored: JSON in the row of its version, because it never changes and is only read as a
// whole.
type itemDocument struct {
	ID            id.ProgramItem  `json:"id"`
	Exercise      string          `json:"exercise"`
	Module        exercise.Module `json:"module"`
	Dose          doseDocument    `json:"dose"`
	Minimum       *doseDocument   `json:"minimum,omitempty"`
	Kind          ScheduleKind    `json:"kind"`
	Quota         int             `json:"quota,omitempty"`
	Days          []time.Weekday  `json:"days,omitempty"`
	TimesPerDay   int             `json:"times_per_day"`
	SecondsPerSet int             `json:"seconds_per_set"`
	Revision      int             `json:"exercise_revision,omitempty"`
}

type doseDocument struct {
	Sets    int `json:"sets,omitempty"`
	Reps    int `json:"reps,omitempty"`
	HoldS   int `json:"hold_s,omitempty"`
	Minutes int `json:"minutes,omitempty"`
}

func encodeItems(items []Item) (string, error) {
	documents := make([]itemDocument, len(items))
	for i, it := range items {
		documents[i] = itemDocument{
			ID: it.ID, Exercise: it.Exercise, Module: it.Module, Dose: doseDocument(it.Dose),
			Minimum: (*doseDocument)(it.Minimum), Kind: it.Schedule.Kind, Quota: it.Schedule.Quota,
			Days: it.Schedule.Days, TimesPerDay: it.Schedule.TimesPerDay, SecondsPerSet: it.SecondsPerSet,
			Revision: it.Revision,
		}
	}
	encoded, err := json.Marshal(documents)
	if err != nil {
		return "", fmt.Errorf("program: encode items: %w", err)
	}
	return string(encoded), nil
}

// cloneItems makes a deep copy, so that callers cannot change shared items.
func cloneItems(items []Item) []Item {
	clones := slices.Clone(items)
	for i := range clones {
		clones[i].Schedule.Days = slices.Clone(clones[i].Schedule.Days)
		if clones[i].Minimum != nil {
			minimum := *clones[i].Minimum
			clones[i].Minimum = &minimum
		}
	}
	return clones
}

func decodeItems(stored []byte) ([]Item, error) {
	var documents []itemDocument
	if err := json.Unmarshal(stored, &documents); err != nil {
		return nil, fmt.Errorf("program: decode items: %w", err)
	}
	items := make([]Item, len(documents))
	for i, d := range documents {
		items[i] = Item{
			ID:            d.ID,
			Exercise:      d.Exercise,
			Module:        d.Module,
			Dose:          exercise.Dose(d.Dose),
			Minimum:       (*exercise.Dose)(d.Minimum),
			Schedule:      Schedule{Kind: d.Kind, Quota: d.Quota, Days: d.Days, TimesPerDay: d.TimesPerDay},
			SecondsPerSet: d.SecondsPerSet,
			Revision:      d.Revision,
		}
	}
	return items, nil
}
