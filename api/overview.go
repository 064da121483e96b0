package api

import (
	"context"

	"cadans/internal/screens/overview"
)

// GetPracticeMetrics implements StrictServerInterface.
func (s *Server) GetPracticeMetrics(
	ctx context.Context, r GetPracticeMetricsRequestObject,
) (GetPracticeMetricsResponseObject, error) {
	o, err := s.parts.Overview.Of(ctx, viewerOf(ctx), date(r.Params.Since), date(r.Params.Until))
	if err != nil {
		return nil, err
	}
	language := callerOf(ctx).language
	return GetPracticeMetrics200JSONResponse{
		Since: o.Since.String(), Until: o.Until.String(), Patients: o.Patients,
		Adherence28Days: mapped(o.Adherence, toMetricCell),
		Barriers28Days:  mapped(o.Barriers, toMetricCell), Tiles: mapped(o.Tiles, func(t overview.Tile) MetricTile {
			return MetricTile{
				Dimension:  MetricTileDimension(t.Dimension),
				Key:        t.Key,
				Value:      t.Value,
				Of:         t.Of,
				Definition: t.In(language),
			}
		}),
	}, nil
}

func toMetricCell(c overview.Cell) MetricCell { return MetricCell{Name: c.Name, Patients: c.Patients} }
