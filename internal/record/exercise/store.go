package exercise

import (
	"database/sql"
	"encoding/json"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/words"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

// ownDocument is an own exercise as stored; it is only read as a whole.
type ownDocument struct {
	Module        Module       `json:"module"`
	Region        string       `json:"region"`
	Equipment     []string     `json:"equipment"`
	Name          textDocument `json:"name"`
	Instructions  textDocument `json:"instructions"`
	Cautions      textDocument `json:"cautions"`
	Default       doseDocument `json:"dose"`
	SecondsPerSet int          `json:"seconds_per_set"`
}

type textDocument struct {
	NL string `json:"NL"`
	EN string `json:"EN"`
}

type doseDocument struct {
	Sets    int `json:"Sets"`
	Reps    int `json:"Reps"`
	HoldS   int `json:"HoldS"`
	Minutes int `json:"Minutes"`
}

func (o Own) document() ownDocument {
	return ownDocument{
		Module:        o.Module,
		Region:        o.Region,
		Equipment:     o.Equipment,
		Name:          textDocument(o.Name),
		Instructions:  textDocument(o.Instructions),
		Cautions:      textDocument(o.Cautions),
		Default:       doseDocument(o.Default),
		SecondsPerSet: o.SecondsPerSet,
	}
}

// exerciseHashed is the form from which the version of an exercise is computed. Never change it: open pages hold
// versions that an older release computed.
type exerciseHashed struct {
	Slug          string       `json:"Slug"`
	Module        Module       `json:"Module"`
	Region        string       `json:"Region"`
	Equipment     []string     `json:"Equipment"`
	Name          textDocument `json:"Name"`
	Instructions  textDocument `json:"Instructions"`
	Cautions      textDocument `json:"Cautions"`
	Default       doseDocument `json:"Default"`
	SecondsPerSet int          `json:"SecondsPerSet"`
	Easier        string       `json:"Easier"`
	Harder        string       `json:"Harder"`
	Picture       string       `json:"Picture"`
	Film          string       `json:"Film"`
}

func (o Own) hashed() []any {
	return []any{exerciseHashed{
		Slug: o.Slug, Module: o.Module, Region: o.Region, Equipment: o.Equipment, Name: textDocument(o.Name),
		Instructions: textDocument(o.Instructions), Cautions: textDocument(o.Cautions),
		Default: doseDocument(o.Default), SecondsPerSet: o.SecondsPerSet,
		Easier: o.Easier, Harder: o.Harder, Picture: o.Picture, Film: o.Film,
	}, o.Archived, o.Revision}
}

func (s store) save(v access.Viewer, o Own) error {
	content, err := json.Marshal(o.document())
	if err != nil {
		return database.Wrap("exercise: encode", err)
	}
	_, err = s.tx.Exec(`INSERT INTO exercises (id, practice_id, content, picture, film, revision, saved_at, saved_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET content = excluded.content, picture = excluded.picture, film = excluded.film,
		revision = excluded.revision,
		saved_at = excluded.saved_at, saved_by = excluded.saved_by, archived_at = NULL`,
		o.Slug, v.Practice, string(content), o.Picture, o.Film, o.Revision, database.At(s.tx.Now()), v.Member)
	if err != nil {
		return database.Wrap("exercise: save", err)
	}
	_, err = s.tx.Exec(`INSERT INTO exercise_revisions (exercise_id, revision, content, picture, film, saved_at)
		VALUES (?, ?, ?, ?, ?, ?)`, o.Slug, o.Revision, string(content), o.Picture, o.Film, database.At(s.tx.Now()))
	return database.Wrap("exercise: keep revision", err)
}

// selectRevisions is selectOwn for what exercises said, the latest first.
const selectRevisions = `SELECT r.exercise_id, e.practice_id, r.content, r.picture, r.film, r.revision, e.archived_at
	FROM exercise_revisions r JOIN exercises e ON e.id = r.exercise_id ORDER BY r.exercise_id, r.revision DESC`

const selectOwn = "SELECT id, practice_id, content, picture, film, revision, archived_at FROM exercises"

// ownExercises runs a query that starts with selectOwn.
func (s store) ownExercises(query string, args ...any) ([]Own, error) {
	var found []Own
	err := s.tx.Rows(query, args, func(rows *sql.Rows) error {
		var o Own
		var content []byte
		var archived *database.Instant
		if err := rows.Scan(&o.Slug, &o.Practice, &content, &o.Picture, &o.Film, &o.Revision, &archived); err != nil {
			return err
		}
		var d ownDocument
		if err := json.Unmarshal(content, &d); err != nil {
			return err
		}
		o.Module, o.Region, o.Equipment, o.SecondsPerSet = d.Module, d.Region, d.Equipment, d.SecondsPerSet
		o.Name, o.Instructions, o.Cautions = words.Pair(d.Name), words.Pair(d.Instructions), words.Pair(d.Cautions)
		o.Default, o.Archived = Dose(d.Default), archived != nil
		found = append(found, o)
		return nil
	})
	return found, database.Wrap("exercise: own", err)
}
