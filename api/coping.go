package api

import (
	"context"

	"cadans/internal/record/barrier"
	"cadans/internal/rules/coping"
	"cadans/pkg/localtime"
)

// GetActionPlan implements StrictServerInterface.
func (s *Server) GetActionPlan(ctx context.Context, _ GetActionPlanRequestObject) (GetActionPlanResponseObject, error) {
	p, err := s.parts.Coping.Mine(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return GetActionPlan200JSONResponse{toActionPlan(p)}, nil
}

// SaveActionPlan implements StrictServerInterface.
func (s *Server) SaveActionPlan(
	ctx context.Context, r SaveActionPlanRequestObject,
) (SaveActionPlanResponseObject, error) {
	wanted, err := fromActionPlan(*r.Body)
	if err != nil {
		return nil, err
	}
	if err := s.parts.Coping.Save(ctx, viewerOf(ctx), wanted, ifMatch(r.Params.IfMatch)); err != nil {
		return nil, err
	}
	return SaveActionPlan200JSONResponse{toActionPlan(wanted)}, nil
}

func fromActionPlan(n NewActionPlan) (coping.Plan, error) {
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

func toActionPlan(p coping.Plan) ActionPlanJSONResponse {
	shown := ActionPlan{
		After:     optional(p.After),
		Place:     optional(p.Place),
		Exercises: p.Exercises,
		Sentence:  inBoth(p.Sentence),
		At:        clockText(p.At),
	}
	if p.Coping != nil {
		smaller := inBoth(p.Smaller)
		shown.Coping, shown.Smaller = &CopingPlan{Barrier: Barrier(p.Coping.Barrier), Then: p.Coping.Then}, &smaller
	}
	return ActionPlanJSONResponse{Body: shown, Headers: ActionPlanResponseHeaders{ETag: etag(p.Etag())}}
}

func clockText(t *localtime.TimeOfDay) *string {
	if t == nil {
		return nil
	}
	text := t.String()
	return &text
}
