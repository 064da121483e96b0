package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/education"
	"cadans/internal/record/people"
	"cadans/internal/record/questionnaire"
)

// ListMyModules implements StrictServerInterface.
func (s *Server) ListMyModules(
	ctx context.Context, _ wire.ListMyModulesRequestObject,
) (wire.ListMyModulesResponseObject, error) {
	v := door.ViewerOf(ctx)
	modules, err := s.parts.Education.List(ctx, v, v.Patient)
	return wire.ListMyModules200JSONResponse(toModules(modules, door.LanguageOf(ctx))), err
}

// ListPatientModules implements StrictServerInterface.
func (s *Server) ListPatientModules(
	ctx context.Context, r wire.ListPatientModulesRequestObject,
) (wire.ListPatientModulesResponseObject, error) {
	modules, err := s.parts.Education.List(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.ListPatientModules200JSONResponse(toModules(modules, door.LanguageOf(ctx))), err
}

// RespondToModule implements StrictServerInterface.
func (s *Server) RespondToModule(
	ctx context.Context, r wire.RespondToModuleRequestObject,
) (wire.RespondToModuleResponseObject, error) {
	m, err := s.parts.Education.Respond(
		ctx, door.ViewerOf(ctx), r.ModuleNumber, id.ModuleResponse(r.Body.ID), r.Body.Text, r.Body.Submit,
	)
	return wire.RespondToModule200JSONResponse(toModule(m, door.LanguageOf(ctx))), err
}

// AnswerModule implements StrictServerInterface.
func (s *Server) AnswerModule(
	ctx context.Context, r wire.AnswerModuleRequestObject,
) (wire.AnswerModuleResponseObject, error) {
	m, err := s.parts.Education.Answer(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), r.ModuleNumber, r.Body.Text)
	return wire.AnswerModule200JSONResponse(toModule(m, door.LanguageOf(ctx))), err
}

// ListEducationCards implements StrictServerInterface.
func (s *Server) ListEducationCards(
	context.Context, wire.ListEducationCardsRequestObject,
) (wire.ListEducationCardsResponseObject, error) {
	return wire.ListEducationCards200JSONResponse{
		Data: mapped(s.parts.Education.Content.Cards, func(t education.Text) wire.EducationCard {
			return wire.EducationCard{Slug: t.Slug, Title: toTranslated(t.Title), Body: toTranslated(t.Body)}
		}),
	}, nil
}

// ListValuedActivities implements StrictServerInterface.
func (s *Server) ListValuedActivities(
	ctx context.Context, _ wire.ListValuedActivitiesRequestObject,
) (wire.ListValuedActivitiesResponseObject, error) {
	v := door.ViewerOf(ctx)
	activities, err := s.parts.Education.Activities(ctx, v, v.Patient)
	return wire.ListValuedActivities200JSONResponse{Data: mapped(activities, toValuedActivity)}, err
}

// ListPatientValuedActivities implements StrictServerInterface.
func (s *Server) ListPatientValuedActivities(
	ctx context.Context, r wire.ListPatientValuedActivitiesRequestObject,
) (wire.ListPatientValuedActivitiesResponseObject, error) {
	activities, err := s.parts.Education.Activities(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.ListPatientValuedActivities200JSONResponse{Data: mapped(activities, toValuedActivity)}, err
}

// SaveValuedActivity implements StrictServerInterface.
func (s *Server) SaveValuedActivity(
	ctx context.Context, r wire.SaveValuedActivityRequestObject,
) (wire.SaveValuedActivityResponseObject, error) {
	return wire.SaveValuedActivity204Response{},
		s.parts.Education.SaveActivity(ctx, door.ViewerOf(ctx), education.Activity{
			ID:        id.ValuedActivity(r.ActivityID),
			Activity:  r.Body.Activity,
			PlannedOn: date(&r.Body.PlannedOn),
			Done:      r.Body.Done,
		})
}

// GetQuestionnaire implements StrictServerInterface.
func (s *Server) GetQuestionnaire(
	_ context.Context, r wire.GetQuestionnaireRequestObject,
) (wire.GetQuestionnaireResponseObject, error) {
	d, known := questionnaire.Find(r.Key)
	if !known {
		return nil, questionnaire.ErrUnknown
	}
	return wire.GetQuestionnaire200JSONResponse{
		Key: d.Key, Version: d.Version, Title: toTranslated(d.Title), Direction: wire.ScoreDirection(d.Direction),
		Source:                d.Source,
		ImportantChangeTenths: optional(d.Limits.Important.Tenths),
		Items: mapped(d.Items, func(i questionnaire.Item) wire.QuestionnaireItem {
			return wire.QuestionnaireItem{Key: i.Key, Text: toTranslated(i.Text), Minimum: i.Min, Maximum: i.Max}
		}),
	}, nil
}

// ListQuestionnaireTasks implements StrictServerInterface.
func (s *Server) ListQuestionnaireTasks(
	ctx context.Context, _ wire.ListQuestionnaireTasksRequestObject,
) (wire.ListQuestionnaireTasksResponseObject, error) {
	tasks, err := s.parts.Questionnaires.Tasks(ctx, door.ViewerOf(ctx))
	return wire.ListQuestionnaireTasks200JSONResponse{
		Data: mapped(tasks, func(t questionnaire.Task) wire.QuestionnaireTask {
			return wire.QuestionnaireTask{
				Task:          t.Key,
				Questionnaire: t.Questionnaire,
				DueOn:         t.DueOn.String(),
				Until:         t.Until.String(),
			}
		}),
	}, err
}

// AnswerQuestionnaire implements StrictServerInterface.
func (s *Server) AnswerQuestionnaire(
	ctx context.Context, r wire.AnswerQuestionnaireRequestObject,
) (wire.AnswerQuestionnaireResponseObject, error) {
	score, created, err := s.parts.Questionnaires.Answer(
		ctx, door.ViewerOf(ctx), id.Score(r.Body.ID), r.Body.Task, r.Body.Answers,
	)
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.AnswerQuestionnaire201JSONResponse(toScore(score)), nil
	default:
		return wire.AnswerQuestionnaire200JSONResponse{ScoreJSONResponse: wire.ScoreJSONResponse(toScore(score))}, nil
	}
}

// ImportScore implements StrictServerInterface.
func (s *Server) ImportScore(
	ctx context.Context, r wire.ImportScoreRequestObject,
) (wire.ImportScoreResponseObject, error) {
	b := r.Body
	imported := questionnaire.Score{
		ID: id.Score(b.ID), Instrument: b.Instrument, Version: b.Version, Date: date(&b.LocalDate),
		Tenths: b.ScoreTenths, Min: b.MinTenths, Max: b.MaxTenths, Direction: questionnaire.Direction(b.Direction),
		Source: b.Source,
	}
	if b.Parts != nil {
		imported.Answers = *b.Parts
	}
	score, created, err := s.parts.Questionnaires.Import(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), imported)
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.ImportScore201JSONResponse(toScore(score)), nil
	default:
		return wire.ImportScore200JSONResponse{ScoreJSONResponse: wire.ScoreJSONResponse(toScore(score))}, nil
	}
}

// ListScores implements StrictServerInterface.
func (s *Server) ListScores(
	ctx context.Context, r wire.ListScoresRequestObject,
) (wire.ListScoresResponseObject, error) {
	measured, err := s.parts.Questionnaires.Scores(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.ListScores200JSONResponse{Data: mapped(measured, func(m questionnaire.Measured) wire.ScoreBody {
		body := toScore(m.Score)
		body.ChangeTenths, body.ImportantChangeTenths = m.Change, optional(m.Important)
		body.Verdict = optional(toVerdict(m.Verdict))
		body.VerdictReason = optional(wire.ScoreBodyVerdictReason(m.Reason))
		return body
	})}, err
}

// toVerdict keeps to the verdicts that released clients know: what cannot be compared is unknown, with a reason.
func toVerdict(v questionnaire.Verdict) wire.ScoreBodyVerdict {
	if v == questionnaire.CannotBeCompared {
		v = questionnaire.Unknown
	}
	return wire.ScoreBodyVerdict(v)
}

func toScore(score questionnaire.Score) wire.ScoreBody {
	body := wire.ScoreBody{
		ID: wire.ID(score.ID), Instrument: score.Instrument, Version: score.Version, LocalDate: score.Date.String(),
		Task: optional(score.Task), ScoreTenths: score.Tenths, MinTenths: &score.Min, MaxTenths: score.Max,
		Direction: wire.ScoreDirection(score.Direction), Source: score.Source,
	}
	if score.StoredBy != "" && len(score.Answers) > 0 {
		parts := wire.ScoreParts(score.Answers)
		body.Parts = &parts
	}
	return body
}

func toModules(modules []education.Module, l people.Language) wire.EducationList {
	return wire.EducationList{
		Data: mapped(modules, func(m education.Module) wire.EducationModule { return toModule(m, l) }),
	}
}

func toModule(m education.Module, l people.Language) wire.EducationModule {
	module := wire.EducationModule{
		Number: m.Number, Title: m.Title.In(l), Body: m.Body.In(l),
		Assignment: m.Assignment.In(l), State: wire.EducationModuleState(m.State()),
	}
	if !m.OpensOn.IsZero() {
		module.OpensOn = optional(m.OpensOn.String())
	}
	if r := m.Response; r != nil {
		module.Response = &wire.ModuleResponse{
			ID:          wire.ID(r.ID),
			Text:        r.Text,
			SavedAt:     r.SavedAt,
			SubmittedAt: r.SubmittedAt,
			Feedback:    optional(r.Feedback),
			FeedbackAt:  r.FeedbackAt,
		}
	}
	return module
}

func toValuedActivity(a education.Activity) wire.ValuedActivity {
	return wire.ValuedActivity{
		ID:        optional(string(a.ID)),
		Activity:  a.Activity,
		PlannedOn: a.PlannedOn.String(),
		Done:      a.Done,
	}
}
