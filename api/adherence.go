package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/progress"
)

// GetProgress implements StrictServerInterface.
func (s *Server) GetProgress(ctx context.Context, _ GetProgressRequestObject) (GetProgressResponseObject, error) {
	p, err := s.parts.Progress.Mine(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return GetProgress200JSONResponse{
		ActiveDays28: p.DaysDone, Last7Days: toRate(p.Last7), Last28Days: toRate(p.Last28),
		Band: optional(Band(adherence.BandOf(p.Last7))), WeeksOnPlan: toWeeks(p.Status.Weeks),
		Sentence: optional(p.Weeks), PainSentence: optional(p.PainSays),
		Goals: mapped(p.Goals, func(g progress.Goal) GoalProgress {
			return GoalProgress{Activity: g.Activity, FirstScore: g.First, LastScore: g.Last}
		}),
	}, nil
}

// GetMyAdherence implements StrictServerInterface.
func (s *Server) GetMyAdherence(
	ctx context.Context, r GetMyAdherenceRequestObject,
) (GetMyAdherenceResponseObject, error) {
	v := viewerOf(ctx)
	d, err := s.parts.Progress.Adherence(ctx, v, v.Patient, date(r.Params.Since), date(r.Params.Until))
	return GetMyAdherence200JSONResponse(toAdherenceSeries(d)), err
}

// GetMyPain implements StrictServerInterface.
func (s *Server) GetMyPain(ctx context.Context, r GetMyPainRequestObject) (GetMyPainResponseObject, error) {
	v := viewerOf(ctx)
	d, err := s.parts.Progress.Pain(ctx, v, v.Patient, date(r.Params.Since), date(r.Params.Until))
	return GetMyPain200JSONResponse(toPainSeries(d)), err
}

// GetPatientAdherence implements StrictServerInterface.
func (s *Server) GetPatientAdherence(
	ctx context.Context, r GetPatientAdherenceRequestObject,
) (GetPatientAdherenceResponseObject, error) {
	d, err := s.parts.Progress.Adherence(
		ctx, viewerOf(ctx), id.Patient(r.PatientID), date(r.Params.Since), date(r.Params.Until),
	)
	return GetPatientAdherence200JSONResponse(toAdherenceSeries(d)), err
}

// GetPatientPain implements StrictServerInterface.
func (s *Server) GetPatientPain(
	ctx context.Context, r GetPatientPainRequestObject,
) (GetPatientPainResponseObject, error) {
	d, err := s.parts.Progress.Pain(
		ctx, viewerOf(ctx), id.Patient(r.PatientID), date(r.Params.Since), date(r.Params.Until),
	)
	return GetPatientPain200JSONResponse(toPainSeries(d)), err
}

func toAdherenceSeries(d progress.Days) AdherenceSeries {
	series := AdherenceSeries{
		Days: make([]AdherenceDay, len(d.Days)),
		Weeks: mapped(d.Weeks, func(w progress.Week) AdherenceWeek {
			return AdherenceWeek{Monday: w.Monday.String(), Rate: toRate(w.Rate)}
		}),
	}
	for i, day := range d.Days {
		series.Days[i] = AdherenceDay{
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

func toPainSeries(d progress.Days) PainSeries {
	series := PainSeries{Versions: []VersionMark{}}
	series.Days = mapped(d.Days, func(day adherence.Day) PainDay {
		return PainDay{
			LocalDate:    day.Date.String(),
			BeforeTenths: day.Before.Mean(),
			AfterTenths:  day.After.Mean(),
			Highest:      day.PainMax,
		}
	})
	for _, v := range d.Versions {
		series.Versions = append(
			series.Versions, VersionMark{Number: v.Number, EffectiveFrom: v.EffectiveFrom.String()},
		)
	}
	return series
}

func toWeeks(w adherence.Weeks) WeeksOnPlan { return WeeksOnPlan{Met: w.Met, Of: w.Of} }

func toRate(r adherence.Rate) Rate {
	return Rate{
		Days:         r.Days,
		Done:         r.Done,
		Expected:     r.Expected(),
		Permille:     r.Sessions,
		DosePermille: r.Dose,
		RawPermille:  r.Raw,
	}
}
