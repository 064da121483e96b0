package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/screens/overview"
)

// GetPracticeMetrics implements StrictServerInterface.
func (s *Server) GetPracticeMetrics(
	ctx context.Context, r wire.GetPracticeMetricsRequestObject,
) (wire.GetPracticeMetricsResponseObject, error) {
	o, err := s.parts.Overview.Of(ctx, door.ViewerOf(ctx), date(r.Params.Since), date(r.Params.Until))
	if err != nil {
		return nil, err
	}
	language := door.LanguageOf(ctx)
	return wire.GetPracticeMetrics200JSONResponse{
		Since: o.Since.String(), Until: o.Until.String(), Patients: o.Patients,
		Adherence28Days: mapped(o.Adherence, toMetricCell),
		Barriers28Days:  mapped(o.Barriers, toMetricCell),
		Tiles: mapped(o.Tiles, func(t overview.Tile) wire.MetricTile {
			return wire.MetricTile{
				Dimension:  wire.MetricTileDimension(t.Dimension),
				Key:        t.Key,
				Value:      t.Value,
				Of:         t.Of,
				Definition: t.Definition(language),
			}
		}),
	}, nil
}

func toMetricCell(c overview.Cell) wire.MetricCell {
	return wire.MetricCell{Name: c.Name, Patients: c.Patients}
}
