package door

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/sparse"
)

// Failures writes failed requests to the log. A fault of the program is an error each time, and so is a write whose
// outcome nobody knows. Trouble outside, such as a database that is away, passes by itself and fails every request
// meanwhile: it is a warning once a minute.
type Failures struct {
	log     *slog.Logger
	passing *sparse.Log
}

// NewFailures returns a log of failures.
func NewFailures(c clock.Clock, log *slog.Logger) *Failures {
	return &Failures{log: log, passing: sparse.New(c, log)}
}

// Note writes that a request failed, where it did. Each request has a line of its own anyway, with its status.
func (f *Failures) Note(c *fiber.Ctx, err error) {
	known := classify(err)
	about := []any{"request_id", RequestOf(c), "operation", operationOf(c), "error", err}
	switch {
	case statuses[known.Kind] < http.StatusInternalServerError || errors.Is(known, errOverloaded):
		return
	case errors.Is(known, database.ErrPerhapsStored):
		f.log.Warn("a write may have been stored", about...)
	case known.Kind == fault.Transient:
		f.passing.Warn("requests cannot be answered now", known.Message, about...)
	default:
		f.log.Error("request failed", about...)
	}
}
