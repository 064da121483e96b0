package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
)

// GetProgramDraft implements StrictServerInterface.
func (s *Server) GetProgramDraft(
	ctx context.Context, r GetProgramDraftRequestObject,
) (GetProgramDraftResponseObject, error) {
	d, err := s.parts.Programs.Draft(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return GetProgramDraft200JSONResponse{
		Body:    toProgramDraft(d),
		Headers: GetProgramDraft200ResponseHeaders{ETag: etag(d.Etag())},
	}, err
}

// SaveProgramDraft implements StrictServerInterface.
func (s *Server) SaveProgramDraft(
	ctx context.Context, r SaveProgramDraftRequestObject,
) (SaveProgramDraftResponseObject, error) {
	d, err := s.parts.Programs.SaveDraft(ctx, viewerOf(ctx), id.Patient(r.PatientID), program.Draft{
		EffectiveFrom: date(r.Body.EffectiveFrom),
		Items:         mapped(r.Body.Items, fromNewItem),
		Template:      id.Template(value(r.Body.TemplateID)),
		Reason:        value(r.Body.AdaptationReason),
	}, ifMatch(r.Params.IfMatch))
	return SaveProgramDraft200JSONResponse{
		Body:    toProgramDraft(d),
		Headers: SaveProgramDraft200ResponseHeaders{ETag: etag(d.Etag())},
	}, err
}

// DiscardProgramDraft implements StrictServerInterface.
func (s *Server) DiscardProgramDraft(
	ctx context.Context, r DiscardProgramDraftRequestObject,
) (DiscardProgramDraftResponseObject, error) {
	return DiscardProgramDraft204Response{}, s.parts.Programs.DiscardDraft(ctx, viewerOf(ctx), id.Patient(r.PatientID))
}

// PublishProgramDraft implements StrictServerInterface.
func (s *Server) PublishProgramDraft(
	ctx context.Context, r PublishProgramDraftRequestObject,
) (PublishProgramDraftResponseObject, error) {
	h, created, err := s.parts.Programs.PublishDraft(
		ctx, viewerOf(ctx), id.Patient(r.PatientID), id.ProgramVersion(r.Body.ID), ifMatch(r.Params.IfMatch),
	)
	if err != nil {
		return nil, err
	}
	body, tag := s.inHistory(ctx, h, r.Body.ID), etag(h.Etag())
	if created {
		return PublishProgramDraft201JSONResponse{
			Body:    body,
			Headers: PublishProgramDraft201ResponseHeaders{ETag: tag},
		}, nil
	}
	return PublishProgramDraft200JSONResponse{
		PublishedVersionJSONResponse{Body: body, Headers: PublishedVersionResponseHeaders{ETag: tag}},
	}, nil
}

// ListAdaptations implements StrictServerInterface.
func (s *Server) ListAdaptations(
	ctx context.Context, r ListAdaptationsRequestObject,
) (ListAdaptationsResponseObject, error) {
	list, err := s.parts.Programs.Adaptations(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return ListAdaptations200JSONResponse{Data: mapped(list, func(a program.Adaptation) AdaptationBody {
		return AdaptationBody{
			VersionID:        ID(a.Version),
			TemplateID:       ID(a.Template),
			TemplateRevision: a.Revision,
			Changed:          a.Changed,
			Reason:           optional(a.Reason),
		}
	})}, err
}

// ListTemplates implements StrictServerInterface.
func (s *Server) ListTemplates(ctx context.Context, _ ListTemplatesRequestObject) (ListTemplatesResponseObject, error) {
	templates, err := s.parts.Programs.Templates(ctx, viewerOf(ctx))
	return ListTemplates200JSONResponse{Data: mapped(templates, toTemplate)}, err
}

// SaveTemplate implements StrictServerInterface.
func (s *Server) SaveTemplate(ctx context.Context, r SaveTemplateRequestObject) (SaveTemplateResponseObject, error) {
	t, created, err := s.parts.Programs.SaveTemplate(ctx, viewerOf(ctx), program.Template{
		ID: id.Template(r.TemplateID), Name: r.Body.Name,
		Items: mapped(r.Body.Items, func(i TemplateItem) program.TemplateItem {
			return program.TemplateItem{NewItem: fromNewItem(i.Item), Core: i.Core}
		}),
	}, ifMatch(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	if created {
		return SaveTemplate201JSONResponse{
			Body:    toTemplate(t),
			Headers: SaveTemplate201ResponseHeaders{ETag: etag(t.Etag())},
		}, nil
	}
	return SaveTemplate200JSONResponse{
		Body:    toTemplate(t),
		Headers: SaveTemplate200ResponseHeaders{ETag: etag(t.Etag())},
	}, nil
}

// ArchiveTemplate implements StrictServerInterface.
func (s *Server) ArchiveTemplate(
	ctx context.Context, r ArchiveTemplateRequestObject,
) (ArchiveTemplateResponseObject, error) {
	return ArchiveTemplate204Response{}, s.parts.Programs.ArchiveTemplate(ctx, viewerOf(ctx), id.Template(r.TemplateID))
}

// GetRiskProfile implements StrictServerInterface.
func (s *Server) GetRiskProfile(
	ctx context.Context, r GetRiskProfileRequestObject,
) (GetRiskProfileResponseObject, error) {
	setting, err := s.parts.Intakes.Risk(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return GetRiskProfile200JSONResponse(toRiskProfile(setting)), err
}

// SetRiskProfile implements StrictServerInterface.
func (s *Server) SetRiskProfile(
	ctx context.Context, r SetRiskProfileRequestObject,
) (SetRiskProfileResponseObject, error) {
	setting, created, err := s.parts.Intakes.SetRisk(ctx, viewerOf(ctx), id.Patient(r.PatientID), intake.Setting{
		ID: id.RiskProfile(r.Body.ID), Risk: intake.Risk(r.Body.Risk), Source: string(r.Body.Source),
	})
	switch {
	case err != nil:
		return nil, err
	case created:
		return SetRiskProfile201JSONResponse(toRiskProfile(setting)), nil
	default:
		return SetRiskProfile200JSONResponse{RiskProfileSetJSONResponse(toRiskProfile(setting))}, nil
	}
}

func toRiskProfile(setting intake.Setting) RiskProfile {
	support := setting.Risk.Support()
	return RiskProfile{
		ID:              ID(setting.ID),
		Risk:            RiskLevel(setting.Risk),
		Source:          RiskSource(setting.Source),
		SupportWeeks:    support.Weeks,
		SupportContacts: support.Contacts,
		SetAt:           setting.SetAt,
	}
}

func toProgramDraft(d program.Draft) ProgramDraft {
	draft := ProgramDraft{
		Items: mapped(d.Items, toNewItem), TemplateID: optional(ID(d.Template)), AdaptationReason: optional(d.Reason),
	}
	if !d.EffectiveFrom.IsZero() {
		draft.EffectiveFrom = optional(d.EffectiveFrom.String())
	}
	return draft
}

func toTemplate(t program.Template) TemplateBody {
	return TemplateBody{
		ID: ID(t.ID), Name: t.Name, Revision: t.Revision, Etag: *etag(t.Etag()),
		Items: mapped(t.Items, func(i program.TemplateItem) TemplateItem {
			return TemplateItem{Core: i.Core, Item: toNewItem(i.NewItem)}
		}),
	}
}

func toNewItem(i program.NewItem) NewProgramItem {
	item := NewProgramItem{ID: ID(i.ID), Exercise: i.Exercise, Dose: toDose(i.Dose), Schedule: toSchedule(i.Schedule)}
	if i.Minimum != nil {
		minimum := toDose(*i.Minimum)
		item.MinimumDose = &minimum
	}
	return item
}
