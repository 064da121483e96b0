package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
)

// AdjustProgram implements StrictServerInterface.
func (s *Server) AdjustProgram(ctx context.Context, r AdjustProgramRequestObject) (AdjustProgramResponseObject, error) {
	h, created, err := s.parts.Programs.Adjust(ctx, viewerOf(ctx), id.Patient(r.PatientID), program.Adjustment{
		ID: id.ProgramVersion(r.Body.ID), EffectiveFrom: date(r.Body.EffectiveFrom), Reason: value(r.Body.Reason),
		Changes: mapped(r.Body.Changes, fromChange),
	}, ifMatch(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	body, tag := s.inHistory(ctx, h, r.Body.ID), etag(h.Etag())
	if created {
		return AdjustProgram201JSONResponse{Body: body, Headers: AdjustProgram201ResponseHeaders{ETag: tag}}, nil
	}
	return AdjustProgram200JSONResponse{
		PublishedVersionJSONResponse{Body: body, Headers: PublishedVersionResponseHeaders{ETag: tag}},
	}, nil
}

// CompleteProgram implements StrictServerInterface.
func (s *Server) CompleteProgram(
	ctx context.Context, r CompleteProgramRequestObject,
) (CompleteProgramResponseObject, error) {
	h, created, err := s.parts.Programs.Complete(ctx, viewerOf(ctx), id.Patient(r.PatientID), program.Adjustment{
		ID: id.ProgramVersion(r.Body.ID), EffectiveFrom: date(r.Body.EffectiveFrom), Reason: value(r.Body.Reason),
	}, ifMatch(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	body, tag := s.inHistory(ctx, h, r.Body.ID), etag(h.Etag())
	if created {
		return CompleteProgram201JSONResponse{Body: body, Headers: CompleteProgram201ResponseHeaders{ETag: tag}}, nil
	}
	return CompleteProgram200JSONResponse{
		PublishedVersionJSONResponse{Body: body, Headers: PublishedVersionResponseHeaders{ETag: tag}},
	}, nil
}

// SwapExercise implements StrictServerInterface.
func (s *Server) SwapExercise(ctx context.Context, r SwapExerciseRequestObject) (SwapExerciseResponseObject, error) {
	h, created, err := s.parts.Programs.Swap(ctx, viewerOf(ctx), program.Swap{
		ID: id.ProgramVersion(r.Body.ID), Item: id.ProgramItem(r.Body.ItemID), Exercise: r.Body.Exercise,
	})
	if err != nil {
		return nil, err
	}
	body, tag := s.inHistory(ctx, h, r.Body.ID), etag(h.Etag())
	if created {
		return SwapExercise201JSONResponse{Body: body, Headers: SwapExercise201ResponseHeaders{ETag: tag}}, nil
	}
	return SwapExercise200JSONResponse{
		PublishedVersionJSONResponse{Body: body, Headers: PublishedVersionResponseHeaders{ETag: tag}},
	}, nil
}

// ListAlternatives implements StrictServerInterface.
func (s *Server) ListAlternatives(
	ctx context.Context, r ListAlternativesRequestObject,
) (ListAlternativesResponseObject, error) {
	found, err := s.parts.Programs.Alternatives(ctx, viewerOf(ctx), id.ProgramItem(r.ItemID))
	if err != nil {
		return nil, err
	}
	return ListAlternatives200JSONResponse{Data: mapped(found, toExercise)}, nil
}

// EndPatientPause implements StrictServerInterface.
func (s *Server) EndPatientPause(
	ctx context.Context, r EndPatientPauseRequestObject,
) (EndPatientPauseResponseObject, error) {
	return EndPatientPause204Response{}, s.parts.Programs.EndPause(
		ctx, viewerOf(ctx), id.Patient(r.PatientID), id.Pause(r.PauseID),
	)
}

func fromChange(c ItemChange) program.Change {
	change := program.Change{Item: id.ProgramItem(c.ItemID), Kind: program.ChangeKind(c.Kind)}
	if c.Dose != nil {
		dose := fromDose(*c.Dose)
		change.Dose = &dose
	}
	if c.Schedule != nil {
		schedule := fromSchedule(*c.Schedule)
		change.Schedule = &schedule
	}
	return change
}

// inHistory writes a version of a history with what it changes.
func (s *Server) inHistory(ctx context.Context, h program.History, version ID) ProgramVersion {
	reader := callerOf(ctx).language
	for _, v := range s.toHistory(h, reader, reader) {
		if v.ID == version {
			return v
		}
	}
	return ProgramVersion{}
}

// toHistory writes every version with what it changes against the one before: exercises as the patient reads
// them, reasons and changes for the reader.
func (s *Server) toHistory(h program.History, patient, reader people.Language) []ProgramVersion {
	versions := make([]ProgramVersion, len(h.Versions))
	var before program.Version
	for i, v := range h.Versions {
		versions[i] = s.toVersion(v, patient)
		versions[i].Reason = optional(v.Reason.In(reader))
		versions[i].Changes = program.Diff(before, v, s.parts.Library, reader)
		before = v
	}
	return versions
}
