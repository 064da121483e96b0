package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/record/education"
	"cadans/internal/record/people"
	"cadans/internal/record/questionnaire"
)

// ListMyModules implements StrictServerInterface.
func (s *Server) ListMyModules(ctx context.Context, _ ListMyModulesRequestObject) (ListMyModulesResponseObject, error) {
	v := viewerOf(ctx)
	modules, err := s.parts.Education.List(ctx, v, v.Patient)
	return ListMyModules200JSONResponse(toModules(modules, callerOf(ctx).language)), err
}

// ListPatientModules implements StrictServerInterface.
func (s *Server) ListPatientModules(
	ctx context.Context, r ListPatientModulesRequestObject,
) (ListPatientModulesResponseObject, error) {
	modules, err := s.parts.Education.List(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return ListPatientModules200JSONResponse(toModules(modules, callerOf(ctx).language)), err
}

// RespondToModule implements StrictServerInterface.
func (s *Server) RespondToModule(
	ctx context.Context, r RespondToModuleRequestObject,
) (RespondToModuleResponseObject, error) {
	m, err := s.parts.Education.Respond(
		ctx, viewerOf(ctx), r.ModuleNumber, id.ModuleResponse(r.Body.ID), r.Body.Text, r.Body.Submit,
	)
	return RespondToModule200JSONResponse(toModule(m, callerOf(ctx).language)), err
}

// AnswerModule implements StrictServerInterface.
func (s *Server) AnswerModule(ctx context.Context, r AnswerModuleRequestObject) (AnswerModuleResponseObject, error) {
	m, err := s.parts.Education.Answer(ctx, viewerOf(ctx), id.Patient(r.PatientID), r.ModuleNumber, r.Body.Text)
	return AnswerModule200JSONResponse(toModule(m, callerOf(ctx).language)), err
}

// ListEducationCards implements StrictServerInterface.
func (s *Server) ListEducationCards(
	context.Context, ListEducationCardsRequestObject,
) (ListEducationCardsResponseObject, error) {
	return ListEducationCards200JSONResponse{
		Data: mapped(s.parts.Education.Content.Cards, func(t education.Text) EducationCard {
			return EducationCard{Slug: t.Slug, Title: toTranslated(t.Title), Body: toTranslated(t.Body)}
		}),
	}, nil
}

// ListValuedActivities implements StrictServerInterface.
func (s *Server) ListValuedActivities(
	ctx context.Context, _ ListValuedActivitiesRequestObject,
) (ListValuedActivitiesResponseObject, error) {
	v := viewerOf(ctx)
	activities, err := s.parts.Education.Activities(ctx, v, v.Patient)
	return ListValuedActivities200JSONResponse{Data: mapped(activities, toValuedActivity)}, err
}

// ListPatientValuedActivities implements StrictServerInterface.
func (s *Server) ListPatientValuedActivities(
	ctx context.Context, r ListPatientValuedActivitiesRequestObject,
) (ListPatientValuedActivitiesResponseObject, error) {
	activities, err := s.parts.Education.Activities(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return ListPatientValuedActivities200JSONResponse{Data: mapped(activities, toValuedActivity)}, err
}

// SaveValuedActivity implements StrictServerInterface.
func (s *Server) SaveValuedActivity(
	ctx context.Context, r SaveValuedActivityRequestObject,
) (SaveValuedActivityResponseObject, error) {
	return SaveValuedActivity204Response{}, s.parts.Education.SaveActivity(ctx, viewerOf(ctx), education.Activity{
		ID:        id.ValuedActivity(r.ActivityID),
		Activity:  r.Body.Activity,
		PlannedOn: date(&r.Body.PlannedOn),
		Done:      r.Body.Done,
	})
}

// GetQuestionnaire implements StrictServerInterface.
func (s *Server) GetQuestionnaire(
	_ context.Context, r GetQuestionnaireRequestObject,
) (GetQuestionnaireResponseObject, error) {
	d, known := questionnaire.Find(r.Key)
	if !known {
		return nil, questionnaire.ErrUnknown
	}
	return GetQuestionnaire200JSONResponse{
		Key: d.Key, Version: d.Version, Title: toTranslated(d.Title), Direction: ScoreDirection(d.Direction),
		Source:                d.Source,
		ImportantChangeTenths: optional(d.Important),
		Items: mapped(d.Items, func(i questionnaire.Item) QuestionnaireItem {
			return QuestionnaireItem{Key: i.Key, Text: toTranslated(i.Text), Minimum: i.Min, Maximum: i.Max}
		}),
	}, nil
}

// ListQuestionnaireTasks implements StrictServerInterface.
func (s *Server) ListQuestionnaireTasks(
	ctx context.Context, _ ListQuestionnaireTasksRequestObject,
) (ListQuestionnaireTasksResponseObject, error) {
	tasks, err := s.parts.Questionnaires.Tasks(ctx, viewerOf(ctx))
	return ListQuestionnaireTasks200JSONResponse{Data: mapped(tasks, func(t questionnaire.Task) QuestionnaireTask {
		return QuestionnaireTask{
			Task:          t.Key,
			Questionnaire: t.Questionnaire,
			DueOn:         t.DueOn.String(),
			Until:         t.Until.String(),
		}
	})}, err
}

// AnswerQuestionnaire implements StrictServerInterface.
func (s *Server) AnswerQuestionnaire(
	ctx context.Context, r AnswerQuestionnaireRequestObject,
) (AnswerQuestionnaireResponseObject, error) {
	score, created, err := s.parts.Questionnaires.Answer(
		ctx, viewerOf(ctx), id.Score(r.Body.ID), r.Body.Task, r.Body.Answers,
	)
	switch {
	case err != nil:
		return nil, err
	case created:
		return AnswerQuestionnaire201JSONResponse(toScore(score)), nil
	default:
		return AnswerQuestionnaire200JSONResponse{ScoreJSONResponse(toScore(score))}, nil
	}
}

// ImportScore implements StrictServerInterface.
func (s *Server) ImportScore(ctx context.Context, r ImportScoreRequestObject) (ImportScoreResponseObject, error) {
	b := r.Body
	imported := questionnaire.Score{
		ID: id.Score(b.ID), Instrument: b.Instrument, Version: b.Version, Date: date(&b.LocalDate),
		Tenths: b.ScoreTenths, Min: b.MinTenths, Max: b.MaxTenths, Direction: questionnaire.Direction(b.Direction),
		Source: b.Source,
	}
	score, created, err := s.parts.Questionnaires.Import(ctx, viewerOf(ctx), id.Patient(r.PatientID), imported)
	switch {
	case err != nil:
		return nil, err
	case created:
		return ImportScore201JSONResponse(toScore(score)), nil
	default:
		return ImportScore200JSONResponse{ScoreJSONResponse(toScore(score))}, nil
	}
}

// ListScores implements StrictServerInterface.
func (s *Server) ListScores(ctx context.Context, r ListScoresRequestObject) (ListScoresResponseObject, error) {
	measured, err := s.parts.Questionnaires.Scores(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return ListScores200JSONResponse{Data: mapped(measured, func(m questionnaire.Measured) ScoreBody {
		body := toScore(m.Score)
		body.ChangeTenths, body.ImportantChangeTenths = m.Change, optional(m.Important)
		body.Verdict = optional(ScoreBodyVerdict(m.Verdict))
		return body
	})}, err
}

func toScore(score questionnaire.Score) ScoreBody {
	return ScoreBody{
		ID: ID(score.ID), Instrument: score.Instrument, Version: score.Version, LocalDate: score.Date.String(),
		Task: optional(score.Task), ScoreTenths: score.Tenths, MinTenths: &score.Min, MaxTenths: score.Max,
		Direction: ScoreDirection(score.Direction), Source: score.Source,
	}
}

func toModules(modules []education.Module, l people.Language) EducationList {
	return EducationList{Data: mapped(modules, func(m education.Module) EducationModule { return toModule(m, l) })}
}

func toModule(m education.Module, l people.Language) EducationModule {
	module := EducationModule{
		Number: m.Number, Title: l.Pick(m.Title.NL, m.Title.EN), Body: l.Pick(m.Body.NL, m.Body.EN),
		Assignment: l.Pick(m.Assignment.NL, m.Assignment.EN), State: EducationModuleState(m.State()),
	}
	if !m.OpensOn.IsZero() {
		module.OpensOn = optional(m.OpensOn.String())
	}
	if r := m.Response; r != nil {
		module.Response = &ModuleResponse{
			ID:          ID(r.ID),
			Text:        r.Text,
			SavedAt:     r.SavedAt,
			SubmittedAt: r.SubmittedAt,
			Feedback:    optional(r.Feedback),
			FeedbackAt:  r.FeedbackAt,
		}
	}
	return module
}

func toValuedActivity(a education.Activity) ValuedActivity {
	return ValuedActivity{
		ID:        optional(string(a.ID)),
		Activity:  a.Activity,
		PlannedOn: a.PlannedOn.String(),
		Done:      a.Done,
	}
}
