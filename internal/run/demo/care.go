package demo

import (
	"context"
	"time"

	"cadans/internal/kernel/id"
	"cadans/internal/record/activity"
	"cadans/internal/record/alert"
	"cadans/internal/record/education"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/record/told"
	"cadans/internal/rules/detour"
	"cadans/internal/rules/prevention"
	"cadans/internal/rules/proposal"
)

// Which of the first sixteen patients shows which feature, by number. Later patients have the same courses without
// these features.
const (
	infected  = 9  // a safety stop that waits for a decision
	expecting = 10 // a review that was cleared
	fearful   = 12
	worse     = 15 // a flare that began two days ago
)

// is reports whether the patient is the one that shows a feature.
func (p *person) is(place int) bool { return p.number-1 == place }

func of[T any](v T) *T { return &v }

// answers is the intake of a patient, by the course that follows.
func (p *person) answers(weeks int) intake.Answers {
	region := intake.LowBack
	if p.complaint == people.Neck {
		region = intake.Neck
	}
	a := intake.Answers{
		Region: &region, Weeks: of(weeks + 14), Recovered: of(p.course.recovers && weeks > 0), Prior: of(p.number % 5),
		PainAverage: of(min(p.course.pain+1, 10)), PainWorst: of(min(p.course.pain+3, 10)),
		Radiating: of(intake.NoRadiation), Fear: of(p.number % 6), Confidence: of(5 + p.number%5),
		Motivation: of(6 + p.number%4), Expectation: of(5 + p.number%5), BadNights: of(p.number % 5),
		Stress: of(p.number * 3 % 9), PHQ2Interest: of(p.number % 2), PHQ2Mood: of(p.number / 2 % 2),
		ActiveDays: of(2 + p.number%5), ActiveMinutes: of(25), StrengthDays: of(p.number % 3),
		WalkMinutes: of(20 + p.number%20), WalkWeekMinutes: of(40 + p.number%50), WalkAid: of(false),
		LowerLimb: of(p.number%7 == 6), Falls: of(0), Minutes: of(15 + p.number%3*5), Days: of(5),
		Likes: []exercise.Module{}, Dislikes: []exercise.Module{}, Equipment: []string{"mat", "chair", "wall", "shoes"},
		Goals: []intake.Goal{
			{Activity: p.language.Pick("een half uur in de tuin werken", "half an hour of gardening"), Score: 4},
		},
		Works: of(p.number%3 != 0), WorkLoad: of(p.number % 9), WorkSatisfaction: of(5 + p.number%5),
		SickHours: of(p.number % 4 * 6),
		Signs:     map[safety.Sign]bool{},
	}
	for _, q := range intake.SafetyQuestions {
		a.Signs[q.Sign] = false
	}
	if p.is(fearful) {
		a.Fear = of(8)
	}
	a.Signs[safety.Pregnancy] = p.is(expecting) && weeks == 0
	a.Signs[safety.Infection] = p.is(infected) && weeks > 0
	return a
}

// tells sends an intake. For a patient without a phone the therapist enters it.
func (p *person) tells(ctx context.Context, weeks int) error {
	viewer := p.viewer
	if !p.course.paired {
		viewer = p.therapist
	}
	if _, err := p.seeder.app.Intakes.Save(ctx, viewer, p.id, p.answers(weeks)); err != nil {
		return err
	}
	done, _, err := p.seeder.app.Intakes.Submit(ctx, viewer, p.id, id.Intake(p.newID()))
	if err != nil || done.Verdict.Level != safety.Review {
		return err
	}
	return p.cleared(ctx)
}

// cleared records the decision of the therapist about a review, which in the demo is always "cleared".
func (p *person) cleared(ctx context.Context) error {
	reports, err := p.seeder.app.Safety.Reports(ctx, p.therapist, p.id)
	if err != nil {
		return err
	}
	_, _, err = p.seeder.app.Safety.Decide(ctx, p.therapist, p.id, reports[0].ID, safety.Decision{
		ID: id.SafetyDecision(p.newID()), Outcome: safety.Cleared, Note: "Onderzocht en besproken; oefenen kan.",
	})
	return err
}

// proposed makes a proposal and publishes the first version as a change of it. Every fourth therapist has another one
// still open.
func (p *person) proposed(ctx context.Context, first program.NewVersion) error {
	made, _, err := p.seeder.app.Proposals.Propose(ctx, p.therapist, p.id, id.Proposal(p.newID()))
	if err != nil {
		return err
	}
	_, err = p.seeder.app.Proposals.Decide(ctx, p.therapist, p.id, made.ID, proposal.Choice{
		Outcome: proposal.Changed,
		Reason:  "Sluit beter aan bij de doelen.",
		Version: &first,
		Based:   program.History{}.Etag(),
	})
	if err != nil || p.number%4 != 0 {
		return err
	}
	_, _, err = p.seeder.app.Proposals.Propose(ctx, p.therapist, p.id, id.Proposal(p.newID()))
	return err
}

// care adds what happens on a day besides the exercises; left is how many days follow until today.
func (p *person) care(ctx context.Context, day, left int) error {
	if !p.course.paired {
		return nil
	}
	if p.last != "" && left <= 16 && day == p.lastOn+1 {
		p.at(day, 8*60)
		if err := p.seeder.app.Sessions.Settle(ctx, p.viewer, p.last, true); err != nil {
			return err
		}
		p.last = ""
	}
	switch {
	case p.is(infected) && left == 2:
		p.at(day, 19*60)
		return p.tells(ctx, 10)
	case day == 28 && left > 0 && !p.is(infected):
		p.at(day, 19*60)
		return p.tells(ctx, 4)
	case p.is(worse) && left == 2:
		p.at(day, 7*60)
		worse := detour.Flare{ID: id.Detour(p.newID()), Days: 5}
		_, _, err := p.seeder.app.Detours.DeclareFlare(ctx, p.viewer, worse)
		return err
	case p.course.recovers && day >= 56:
		return p.walk(ctx, day)
	default:
		return p.learn(ctx, day)
	}
}

// learn reads, writes and measures.
func (p *person) learn(ctx context.Context, day int) error {
	switch day {
	case 1:
		p.at(day, 20*60)
		return p.measure(ctx, "baseline")
	case 5, 12:
		p.at(day, 20*60)
		_, err := p.seeder.app.Education.Respond(ctx, p.viewer, day/7+1, id.ModuleResponse(p.newID()),
			p.language.Pick("Na een slechte nacht doet het meer pijn.", "After a bad night it hurts more."), true)
		return err
	case 9:
		p.at(day, 16*60)
		_, err := p.seeder.app.Education.Answer(ctx, p.therapist, p.id, 1, p.language.Pick(
			"Goed gezien. Let deze week eens op wat u die dag wel lukt.",
			"Well noticed. This week, look at what you do manage on such a day."))
		if err != nil {
			return err
		}
		return p.calledBack(ctx)
	case 16:
		p.at(day, 12*60)
		return p.seeder.app.Education.SaveActivity(ctx, p.viewer, education.Activity{
			ID: id.ValuedActivity(p.newID()), PlannedOn: p.start.AddDays(20), Done: of(p.number%3 > 0),
			Activity: p.language.Pick("Koffie drinken op de markt", "Coffee at the market"),
		})
	case 30:
		p.at(day, 20*60)
		return p.measure(ctx, "week_4")
	}
	return nil
}

// calledBack closes the alert that asked for contact after a small start.
func (p *person) calledBack(ctx context.Context) error {
	open, err := p.seeder.app.Alerts.List(
		ctx, p.therapist, alert.Filter{States: []alert.State{alert.Open}, Patient: p.id},
	)
	if err != nil {
		return err
	}
	for _, a := range open.Alerts {
		if a.Kind == proposal.ContactKind {
			_, _, err = p.seeder.app.Alerts.Resolve(
				ctx, p.therapist, a.ID,
				alert.Resolution{Outcome: "contacted", Note: "Gebeld; na de koffie gaat het lukken."},
			)
		}
	}
	return err
}

func (p *person) measure(ctx context.Context, moment string) error {
	pain := p.course.pain + 2
	if moment != "baseline" {
		pain = p.course.pain
	}
	_, _, err := p.seeder.app.Questionnaires.Answer(ctx, p.viewer, id.Score(p.newID()), moment+"/nprs",
		map[string]int{"average": min(pain, 10), "worst": min(pain+2, 10)})
	if err != nil {
		return err
	}
	_, _, err = p.seeder.app.Questionnaires.Answer(ctx, p.viewer, id.Score(p.newID()), moment+"/psfs",
		map[string]int{"activity_1": max(8-pain, 0)})
	return err
}

// walk follows the walking plan of somebody who has recovered: its start, the walks, and the night after each Sunday.
func (p *person) walk(ctx context.Context, day int) error {
	date := p.start.AddDays(day)
	if day == 56 {
		p.at(day, 10*60)
		_, _, err := p.seeder.app.Prevention.Start(
			ctx, p.therapist, p.id, prevention.NewPlan{ID: id.WalkingPlan(p.newID())},
		)
		return err
	}
	if weekday := date.Weekday(); weekday == time.Sunday {
		if p.at(day, 24*60-1); p.seeder.clock.Now().Equal(p.seeder.Now) {
			return nil // tonight is still to come
		}
		return p.seeder.app.Jobs.Sweep(ctx)
	} else if weekday == time.Friday || weekday == time.Wednesday {
		return nil
	}
	end := p.at(day, 10*60)
	_, err := p.seeder.app.Activities.Store(ctx, p.viewer, []activity.Record{{
		Source: "healthkit", ExternalID: "walk-" + date.String(), Version: 1, Kind: "walk",
		Start: end.Add(-20 * time.Minute).In(p.zone), End: end.In(p.zone),
	}}, told.Body{})
	return err
}
