package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/record/barrier"
	"cadans/internal/rules/coping"
	"cadans/pkg/localtime"
)

// GetActionPlan implements StrictServerInterface.
func (s *Server) GetActionPlan(
	ctx context.Context, _ wire.GetActionPlanRequestObject,
) (wire.GetActionPlanResponseObject, error) {
	p, err := s.parts.Coping.Mine(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return wire.GetActionPlan200JSONResponse{ActionPlanJSONResponse: toActionPlan(p)}, nil
}

// SaveActionPlan implements StrictServerInterface.
func (s *Server) SaveActionPlan(
	ctx context.Context, r wire.SaveActionPlanRequestObject,
) (wire.SaveActionPlanResponseObject, error) {
	wanted, err := fromActionPlan(*r.Body)
	if err != nil {
		return nil, err
	}
	if err := s.parts.Coping.Save(ctx, door.ViewerOf(ctx), wanted, ifMatch(r.Params.IfMatch)); err != nil {
		return nil, err
	}
	return wire.SaveActionPlan200JSONResponse{ActionPlanJSONResponse: toActionPlan(wanted)}, nil
}

func fromActionPlan(n wire.NewActionPlan) (coping.Plan, error) {
	var clock clockReader
	p := coping.Plan{After: value(n.After), Place: value(n.Place), Exercises: n.Exercises}
	if n.At != nil {
		at := clock.read(*n.At)
		p.At = &at
	}
	if n.Coping != nil {
		p.Coping = &coping.Coping{Barrier: barrier.Barrier(n.Coping.Barrier), Then: n.Coping.Then}
	}
	return p, clock.err
}

func toActionPlan(p coping.Plan) wire.ActionPlanJSONResponse {
	shown := wire.ActionPlan{
		After:     optional(p.After),
		Place:     optional(p.Place),
		Exercises: p.Exercises,
		Sentence:  inBoth(p.Sentence),
		At:        clockText(p.At),
	}
	if p.Coping != nil {
		smaller := inBoth(p.Smaller)
		shown.Coping, shown.Smaller = &wire.CopingPlan{
			Barrier: wire.Barrier(p.Coping.Barrier),
			Then:    p.Coping.Then,
		}, &smaller
	}
	return wire.ActionPlanJSONResponse{Body: shown, Headers: wire.ActionPlanResponseHeaders{ETag: etag(p.Etag())}}
}

func clockText(t *localtime.TimeOfDay) *string {
	if t == nil {
		return nil
	}
	text := t.String()
	return &text
}
