package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/inbound"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
)

// GetIntakeForm implements StrictServerInterface.
func (s *Server) GetIntakeForm(
	context.Context, wire.GetIntakeFormRequestObject,
) (wire.GetIntakeFormResponseObject, error) {
	return wire.GetIntakeForm200JSONResponse{
		Questions: mapped(intake.Questions, toIntakeQuestion), Signs: mapped(intake.SafetyQuestions, toSignQuestion),
		NewSigns: mapped(safety.NewSignQuestions, toSignQuestion),
	}, nil
}

// GetMyIntake implements StrictServerInterface.
func (s *Server) GetMyIntake(
	ctx context.Context, _ wire.GetMyIntakeRequestObject,
) (wire.GetMyIntakeResponseObject, error) {
	v := door.ViewerOf(ctx)
	draft, err := s.parts.Intakes.Draft(ctx, v, v.Patient)
	return wire.GetMyIntake200JSONResponse(toDraft(draft)), err
}

// GetPatientIntake implements StrictServerInterface.
func (s *Server) GetPatientIntake(
	ctx context.Context, r wire.GetPatientIntakeRequestObject,
) (wire.GetPatientIntakeResponseObject, error) {
	draft, err := s.parts.Intakes.Draft(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.GetPatientIntake200JSONResponse(toDraft(draft)), err
}

// SaveMyIntake implements StrictServerInterface.
func (s *Server) SaveMyIntake(
	ctx context.Context, r wire.SaveMyIntakeRequestObject,
) (wire.SaveMyIntakeResponseObject, error) {
	v := door.ViewerOf(ctx)
	draft, err := s.parts.Intakes.Save(ctx, v, v.Patient, inbound.Answers(*r.Body))
	return wire.SaveMyIntake200JSONResponse(toDraft(draft)), err
}

// SavePatientIntake implements StrictServerInterface.
func (s *Server) SavePatientIntake(
	ctx context.Context, r wire.SavePatientIntakeRequestObject,
) (wire.SavePatientIntakeResponseObject, error) {
	draft, err := s.parts.Intakes.Save(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), inbound.Answers(*r.Body))
	return wire.SavePatientIntake200JSONResponse(toDraft(draft)), err
}

// SubmitMyIntake implements StrictServerInterface.
func (s *Server) SubmitMyIntake(
	ctx context.Context, r wire.SubmitMyIntakeRequestObject,
) (wire.SubmitMyIntakeResponseObject, error) {
	v := door.ViewerOf(ctx)
	done, created, err := s.parts.Intakes.Submit(ctx, v, v.Patient, id.Intake(r.Body.ID))
	body := toSubmitted(done, door.LanguageOf(ctx))
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.SubmitMyIntake201JSONResponse(body), nil
	default:
		return wire.SubmitMyIntake200JSONResponse{
			SubmittedIntakeJSONResponse: wire.SubmittedIntakeJSONResponse(body),
		}, nil
	}
}

// SubmitPatientIntake implements StrictServerInterface.
func (s *Server) SubmitPatientIntake(
	ctx context.Context, r wire.SubmitPatientIntakeRequestObject,
) (wire.SubmitPatientIntakeResponseObject, error) {
	done, created, err := s.parts.Intakes.Submit(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), id.Intake(r.Body.ID))
	body := toSubmitted(done, door.LanguageOf(ctx))
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.SubmitPatientIntake201JSONResponse(body), nil
	default:
		return wire.SubmitPatientIntake200JSONResponse{
			SubmittedIntakeJSONResponse: wire.SubmittedIntakeJSONResponse(body),
		}, nil
	}
}

// ListIntakes implements StrictServerInterface.
func (s *Server) ListIntakes(
	ctx context.Context, r wire.ListIntakesRequestObject,
) (wire.ListIntakesResponseObject, error) {
	all, err := s.parts.Intakes.List(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	list := wire.IntakeList{Data: make([]wire.IntakeWithProfile, len(all))}
	for i, submitted := range all {
		list.Data[i] = toIntakeWithProfile(submitted, door.LanguageOf(ctx))
		if i > 0 {
			addChanges(list.Data[i].Profile, list.Data[i-1].Profile)
		}
	}
	return wire.ListIntakes200JSONResponse(list), nil
}

// CheckIn implements StrictServerInterface.
func (s *Server) CheckIn(ctx context.Context, r wire.CheckInRequestObject) (wire.CheckInResponseObject, error) {
	b := r.Body
	c, created, err := s.parts.Intakes.CheckIn(ctx, door.ViewerOf(ctx), intake.CheckIn{
		ID:          id.CheckIn(b.ID),
		LocalDate:   date(&b.LocalDate),
		NewSigns:    fromNewSigns(b.NewSigns),
		PainAverage: b.NprsAvg24,
		PainWorst:   b.NprsWorst,
	})
	body := wire.CheckInResult{
		ID:           wire.ID(c.ID),
		LocalDate:    c.LocalDate.String(),
		NewSigns:     b.NewSigns,
		NprsAvg24:    c.PainAverage,
		NprsWorst:    c.PainWorst,
		ReceivedAt:   c.ReceivedAt,
		SafetyLevel:  wire.SafetyLevel(c.Verdict.Level),
		SafetyAdvice: optional(c.Verdict.Advice(door.LanguageOf(ctx))),
	}
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.CheckIn201JSONResponse(body), nil
	default:
		return wire.CheckIn200JSONResponse{CheckInJSONResponse: wire.CheckInJSONResponse(body)}, nil
	}
}

func toDraft(d intake.Draft) wire.IntakeDraft {
	draft := wire.IntakeDraft{
		Answers: toAnswers(d.Answers),
		Missing: mapped(d.Answers.Missing(), func(key string) string { return key }), NotAsked: toNotAsked(d.Answers),
	}
	if !d.SavedAt.IsZero() {
		draft.SavedAt = &d.SavedAt
	}
	if d.Last != nil {
		draft.DueOn = optional(d.DueOn.String())
		draft.Last = &wire.IntakeBrief{
			ID:          wire.ID(d.Last.ID),
			Number:      d.Last.Number,
			SubmittedOn: d.Last.SubmittedOn.String(),
		}
	}
	return draft
}

func toSubmitted(done intake.Submitted, l people.Language) wire.Intake {
	return wire.Intake{
		ID:           wire.ID(done.ID),
		Number:       done.Number,
		SubmittedOn:  done.SubmittedOn.String(),
		SubmittedAt:  done.SubmittedAt,
		SubmittedBy:  optional(string(done.SubmittedBy)),
		Answers:      toAnswers(done.Answers),
		SafetyLevel:  wire.SafetyLevel(done.Verdict.Level),
		SafetyAdvice: optional(done.Verdict.Advice(l)),
		NotAsked:     toNotAsked(done.Answers),
		MoodAdvice:   optional(done.Answers.MoodAdvice(l)),
	}
}

func toNotAsked(a intake.Answers) []string {
	return mapped(a.NotAsked(), func(sign safety.Sign) string { return string(sign) })
}

func toIntakeWithProfile(s intake.Submitted, l people.Language) wire.IntakeWithProfile {
	physical, psychosocial := s.Answers.Prognosis()
	support := s.Answers.Risk().Support()
	return wire.IntakeWithProfile{
		Intake: toSubmitted(s, l), Phase: wire.IntakeWithProfilePhase(s.Answers.Phase()),
		Mood: wire.IntakeWithProfileMood(s.Answers.Mood()), Risk: wire.IntakeWithProfileRisk(s.Answers.Risk()),
		Profile: mapped(s.Answers.Profile(), func(f intake.Factor) wire.Factor {
			return wire.Factor{Factor: f.Key, Value: f.Value, Worse: wire.FactorWorse(f.Worse)}
		}),
		PrognosticFactors: append(mapped(physical, func(key string) string { return key }), psychosocial...),
		SupportWeeks:      support.Weeks, SupportContacts: support.Contacts,
	}
}

// addChanges compares a profile with the previous one. A factor that was not asked then has no change.
func addChanges(profile, before []wire.Factor) {
	earlier := map[string]int{}
	for _, f := range before {
		earlier[f.Factor] = f.Value
	}
	for i, f := range profile {
		if was, asked := earlier[f.Factor]; asked {
			change := f.Value - was
			profile[i].Change = &change
		}
	}
}

func toIntakeQuestion(q intake.Question) wire.IntakeQuestion {
	question := wire.IntakeQuestion{
		Key:     q.Key,
		Kind:    wire.IntakeQuestionKind(q.Kind),
		Text:    wire.Translated{Nl: q.NL, En: q.EN},
		Options: q.Options,
		When:    optional(q.When),
	}
	if q.Max > 0 {
		question.Minimum, question.Maximum = &q.Min, &q.Max
	}
	return question
}

func toSignQuestion(q safety.Question) wire.SignQuestion {
	question := wire.SignQuestion{
		Sign: string(q.Sign), Text: wire.Translated{Nl: q.NL, En: q.EN}, Part: &q.Number, Form: &q.Form,
		Heading: &wire.Translated{Nl: q.Heading.NL, En: q.Heading.EN},
	}
	if q.OfNeck {
		question.OnlyNeck = &q.OfNeck
	}
	return question
}

func toAnswers(a intake.Answers) wire.IntakeAnswers {
	w := wire.IntakeAnswers{
		Weeks: a.Weeks, Prior: a.Prior, NprsAvg24: a.PainAverage, NprsWorst: a.PainWorst, Fear: a.Fear,
		Confidence: a.Confidence, Motivation: a.Motivation, Expectation: a.Expectation, BadNights: a.BadNights,
		Stress: a.Stress, Phq2Interest: a.PHQ2Interest, Phq2Mood: a.PHQ2Mood, PavsDays: a.ActiveDays,
		PavsMinutes: a.ActiveMinutes, StrengthDays: a.StrengthDays, WalkMinutes: a.WalkMinutes,
		WalkWeekMinutes: a.WalkWeekMinutes, Falls12M: a.Falls, Minutes: a.Minutes, Days: a.Days, WorkLoad: a.WorkLoad,
		WorkSatisfaction: a.WorkSatisfaction, SickHours: a.SickHours, Recovered: a.Recovered,
		RadiatingNumb: a.RadiatingNumb,
		RadiatingWeak: a.RadiatingWeak, WalkAid: a.WalkAid, LowerLimb: a.LowerLimb, Works: a.Works,
		Region: (*wire.IntakeAnswersRegion)(a.Region), Radiating: (*wire.IntakeAnswersRadiating)(a.Radiating),
		Likes:     toList(a.Likes, func(m exercise.Module) wire.Module { return wire.Module(m) }),
		Dislikes:  toList(a.Dislikes, func(m exercise.Module) wire.Module { return wire.Module(m) }),
		Equipment: toList(a.Equipment, func(e string) wire.EquipmentItem { return wire.EquipmentItem(e) }),
		Goals: toList(
			a.Goals,
			func(g intake.Goal) wire.IntakeGoal { return wire.IntakeGoal{Activity: g.Activity, Score: g.Score} },
		),
		Slots: toList(a.Slots, func(s intake.Slot) wire.IntakeSlot {
			return wire.IntakeSlot{Time: s.Time.String(), Anchor: optional(s.Anchor)}
		}),
	}
	if a.Signs != nil {
		signs := map[string]bool{}
		for sign, yes := range a.Signs {
			signs[string(sign)] = yes
		}
		w.Signs = &signs
	}
	return w
}

func toList[A, B any](list []A, convert func(A) B) *[]B {
	if list == nil {
		return nil
	}
	converted := mapped(list, convert)
	return &converted
}
