package testdb

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
)

// The people of a Town. Anna is the patient under test. Bert has the same therapist, Carla has another therapist in
// another practice. Each of them has a program with the id V1: phones choose ids, and may choose the same.
const (
	Anna  id.Patient = "p-anna"
	Bert  id.Patient = "p-bert"
	Carla id.Patient = "p-carla"

	Tess id.Member = "m-tess" // treats Anna and Bert
	Tom  id.Member = "m-tom"  // treats Anna too, for a shorter time
	Adri id.Member = "m-adri" // admin of their practice
	Elsa id.Member = "m-elsa" // treats Carla

	North     id.Practice = "north"
	Elsewhere id.Practice = "elsewhere"

	V1 id.ProgramVersion = "v1"
)

// Town is a database with two practices and without a server, for tests of what one package stores and finds.
type Town struct {
	DB    *database.DB
	Clock *clock.Manual
	Guard *access.Guard
	t     *testing.T
}

// InTown runs a test with a town on each database. The clock starts on a Monday.
func InTown(t *testing.T, promise func(*testing.T, *Town)) {
	t.Helper()
	EachDatabase(t, func(t *testing.T, o database.Options) {
		town := &Town{Clock: clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)), t: t}
		o.Clock, o.Unsafe = town.Clock, o.URL == ""
		var err error
		town.DB, err = database.Open(context.Background(), o)
		require.NoError(t, err)
		town.Guard = access.NewGuard(town.DB, people.Directory{})
		t.Cleanup(func() { require.NoError(t, town.DB.Close()) })
		town.settle()
		promise(t, town)
	})
}

func (w *Town) settle() {
	w.Insert("practices", Row{"id": North, "name": "Noord"}, Row{"id": Elsewhere, "name": "Elders"})
	for _, m := range []Row{
		{"id": Tom, "practice_id": North, "role": "therapist"}, {"id": Tess, "practice_id": North, "role": "therapist"},
		{"id": Adri, "practice_id": North, "role": "admin"},
		{"id": Elsa, "practice_id": Elsewhere, "role": "therapist"},
	} {
		m["email"], m["name"] = fmt.Sprintf("%s@praktijk.example", m["id"]), m["id"]
		w.Insert("members", m)
	}
	w.settlePatient(Bert, North, Tess)
	w.settlePatient(Anna, North, Tess)
	w.settlePatient(Carla, Elsewhere, Elsa)
	w.Insert("treatments", Row{"patient_id": Anna, "member_id": Tom, "since": 1})
}

// PatientRow is a patient whom nobody treats.
func (w *Town) PatientRow(patient id.Patient, practice id.Practice) Row {
	return Row{
		"id": patient, "practice_id": practice, "name": patient, "birth_year": 1971, "complaint": "low_back",
		"phase":    "treatment",
		"language": "nl", "time_zone": "Europe/Amsterdam", "push_consent": true, "anchor_time": "19:00",
		"quiet_from":  "21:00",
		"quiet_until": "08:00", "max_per_day": 2, "max_per_week": 7,
	}
}

func (w *Town) settlePatient(patient id.Patient, practice id.Practice, therapist id.Member) {
	w.Insert("patients", w.PatientRow(patient, practice))
	w.Insert("treatments", Row{"patient_id": patient, "member_id": therapist})
	w.Insert("program_versions", Row{
		"id": V1, "patient_id": patient, "number": 1, "effective_from": "2026-01-01", "items": "[]",
		"published_by": therapist,
	})
}

// AsPatient returns a patient as the viewer.
func (w *Town) AsPatient(patient id.Patient) access.Viewer {
	practice := North
	if patient == Carla {
		practice = Elsewhere
	}
	return access.Viewer{Role: access.Patient, Practice: practice, Patient: patient}
}

// AsMember returns a therapist, or the admin, as the viewer.
func (w *Town) AsMember(member id.Member) access.Viewer {
	v := access.Viewer{Role: access.Therapist, Practice: North, Member: member}
	switch member {
	case Adri:
		v.Role = access.Admin
	case Elsa:
		v.Practice = Elsewhere
	}
	return v
}

// Write lets a test change what is stored.
func (w *Town) Write(change func(*database.Tx) error) {
	w.t.Helper()
	require.NoError(w.t, w.DB.Write(context.Background(), change))
}

// Read lets a test look at what is stored.
func (w *Town) Read(look func(*database.Tx) error) {
	w.t.Helper()
	require.NoError(w.t, w.DB.Read(context.Background(), look))
}

// Row is a row to insert. A required column that is not named becomes zero or empty.
type Row map[string]any

// Insert stores rows in a table.
func (w *Town) Insert(table string, rows ...Row) {
	w.t.Helper()
	w.Write(func(tx *database.Tx) error {
		needed, err := w.needed(tx, table)
		if err != nil {
			return err
		}
		for _, row := range rows {
			columns, args := []string{}, []any{}
			for column, zero := range needed {
				if _, named := row[column]; !named {
					columns, args = append(columns, column), append(args, zero)
				}
			}
			for column, value := range row {
				if at, isTime := value.(time.Time); isTime {
					value = database.At(at)
				}
				columns, args = append(columns, column), append(args, value)
			}
			if _, err := tx.Exec("INSERT INTO "+table+" ("+strings.Join(columns,
				", ")+") VALUES ("+database.Marks(len(columns))+")", args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// needed returns the columns of a table that are required and have no default, each with a value.
func (w *Town) needed(tx *database.Tx, table string) (map[string]any, error) {
	query := "SELECT name, type FROM pragma_table_info(?) WHERE \"notnull\" = 1 AND dflt_value IS NULL"
	if tx.ForUpdate() != "" {
		query = `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema()
			AND table_name = ? AND is_nullable = 'NO' AND column_default IS NULL`
	}
	var columns []struct{ Name, Type, ColumnName, DataType string }
	if err := tx.All(&columns, query, table); err != nil {
		return nil, err
	}
	needed := map[string]any{}
	for _, c := range columns {
		name, kind := c.Name+c.ColumnName, strings.ToLower(c.Type+c.DataType)
		switch {
		case kind == "boolean":
			needed[name] = false
		case slices.Contains([]string{"integer", "bigint"}, kind):
			needed[name] = 0
		default:
			needed[name] = ""
		}
	}
	return needed, nil
}
