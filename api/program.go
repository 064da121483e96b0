package api

import (
	"context"
	"time"

	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
)

// GetMyProgram implements StrictServerInterface.
func (s *Server) GetMyProgram(ctx context.Context, _ GetMyProgramRequestObject) (GetMyProgramResponseObject, error) {
	v, language, err := s.parts.Programs.Mine(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return GetMyProgram200JSONResponse(s.toVersion(v, language)), nil
}

// ListProgramVersions implements StrictServerInterface.
func (s *Server) ListProgramVersions(
	ctx context.Context, r ListProgramVersionsRequestObject,
) (ListProgramVersionsResponseObject, error) {
	h, language, err := s.parts.Programs.Versions(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return ListProgramVersions200JSONResponse{
		Headers: ListProgramVersions200ResponseHeaders{ETag: etag(h.Etag())},
		Body:    ProgramVersionList{Data: s.toHistory(h, language, callerOf(ctx).language)},
	}, nil
}

// PublishProgramVersion implements StrictServerInterface.
func (s *Server) PublishProgramVersion(
	ctx context.Context, r PublishProgramVersionRequestObject,
) (PublishProgramVersionResponseObject, error) {
	h, created, err := s.parts.Programs.Publish(
		ctx, viewerOf(ctx), id.Patient(r.PatientID), fromNewVersion(*r.Body), ifMatch(r.Params.IfMatch),
	)
	if err != nil {
		return nil, err
	}
	version := s.inHistory(ctx, h, r.Body.ID)
	if created {
		return PublishProgramVersion201JSONResponse{
			Body: version, Headers: PublishProgramVersion201ResponseHeaders{ETag: etag(h.Etag())},
		}, nil
	}
	return PublishProgramVersion200JSONResponse{PublishedVersionJSONResponse{
		Body: version, Headers: PublishedVersionResponseHeaders{ETag: etag(h.Etag())},
	}}, nil
}

// ListMyPauses implements StrictServerInterface.
func (s *Server) ListMyPauses(ctx context.Context, _ ListMyPausesRequestObject) (ListMyPausesResponseObject, error) {
	pauses, err := s.parts.Programs.MyPauses(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return ListMyPauses200JSONResponse{PauseListJSONResponse{Data: mapped(pauses, toPause)}}, nil
}

// ListPatientPauses implements StrictServerInterface.
func (s *Server) ListPatientPauses(
	ctx context.Context, r ListPatientPausesRequestObject,
) (ListPatientPausesResponseObject, error) {
	pauses, err := s.parts.Programs.Pauses(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return ListPatientPauses200JSONResponse{PauseListJSONResponse{Data: mapped(pauses, toPause)}}, nil
}

// PauseMyProgram implements StrictServerInterface.
func (s *Server) PauseMyProgram(
	ctx context.Context, r PauseMyProgramRequestObject,
) (PauseMyProgramResponseObject, error) {
	p, created, err := s.parts.Programs.PauseMine(ctx, viewerOf(ctx), fromNewPause(*r.Body))
	switch {
	case err != nil:
		return nil, err
	case created:
		return PauseMyProgram201JSONResponse(toPause(p)), nil
	default:
		return PauseMyProgram200JSONResponse{PauseJSONResponse(toPause(p))}, nil
	}
}

// PausePatientProgram implements StrictServerInterface.
func (s *Server) PausePatientProgram(
	ctx context.Context, r PausePatientProgramRequestObject,
) (PausePatientProgramResponseObject, error) {
	p, created, err := s.parts.Programs.Pause(ctx, viewerOf(ctx), id.Patient(r.PatientID), fromNewPause(*r.Body))
	switch {
	case err != nil:
		return nil, err
	case created:
		return PausePatientProgram201JSONResponse(toPause(p)), nil
	default:
		return PausePatientProgram200JSONResponse{PauseJSONResponse(toPause(p))}, nil
	}
}

// EndMyPause implements StrictServerInterface.
func (s *Server) EndMyPause(ctx context.Context, r EndMyPauseRequestObject) (EndMyPauseResponseObject, error) {
	return EndMyPause204Response{}, s.parts.Programs.EndMine(ctx, viewerOf(ctx), id.Pause(r.PauseID))
}

func fromNewPause(p NewPause) program.NewPause {
	return program.NewPause{
		ID: id.Pause(p.ID), Reason: program.PauseReason(p.Reason), Start: date(&p.StartDate), End: date(&p.EndDate),
	}
}

func toPause(p program.Pause) Pause {
	pause := Pause{
		ID:         ID(p.ID),
		Reason:     AnyPauseReason(p.Reason),
		StartDate:  p.Start.String(),
		DeclaredBy: PauseDeclaredBy(p.DeclaredBy),
	}
	if !p.IsEndless() {
		pause.EndDate = optional(p.End.String())
	}
	return pause
}

func fromNewVersion(v NewProgramVersion) program.NewVersion {
	return program.NewVersion{
		ID: id.ProgramVersion(v.ID), EffectiveFrom: date(&v.EffectiveFrom), Items: mapped(v.Items, fromNewItem),
	}
}

func fromNewItem(i NewProgramItem) program.NewItem {
	item := program.NewItem{
		ID: id.ProgramItem(i.ID), Exercise: i.Exercise, Dose: fromDose(i.Dose), Schedule: fromSchedule(i.Schedule),
	}
	if i.MinimumDose != nil {
		minimum := fromDose(*i.MinimumDose)
		item.Minimum = &minimum
	}
	return item
}

func fromSchedule(s Schedule) program.Schedule {
	schedule := program.Schedule{
		Kind:        program.ScheduleKind(s.Kind),
		Quota:       value(s.SessionsPerWeek),
		TimesPerDay: max(1, value(s.TimesPerDay)),
	}
	for _, name := range s.Days {
		if day, ok := program.ParseWeekday(string(name)); ok {
			schedule.Days = append(schedule.Days, day)
		}
	}
	return schedule
}

func toSchedule(s program.Schedule) Schedule {
	return Schedule{
		Kind: ScheduleKind(s.Kind), SessionsPerWeek: optional(s.Quota), TimesPerDay: &s.TimesPerDay,
		Days: mapped(s.Days, func(d time.Weekday) ScheduleDays { return ScheduleDays(program.WeekdayName(d)) }),
	}
}

// toVersion writes a version with the texts of its exercises in one language.
func (s *Server) toVersion(v program.Version, l people.Language) ProgramVersion {
	version := ProgramVersion{
		Origin: VersionOrigin(v.Origin), Reason: optional(v.Reason.In(l)),
		ID: ID(v.ID), Number: v.Number, EffectiveFrom: v.EffectiveFrom.String(), PublishedAt: v.PublishedAt,
		Minutes: int((v.Duration() + time.Minute - 1) / time.Minute), Warnings: []ProgramVersionWarnings{},
		Items: mapped(v.Items, func(i program.Item) ProgramItem { return s.toItem(i, l) }),
	}
	if v.Duration() > program.LongSession {
		version.Warnings = append(version.Warnings, LongerThan20Minutes)
	}
	return version
}

func (s *Server) toItem(i program.Item, l people.Language) ProgramItem {
	e, err := s.parts.Library.Find(i.Exercise)
	if err != nil { // an exercise that left the library keeps its name in old versions
		e = exercise.Exercise{Name: exercise.Text{NL: i.Exercise, EN: i.Exercise}}
	}
	item := ProgramItem{
		ID: ID(i.ID), Exercise: i.Exercise, Module: Module(i.Module), Dose: toDose(i.Dose),
		Schedule: toSchedule(i.Schedule), Seconds: i.Seconds(), Name: l.Pick(e.Name.NL, e.Name.EN),
		Instructions: l.Pick(e.Instructions.NL, e.Instructions.EN), Cautions: l.Pick(e.Cautions.NL, e.Cautions.EN),
		Picture: optional(e.Picture), Film: optional(e.Film),
	}
	if i.Minimum != nil {
		minimum := toDose(*i.Minimum)
		item.MinimumDose = &minimum
	}
	return item
}
