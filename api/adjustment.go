package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/inbound"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
)

// AdjustProgram implements StrictServerInterface.
func (s *Server) AdjustProgram(
	ctx context.Context, r wire.AdjustProgramRequestObject,
) (wire.AdjustProgramResponseObject, error) {
	h, created, err := s.parts.Programs.Adjust(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), program.Adjustment{
		ID: id.ProgramVersion(r.Body.ID), EffectiveFrom: date(r.Body.EffectiveFrom), Reason: value(r.Body.Reason),
		Changes: mapped(r.Body.Changes, fromChange),
	}, ifMatch(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	body, tag := s.inHistory(ctx, h.History, r.Body.ID), etag(h.Etag())
	body.Cautioned = mapped(h.Warnings, func(w words.Pair) string { return w.In(door.LanguageOf(ctx)) })
	if created {
		return wire.AdjustProgram201JSONResponse{
			Body:    body,
			Headers: wire.AdjustProgram201ResponseHeaders{ETag: tag},
		}, nil
	}
	return wire.AdjustProgram200JSONResponse{
		PublishedVersionJSONResponse: wire.PublishedVersionJSONResponse{
			Body:    body,
			Headers: wire.PublishedVersionResponseHeaders{ETag: tag},
		},
	}, nil
}

// CompleteProgram implements StrictServerInterface.
func (s *Server) CompleteProgram(
	ctx context.Context, r wire.CompleteProgramRequestObject,
) (wire.CompleteProgramResponseObject, error) {
	h, created, err := s.parts.Programs.Complete(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), program.Adjustment{
		ID: id.ProgramVersion(r.Body.ID), EffectiveFrom: date(r.Body.EffectiveFrom), Reason: value(r.Body.Reason),
	}, ifMatch(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	body, tag := s.inHistory(ctx, h, r.Body.ID), etag(h.Etag())
	if created {
		return wire.CompleteProgram201JSONResponse{
			Body:    body,
			Headers: wire.CompleteProgram201ResponseHeaders{ETag: tag},
		}, nil
	}
	return wire.CompleteProgram200JSONResponse{
		PublishedVersionJSONResponse: wire.PublishedVersionJSONResponse{
			Body:    body,
			Headers: wire.PublishedVersionResponseHeaders{ETag: tag},
		},
	}, nil
}

// SwapExercise implements StrictServerInterface.
func (s *Server) SwapExercise(
	ctx context.Context, r wire.SwapExerciseRequestObject,
) (wire.SwapExerciseResponseObject, error) {
	h, created, err := s.parts.Programs.Swap(ctx, door.ViewerOf(ctx), program.Swap{
		ID: id.ProgramVersion(r.Body.ID), Item: id.ProgramItem(r.Body.ItemID), Exercise: r.Body.Exercise,
	})
	if err != nil {
		return nil, err
	}
	body, tag := s.inHistory(ctx, h, r.Body.ID), etag(h.Etag())
	if created {
		return wire.SwapExercise201JSONResponse{
			Body:    body,
			Headers: wire.SwapExercise201ResponseHeaders{ETag: tag},
		}, nil
	}
	return wire.SwapExercise200JSONResponse{
		PublishedVersionJSONResponse: wire.PublishedVersionJSONResponse{
			Body:    body,
			Headers: wire.PublishedVersionResponseHeaders{ETag: tag},
		},
	}, nil
}

// ListAlternatives implements StrictServerInterface.
func (s *Server) ListAlternatives(
	ctx context.Context, r wire.ListAlternativesRequestObject,
) (wire.ListAlternativesResponseObject, error) {
	found, err := s.parts.Programs.Alternatives(ctx, door.ViewerOf(ctx), id.ProgramItem(r.ItemID))
	if err != nil {
		return nil, err
	}
	return wire.ListAlternatives200JSONResponse{Data: mapped(found, toExercise)}, nil
}

// EndPatientPause implements StrictServerInterface.
func (s *Server) EndPatientPause(
	ctx context.Context, r wire.EndPatientPauseRequestObject,
) (wire.EndPatientPauseResponseObject, error) {
	return wire.EndPatientPause204Response{}, s.parts.Programs.EndPause(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), id.Pause(r.PauseID),
	)
}

func fromChange(c wire.ItemChange) program.Change {
	change := program.Change{Item: id.ProgramItem(c.ItemID), Kind: program.ChangeKind(c.Kind)}
	if c.Dose != nil {
		dose := inbound.Dose(*c.Dose)
		change.Dose = &dose
	}
	if c.Schedule != nil {
		schedule := inbound.Schedule(*c.Schedule)
		change.Schedule = &schedule
	}
	return change
}

// inHistory converts a version of a history, including what it changes.
func (s *Server) inHistory(ctx context.Context, h program.History, version wire.ID) wire.ProgramVersion {
	reader := door.LanguageOf(ctx)
	for _, v := range s.toHistory(h, reader, reader) {
		if v.ID == version {
			return v
		}
	}
	return wire.ProgramVersion{} // unreachable: repeating one that was withdrawn is refused
}

// toHistory converts every version, including what it changes against the previous one. Exercises are in the patient's
// language, reasons and changes in the reader's.
func (s *Server) toHistory(h program.History, patient, reader people.Language) []wire.ProgramVersion {
	versions := make([]wire.ProgramVersion, len(h.Versions))
	var before program.Version
	for i, v := range h.Versions {
		versions[i] = s.toVersion(v, patient)
		versions[i].Reason = optional(v.Reason.In(reader))
		versions[i].Changes = program.Diff(before, v, s.parts.Library, reader)
		before = v
	}
	return versions
}
