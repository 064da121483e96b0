package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/inbound"
	"cadans/api/wire"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
)

// ListExercises implements StrictServerInterface.
func (s *Server) ListExercises(
	ctx context.Context, r wire.ListExercisesRequestObject,
) (wire.ListExercisesResponseObject, error) {
	library, err := s.parts.Exercises.Library(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	found := library.Filter(exercise.Module(value(r.Params.Module)), string(value(r.Params.Region)))
	return wire.ListExercises200JSONResponse{Data: mapped(found, toExercise)}, nil
}

// GetExercise implements StrictServerInterface.
func (s *Server) GetExercise(
	ctx context.Context, r wire.GetExerciseRequestObject,
) (wire.GetExerciseResponseObject, error) {
	library, err := s.parts.Exercises.Library(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	e, err := library.Find(r.Slug)
	if err != nil {
		return nil, err
	}
	return wire.GetExercise200JSONResponse(toExercise(e)), nil
}

// GetOwnExercise implements StrictServerInterface.
func (s *Server) GetOwnExercise(
	ctx context.Context, r wire.GetOwnExerciseRequestObject,
) (wire.GetOwnExerciseResponseObject, error) {
	own, err := s.parts.Exercises.Own(ctx, door.ViewerOf(ctx), r.ExerciseID)
	return wire.GetOwnExercise200JSONResponse{OwnExerciseJSONResponse: toOwnExercise(own)}, err
}

// SaveExercise implements StrictServerInterface.
func (s *Server) SaveExercise(
	ctx context.Context, r wire.SaveExerciseRequestObject,
) (wire.SaveExerciseResponseObject, error) {
	own, created, err := s.parts.Exercises.Save(
		ctx, door.ViewerOf(ctx), inbound.Exercise(r.ExerciseID, *r.Body), ifMatch(r.Params.IfMatch),
	)
	switch {
	case err != nil:
		return nil, err
	case created:
		answer := toOwnExercise(own)
		return wire.SaveExercise201JSONResponse{
			Body:    answer.Body,
			Headers: wire.SaveExercise201ResponseHeaders(answer.Headers),
		}, nil
	default:
		return wire.SaveExercise200JSONResponse{OwnExerciseJSONResponse: toOwnExercise(own)}, nil
	}
}

// ArchiveExercise implements StrictServerInterface.
func (s *Server) ArchiveExercise(
	ctx context.Context, r wire.ArchiveExerciseRequestObject,
) (wire.ArchiveExerciseResponseObject, error) {
	return wire.ArchiveExercise204Response{}, s.parts.Exercises.Archive(ctx, door.ViewerOf(ctx), r.ExerciseID)
}

func toExercise(e exercise.Exercise) wire.Exercise {
	return wire.Exercise{
		Slug: e.Slug, Module: wire.Module(e.Module), Region: wire.ExerciseRegion(e.Region), Equipment: e.Equipment,
		Name: toTranslated(e.Name), Instructions: toTranslated(e.Instructions), Cautions: toTranslated(e.Cautions),
		Dose: toDose(e.Default), SecondsPerSet: e.SecondsPerSet, Easier: optional(e.Easier), Harder: optional(e.Harder),
		Picture: optional(e.Picture), Film: optional(e.Film),
	}
}

func toOwnExercise(o exercise.Own) wire.OwnExerciseJSONResponse {
	tag := o.Etag()
	return wire.OwnExerciseJSONResponse{
		Body: wire.OwnExercise{
			Exercise: toExercise(o.Exercise),
			Archived: o.Archived,
			Revision: o.Revision,
			Etag:     tag,
		},
		Headers: wire.OwnExerciseResponseHeaders{ETag: etag(tag)},
	}
}

func toTranslated(t words.Pair) wire.Translated { return wire.Translated{Nl: t.NL, En: t.EN} }

func toDose(d exercise.Dose) wire.Dose {
	return wire.Dose{
		Sets:    optional(d.Sets),
		Reps:    optional(d.Reps),
		HoldS:   optional(d.HoldS),
		Minutes: optional(d.Minutes),
	}
}
