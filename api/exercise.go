package api

import (
	"context"

	"cadans/internal/exercise"
)

// ListExercises implements StrictServerInterface.
func (s *Server) ListExercises(_ context.Context, r ListExercisesRequestObject) (ListExercisesResponseObject, error) {
	found := s.parts.Library.Filter(exercise.Module(value(r.Params.Module)), string(value(r.Params.Region)))
	return ListExercises200JSONResponse{Data: mapped(found, toExercise)}, nil
}

// GetExercise implements StrictServerInterface.
func (s *Server) GetExercise(_ context.Context, r GetExerciseRequestObject) (GetExerciseResponseObject, error) {
	e, err := s.parts.Library.Find(r.Slug)
	if err != nil {
		return nil, err
	}
	return GetExercise200JSONResponse(toExercise(e)), nil
}

func toExercise(e exercise.Exercise) Exercise {
	return Exercise{
		Slug: e.Slug, Module: Module(e.Module), Region: ExerciseRegion(e.Region), Equipment: e.Equipment,
		Name: toTranslated(e.Name), Instructions: toTranslated(e.Instructions), Cautions: toTranslated(e.Cautions),
		Dose: toDose(e.Default), SecondsPerSet: e.SecondsPerSet, Easier: optional(e.Easier), Harder: optional(e.Harder),
	}
}

func toTranslated(t exercise.Text) Translated { return Translated{Nl: t.NL, En: t.EN} }

func toDose(d exercise.Dose) Dose {
	return Dose{Sets: optional(d.Sets), Reps: optional(d.Reps), HoldS: optional(d.HoldS), Minutes: optional(d.Minutes)}
}

func fromDose(d Dose) exercise.Dose {
	return exercise.Dose{Sets: value(d.Sets), Reps: value(d.Reps), HoldS: value(d.HoldS), Minutes: value(d.Minutes)}
}
