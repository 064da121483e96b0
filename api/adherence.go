package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/pain"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/progress"
)

// GetProgress implements StrictServerInterface.
func (s *Server) GetProgress(
	ctx context.Context, _ wire.GetProgressRequestObject,
) (wire.GetProgressResponseObject, error) {
	p, err := s.parts.Progress.Mine(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return wire.GetProgress200JSONResponse{
		ActiveDays28: p.DaysDone, Last7Days: toRate(p.Last7), Last28Days: toRate(p.Last28),
		Band: optional(wire.Band(adherence.BandOf(p.Last7))), WeeksOnPlan: toWeeks(p.Status.Weeks),
		Sentence: optional(p.Weeks), PainSentence: optional(p.PainSays),
		Goals: mapped(p.Goals, func(g progress.Goal) wire.GoalProgress {
			return wire.GoalProgress{Activity: g.Activity, FirstScore: g.First, LastScore: g.Last}
		}),
	}, nil
}

// GetMyAdherence implements StrictServerInterface.
func (s *Server) GetMyAdherence(
	ctx context.Context, r wire.GetMyAdherenceRequestObject,
) (wire.GetMyAdherenceResponseObject, error) {
	v := door.ViewerOf(ctx)
	d, err := s.parts.Progress.Adherence(ctx, v, v.Patient, date(r.Params.Since), date(r.Params.Until))
	return wire.GetMyAdherence200JSONResponse(toAdherenceSeries(d)), err
}

// GetMyPain implements StrictServerInterface.
func (s *Server) GetMyPain(ctx context.Context, r wire.GetMyPainRequestObject) (wire.GetMyPainResponseObject, error) {
	v := door.ViewerOf(ctx)
	d, err := s.parts.Progress.Pain(ctx, v, v.Patient, date(r.Params.Since), date(r.Params.Until))
	return wire.GetMyPain200JSONResponse(toPainSeries(d)), err
}

// GetPatientAdherence implements StrictServerInterface.
func (s *Server) GetPatientAdherence(
	ctx context.Context, r wire.GetPatientAdherenceRequestObject,
) (wire.GetPatientAdherenceResponseObject, error) {
	d, err := s.parts.Progress.Adherence(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), date(r.Params.Since), date(r.Params.Until),
	)
	return wire.GetPatientAdherence200JSONResponse(toAdherenceSeries(d)), err
}

// GetPatientPain implements StrictServerInterface.
func (s *Server) GetPatientPain(
	ctx context.Context, r wire.GetPatientPainRequestObject,
) (wire.GetPatientPainResponseObject, error) {
	d, err := s.parts.Progress.Pain(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), date(r.Params.Since), date(r.Params.Until),
	)
	return wire.GetPatientPain200JSONResponse(toPainSeries(d)), err
}

func toAdherenceSeries(d progress.Days) wire.AdherenceSeries {
	series := wire.AdherenceSeries{
		Days: make([]wire.AdherenceDay, len(d.Days)),
		Weeks: mapped(d.Weeks, func(w progress.Week) wire.AdherenceWeek {
			return wire.AdherenceWeek{Monday: w.Monday.String(), Rate: toRate(w.Rate)}
		}),
	}
	for i, day := range d.Days {
		series.Days[i] = wire.AdherenceDay{
			LocalDate:        day.Date.String(),
			Mark:             marks[d.Marks[i]],
			ExpectedSevenths: day.Expected7,
			Done:             day.Done + day.PauseDone,
			Sessions:         day.Sessions,
			Late:             day.Late,
			Minutes:          map[string]int{},
		}
		for module, seconds := range day.Work {
			series.Days[i].Minutes[string(module)] = (seconds + 30) / 60
		}
	}
	return series
}

func toPainSeries(d progress.Days) wire.PainSeries {
	series := wire.PainSeries{Versions: []wire.VersionMark{}, Points: mapped(d.Points, toPainPoint)}
	series.Days = mapped(d.Days, func(day adherence.Day) wire.PainDay {
		return wire.PainDay{
			LocalDate:    day.Date.String(),
			BeforeTenths: day.Before.Mean(),
			AfterTenths:  day.After.Mean(),
			Highest:      day.PainMax,
		}
	})
	for _, v := range d.Versions {
		series.Versions = append(
			series.Versions, wire.VersionMark{Number: v.Number, EffectiveFrom: v.EffectiveFrom.String()},
		)
	}
	return series
}

func toPainPoint(p pain.Point) wire.PainPoint {
	return wire.PainPoint{
		LocalDate: p.Day.String(), At: p.At, Source: wire.PainPointSource(p.Source), Kind: wire.PainPointKind(p.Kind),
		Score: p.Value,
	}
}

func toWeeks(w adherence.Weeks) wire.WeeksOnPlan { return wire.WeeksOnPlan{Met: w.Met, Of: w.Of} }

func toRate(r adherence.Rate) wire.Rate {
	return wire.Rate{
		Days:         r.Days,
		Done:         r.Done,
		Expected:     r.Expected(),
		Permille:     r.Sessions,
		DosePermille: r.Dose,
		RawPermille:  r.Raw,
	}
}
