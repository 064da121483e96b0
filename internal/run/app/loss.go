package app

import (
	"context"
	"log/slog"
	"time"

	"cadans/internal/kernel/database"
)

// logLoss logs that acknowledged changes may be missing: how many commits, since when, and how that was detected.
func logLoss(log *slog.Logger, e database.Epoch) {
	if !e.MayMiss() {
		log.Warn(
			"another database server took over; nothing that was acknowledged is missing", "reason", string(e.Reason),
		)
		return
	}
	attributes := []any{"reason", string(e.Reason), "epoch", e.ID, "epoch_begun", e.BegunAt.Format(time.RFC3339)}
	if e.Missing != nil {
		attributes = append(attributes, "missing_commits", *e.Missing)
	}
	if e.Since != nil {
		attributes = append(attributes, "since", e.Since.Format(time.RFC3339Nano))
	}
	log.Error("acknowledged changes may be missing from the database", attributes...)
}

// warnOfStandby warns an operator whose server answers commits that its standby does not have yet.
func warnOfStandby(ctx context.Context, db *database.DB, log *slog.Logger) error {
	why, err := db.MayLose(ctx)
	if err == nil && why != "" {
		log.Warn("a failover could lose acknowledged changes; README.md says how to run with none lost", "why", why)
	}
	return err
}
