package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/rules/coping"
	"cadans/internal/rules/reminder"
	"cadans/internal/screens/prompt"
)

// ListMyPrompts implements StrictServerInterface.
func (s *Server) ListMyPrompts(
	ctx context.Context, r wire.ListMyPromptsRequestObject,
) (wire.ListMyPromptsResponseObject, error) {
	said, err := s.parts.Prompts.Mine(ctx, door.ViewerOf(ctx), reminder.Kind(value(r.Params.Kind)))
	return wire.ListMyPrompts200JSONResponse{Data: mapped(said, toPrompt)}, err
}

func toPrompt(p prompt.Prompt) wire.PromptBody {
	return wire.PromptBody{ID: p.ID, Version: p.Version, Text: inBoth(p.In), Actions: mapped(p.Actions, toAction)}
}

func toAction(a coping.Action) wire.BarrierAction {
	return wire.BarrierAction{
		Do:        string(a.Do),
		Operation: string(a.Operation),
		Reason:    optional(string(a.Reason)),
		Kind:      optional(wire.LighterKind(a.Kind)),
	}
}
