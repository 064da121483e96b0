package api

import (
	"context"
	"time"

	"cadans/api/door"
	"cadans/api/inbound"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
)

// GetMyProgram implements StrictServerInterface.
func (s *Server) GetMyProgram(
	ctx context.Context, _ wire.GetMyProgramRequestObject,
) (wire.GetMyProgramResponseObject, error) {
	v, language, err := s.parts.Programs.Mine(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return wire.GetMyProgram200JSONResponse(s.toVersion(v, language)), nil
}

// ListProgramVersions implements StrictServerInterface.
func (s *Server) ListProgramVersions(
	ctx context.Context, r wire.ListProgramVersionsRequestObject,
) (wire.ListProgramVersionsResponseObject, error) {
	h, language, err := s.parts.Programs.Versions(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return wire.ListProgramVersions200JSONResponse{
		Headers: wire.ListProgramVersions200ResponseHeaders{ETag: etag(h.Etag())},
		Body: wire.ProgramVersionList{
			Data:      s.toHistory(h, language, door.LanguageOf(ctx)),
			Withdrawn: mapped(h.Withdrawn, toWithdrawn),
		},
	}, nil
}

// PublishProgramVersion implements StrictServerInterface.
func (s *Server) PublishProgramVersion(
	ctx context.Context, r wire.PublishProgramVersionRequestObject,
) (wire.PublishProgramVersionResponseObject, error) {
	h, created, err := s.parts.Programs.Publish(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), fromNewVersion(*r.Body), ifMatch(r.Params.IfMatch),
	)
	if err != nil {
		return nil, err
	}
	version := s.inHistory(ctx, h, r.Body.ID)
	if created {
		return wire.PublishProgramVersion201JSONResponse{
			Body: version, Headers: wire.PublishProgramVersion201ResponseHeaders{ETag: etag(h.Etag())},
		}, nil
	}
	return wire.PublishProgramVersion200JSONResponse{PublishedVersionJSONResponse: wire.PublishedVersionJSONResponse{
		Body: version, Headers: wire.PublishedVersionResponseHeaders{ETag: etag(h.Etag())},
	}}, nil
}

// WithdrawProgramVersion implements StrictServerInterface.
func (s *Server) WithdrawProgramVersion(
	ctx context.Context, r wire.WithdrawProgramVersionRequestObject,
) (wire.WithdrawProgramVersionResponseObject, error) {
	h, err := s.parts.Detours.Withdraw(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), id.ProgramVersion(r.VersionID), ifMatch(r.Params.IfMatch),
	)
	if err != nil {
		return nil, err
	}
	return wire.WithdrawProgramVersion204Response{
		Headers: wire.WithdrawProgramVersion204ResponseHeaders{ETag: etag(h.Etag())},
	}, nil
}

func toWithdrawn(w program.Withdrawal) wire.WithdrawnVersion {
	return wire.WithdrawnVersion{
		ID: wire.ID(w.ID), Number: w.Number, EffectiveFrom: w.EffectiveFrom.String(), WithdrawnAt: w.At,
	}
}

// ListMyPauses implements StrictServerInterface.
func (s *Server) ListMyPauses(
	ctx context.Context, _ wire.ListMyPausesRequestObject,
) (wire.ListMyPausesResponseObject, error) {
	pauses, err := s.parts.Programs.MyPauses(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return wire.ListMyPauses200JSONResponse{
		PauseListJSONResponse: wire.PauseListJSONResponse{Data: mapped(pauses, toPause)},
	}, nil
}

// ListPatientPauses implements StrictServerInterface.
func (s *Server) ListPatientPauses(
	ctx context.Context, r wire.ListPatientPausesRequestObject,
) (wire.ListPatientPausesResponseObject, error) {
	pauses, err := s.parts.Programs.Pauses(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return wire.ListPatientPauses200JSONResponse{
		PauseListJSONResponse: wire.PauseListJSONResponse{Data: mapped(pauses, toPause)},
	}, nil
}

// PauseMyProgram implements StrictServerInterface.
func (s *Server) PauseMyProgram(
	ctx context.Context, r wire.PauseMyProgramRequestObject,
) (wire.PauseMyProgramResponseObject, error) {
	p, created, err := s.parts.Programs.PauseMine(ctx, door.ViewerOf(ctx), fromNewPause(*r.Body))
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.PauseMyProgram201JSONResponse(toPause(p)), nil
	default:
		return wire.PauseMyProgram200JSONResponse{PauseJSONResponse: wire.PauseJSONResponse(toPause(p))}, nil
	}
}

// PausePatientProgram implements StrictServerInterface.
func (s *Server) PausePatientProgram(
	ctx context.Context, r wire.PausePatientProgramRequestObject,
) (wire.PausePatientProgramResponseObject, error) {
	p, created, err := s.parts.Programs.Pause(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), fromNewPause(*r.Body))
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.PausePatientProgram201JSONResponse(toPause(p)), nil
	default:
		return wire.PausePatientProgram200JSONResponse{PauseJSONResponse: wire.PauseJSONResponse(toPause(p))}, nil
	}
}

// EndMyPause implements StrictServerInterface.
func (s *Server) EndMyPause(
	ctx context.Context, r wire.EndMyPauseRequestObject,
) (wire.EndMyPauseResponseObject, error) {
	return wire.EndMyPause204Response{}, s.parts.Programs.EndMine(ctx, door.ViewerOf(ctx), id.Pause(r.PauseID))
}

func fromNewPause(p wire.NewPause) program.NewPause {
	return program.NewPause{
		ID: id.Pause(p.ID), Reason: program.PauseReason(p.Reason), Start: date(&p.StartDate), End: date(&p.EndDate),
	}
}

func toPause(p program.Pause) wire.Pause {
	pause := wire.Pause{
		ID:         wire.ID(p.ID),
		Reason:     wire.AnyPauseReason(p.Reason),
		StartDate:  p.Start.String(),
		DeclaredBy: wire.PauseDeclaredBy(p.DeclaredBy),
	}
	if !p.IsEndless() {
		pause.EndDate = optional(p.End.String())
	}
	return pause
}

func fromNewVersion(v wire.NewProgramVersion) program.NewVersion {
	return program.NewVersion{
		ID: id.ProgramVersion(v.ID), EffectiveFrom: date(&v.EffectiveFrom), Items: mapped(v.Items, inbound.Item),
	}
}

func toSchedule(s program.Schedule) wire.Schedule {
	return wire.Schedule{
		Kind: wire.ScheduleKind(s.Kind), SessionsPerWeek: optional(s.Quota), TimesPerDay: &s.TimesPerDay,
		Days: mapped(
			s.Days, func(d time.Weekday) wire.ScheduleDays { return wire.ScheduleDays(program.WeekdayName(d)) },
		),
	}
}

// toVersion converts a version, with the texts of its exercises in one language.
func (s *Server) toVersion(v program.Version, l people.Language) wire.ProgramVersion {
	version := wire.ProgramVersion{
		Origin: wire.VersionOrigin(v.Origin), Reason: optional(v.Reason.In(l)),
		ID: wire.ID(v.ID), Number: v.Number, EffectiveFrom: v.EffectiveFrom.String(), PublishedAt: v.PublishedAt,
		Minutes: int((v.Duration() + time.Minute - 1) / time.Minute), Warnings: []wire.ProgramVersionWarnings{},
		Items: mapped(v.Items, func(i program.Item) wire.ProgramItem { return s.toItem(i, l) }),
	}
	if v.Duration() > program.LongSession {
		version.Warnings = append(version.Warnings, wire.LongerThan20Minutes)
	}
	return version
}

func (s *Server) toItem(i program.Item, l people.Language) wire.ProgramItem {
	e, err := s.parts.Library.AsSeen(i.Exercise, i.Revision)
	if err != nil { // an exercise that is no longer in the library keeps its name in old versions
		e = exercise.Exercise{Name: words.Pair{NL: i.Exercise, EN: i.Exercise}}
	}
	item := wire.ProgramItem{
		ID: wire.ID(i.ID), Exercise: i.Exercise, Module: wire.Module(i.Module), Dose: toDose(i.Dose),
		Schedule: toSchedule(i.Schedule), Seconds: i.Seconds(), Name: e.Name.In(l),
		Instructions: e.Instructions.In(l), Cautions: e.Cautions.In(l),
		Picture: optional(e.Picture), Film: optional(e.Film),
	}
	if i.Minimum != nil {
		minimum := toDose(*i.Minimum)
		item.MinimumDose = &minimum
	}
	return item
}
