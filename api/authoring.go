package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/inbound"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
)

// GetProgramDraft implements StrictServerInterface.
func (s *Server) GetProgramDraft(
	ctx context.Context, r wire.GetProgramDraftRequestObject,
) (wire.GetProgramDraftResponseObject, error) {
	d, err := s.parts.Programs.Draft(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.GetProgramDraft200JSONResponse{
		Body:    toProgramDraft(d),
		Headers: wire.GetProgramDraft200ResponseHeaders{ETag: etag(d.Etag())},
	}, err
}

// SaveProgramDraft implements StrictServerInterface.
func (s *Server) SaveProgramDraft(
	ctx context.Context, r wire.SaveProgramDraftRequestObject,
) (wire.SaveProgramDraftResponseObject, error) {
	d, err := s.parts.Programs.SaveDraft(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), inbound.Draft(*r.Body),
		ifMatch(r.Params.IfMatch))
	return wire.SaveProgramDraft200JSONResponse{
		Body:    toProgramDraft(d),
		Headers: wire.SaveProgramDraft200ResponseHeaders{ETag: etag(d.Etag())},
	}, err
}

// DiscardProgramDraft implements StrictServerInterface.
func (s *Server) DiscardProgramDraft(
	ctx context.Context, r wire.DiscardProgramDraftRequestObject,
) (wire.DiscardProgramDraftResponseObject, error) {
	return wire.DiscardProgramDraft204Response{}, s.parts.Programs.DiscardDraft(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID),
	)
}

// PublishProgramDraft implements StrictServerInterface.
func (s *Server) PublishProgramDraft(
	ctx context.Context, r wire.PublishProgramDraftRequestObject,
) (wire.PublishProgramDraftResponseObject, error) {
	h, created, err := s.parts.Programs.PublishDraft(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), id.ProgramVersion(r.Body.ID), ifMatch(r.Params.IfMatch),
	)
	if err != nil {
		return nil, err
	}
	body, tag := s.inHistory(ctx, h, r.Body.ID), etag(h.Etag())
	if created {
		return wire.PublishProgramDraft201JSONResponse{
			Body:    body,
			Headers: wire.PublishProgramDraft201ResponseHeaders{ETag: tag},
		}, nil
	}
	return wire.PublishProgramDraft200JSONResponse{
		PublishedVersionJSONResponse: wire.PublishedVersionJSONResponse{
			Body:    body,
			Headers: wire.PublishedVersionResponseHeaders{ETag: tag},
		},
	}, nil
}

// ListAdaptations implements StrictServerInterface.
func (s *Server) ListAdaptations(
	ctx context.Context, r wire.ListAdaptationsRequestObject,
) (wire.ListAdaptationsResponseObject, error) {
	list, err := s.parts.Programs.Adaptations(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.ListAdaptations200JSONResponse{Data: mapped(list, func(a program.Adaptation) wire.AdaptationBody {
		return wire.AdaptationBody{
			VersionID:        wire.ID(a.Version),
			TemplateID:       wire.ID(a.Template),
			TemplateRevision: a.Revision,
			Changed:          a.Changed,
			Reason:           optional(a.Reason),
		}
	})}, err
}

// ListTemplates implements StrictServerInterface.
func (s *Server) ListTemplates(
	ctx context.Context, _ wire.ListTemplatesRequestObject,
) (wire.ListTemplatesResponseObject, error) {
	templates, err := s.parts.Programs.Templates(ctx, door.ViewerOf(ctx))
	return wire.ListTemplates200JSONResponse{Data: mapped(templates, toTemplate)}, err
}

// SaveTemplate implements StrictServerInterface.
func (s *Server) SaveTemplate(
	ctx context.Context, r wire.SaveTemplateRequestObject,
) (wire.SaveTemplateResponseObject, error) {
	t, created, err := s.parts.Programs.SaveTemplate(ctx, door.ViewerOf(ctx), program.Template{
		ID: id.Template(r.TemplateID), Name: r.Body.Name,
		Items: mapped(r.Body.Items, func(i wire.TemplateItem) program.TemplateItem {
			return program.TemplateItem{NewItem: inbound.Item(i.Item), Core: i.Core}
		}),
	}, ifMatch(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	if created {
		return wire.SaveTemplate201JSONResponse{
			Body:    toTemplate(t),
			Headers: wire.SaveTemplate201ResponseHeaders{ETag: etag(t.Etag())},
		}, nil
	}
	return wire.SaveTemplate200JSONResponse{
		Body:    toTemplate(t),
		Headers: wire.SaveTemplate200ResponseHeaders{ETag: etag(t.Etag())},
	}, nil
}

// ArchiveTemplate implements StrictServerInterface.
func (s *Server) ArchiveTemplate(
	ctx context.Context, r wire.ArchiveTemplateRequestObject,
) (wire.ArchiveTemplateResponseObject, error) {
	return wire.ArchiveTemplate204Response{}, s.parts.Programs.ArchiveTemplate(
		ctx, door.ViewerOf(ctx), id.Template(r.TemplateID),
	)
}

// GetRiskProfile implements StrictServerInterface.
func (s *Server) GetRiskProfile(
	ctx context.Context, r wire.GetRiskProfileRequestObject,
) (wire.GetRiskProfileResponseObject, error) {
	setting, err := s.parts.Intakes.Risk(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.GetRiskProfile200JSONResponse(toRiskProfile(setting)), err
}

// SetRiskProfile implements StrictServerInterface.
func (s *Server) SetRiskProfile(
	ctx context.Context, r wire.SetRiskProfileRequestObject,
) (wire.SetRiskProfileResponseObject, error) {
	setting, created, err := s.parts.Intakes.SetRisk(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), intake.Setting{
		ID: id.RiskProfile(r.Body.ID), Risk: intake.Risk(r.Body.Risk), Source: string(r.Body.Source),
	})
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.SetRiskProfile201JSONResponse(toRiskProfile(setting)), nil
	default:
		return wire.SetRiskProfile200JSONResponse{
			RiskProfileSetJSONResponse: wire.RiskProfileSetJSONResponse(toRiskProfile(setting)),
		}, nil
	}
}

func toRiskProfile(setting intake.Setting) wire.RiskProfile {
	support := setting.Risk.Support()
	return wire.RiskProfile{
		ID:              wire.ID(setting.ID),
		Risk:            wire.RiskLevel(setting.Risk),
		Source:          wire.RiskSource(setting.Source),
		SupportWeeks:    support.Weeks,
		SupportContacts: support.Contacts,
		SetAt:           setting.SetAt,
	}
}

func toProgramDraft(d program.Draft) wire.ProgramDraft {
	draft := wire.ProgramDraft{
		Items:            mapped(d.Items, toNewItem),
		TemplateID:       optional(wire.ID(d.Template)),
		AdaptationReason: optional(d.Reason),
	}
	if !d.EffectiveFrom.IsZero() {
		draft.EffectiveFrom = optional(d.EffectiveFrom.String())
	}
	return draft
}

func toTemplate(t program.Template) wire.TemplateBody {
	return wire.TemplateBody{
		ID: wire.ID(t.ID), Name: t.Name, Revision: t.Revision, Etag: *etag(t.Etag()),
		Items: mapped(t.Items, func(i program.TemplateItem) wire.TemplateItem {
			return wire.TemplateItem{Core: i.Core, Item: toNewItem(i.NewItem)}
		}),
	}
}

func toNewItem(i program.NewItem) wire.NewProgramItem {
	item := wire.NewProgramItem{
		ID:       wire.ID(i.ID),
		Exercise: i.Exercise,
		Dose:     toDose(i.Dose),
		Schedule: toSchedule(i.Schedule),
	}
	if i.Minimum != nil {
		minimum := toDose(*i.Minimum)
		item.MinimumDose = &minimum
	}
	return item
}
