package api

import (
	"context"
	"io"

	"github.com/gofiber/fiber/v2"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/record/exercise"
)

// AddMedia implements StrictServerInterface.
func (s *Server) AddMedia(ctx context.Context, r wire.AddMediaRequestObject) (wire.AddMediaResponseObject, error) {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	m, created, err := s.parts.Exercises.AddMedia(ctx, door.ViewerOf(ctx), content)
	if err != nil {
		return nil, err
	}
	body := wire.MediaBody{Hash: m.Hash, Type: string(m.Type), Bytes: len(m.Content)}
	if created {
		return wire.AddMedia201JSONResponse(body), nil
	}
	return wire.AddMedia200JSONResponse{MediaJSONResponse: wire.MediaJSONResponse(body)}, nil
}

// GetMedia implements StrictServerInterface.
func (s *Server) GetMedia(ctx context.Context, r wire.GetMediaRequestObject) (wire.GetMediaResponseObject, error) {
	m, err := s.parts.Exercises.Media(ctx, door.ViewerOf(ctx), r.MediaHash)
	return mediaAnswer(m), err
}

type mediaAnswer exercise.Media

// VisitGetMediaResponse implements GetMediaResponseObject.
func (m mediaAnswer) VisitGetMediaResponse(c *fiber.Ctx) error {
	return door.SendMedia(c, exercise.Media(m))
}
