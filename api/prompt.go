package api

import (
	"context"

	"cadans/internal/rules/coping"
	"cadans/internal/rules/reminder"
	"cadans/internal/screens/prompt"
)

// ListMyPrompts implements StrictServerInterface.
func (s *Server) ListMyPrompts(ctx context.Context, r ListMyPromptsRequestObject) (ListMyPromptsResponseObject, error) {
	said, err := s.parts.Prompts.Mine(ctx, viewerOf(ctx), reminder.Kind(value(r.Params.Kind)))
	return ListMyPrompts200JSONResponse{Data: mapped(said, toPrompt)}, err
}

func toPrompt(p prompt.Prompt) PromptBody {
	return PromptBody{ID: p.ID, Version: p.Version, Text: inBoth(p.In), Actions: mapped(p.Actions, toAction)}
}

func toAction(a coping.Action) BarrierAction {
	return BarrierAction{
		Do:        string(a.Do),
		Operation: string(a.Operation),
		Reason:    optional(string(a.Reason)),
		Kind:      optional(LighterKind(a.Kind)),
	}
}
