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

// Failures logs failed requests. A defect of the program is an error each time, and so is a write with an unknown
// outcome. An external failure, such as an unavailable database, passes and fails every request until then, so it is a
// warning once a minute.
type Failures struct {
	log     *slog.Logger
	passing *sparse.Log
}

// NewFailures returns a logger of failures.
func NewFailures(c clock.Clock, log *slog.Logger) *Failures {
	return &Failures{log: log, passing: sparse.New(c, log)}
}

// Note logs that a request failed, and where. Each request also has a log line of its own with its status.
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
