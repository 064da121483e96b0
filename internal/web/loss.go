package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"cadans/api/door"
	"cadans/internal/kernel/database"
)

// lossView tells an admin what may be missing, and what to do about it.
type lossView struct{ Epoch, Says, Asks string }

// notice returns the notice for an admin, if there is one. Every page shows it, including error pages; so if the
// notice cannot be read, it is left out.
func (r *request) notice() *lossView {
	e, err := r.losses.Notice(r.ctx, r.viewer)
	if err != nil {
		r.log.Warn("the notice of a loss cannot be read", "request_id", door.RequestOf(r.Ctx), "error", err)
	}
	if e == nil {
		return nil
	}
	w := r.words()
	return &lossView{Epoch: e.ID, Says: w.lossSays(*e), Asks: w.lossAsks(*e)}
}

// lossAsks says what to do about it.
func (w Words) lossAsks(e database.Epoch) string {
	when := w.Say("loss.when.since")
	if e.Since == nil {
		when = w.Say("loss.when.unknown")
	}
	return w.Say("loss.asks", "when", when)
}

// lossSays says what happened, how much may be missing, and since when.
func (w Words) lossSays(e database.Epoch) string {
	key := "loss.restored"
	if e.Reason == database.Replaced {
		key = "loss.replaced"
	}
	said := []string{w.Say(key, "when", w.instant(e.BegunAt))}
	if e.Missing == nil {
		said = append(said, w.Say("loss.missing.unknown"))
	} else {
		said = append(said, w.Say("loss.missing", "n", *e.Missing))
	}
	if e.Since != nil {
		said = append(said, w.Say("loss.since", "when", w.instant(*e.Since)))
	}
	return strings.Join(said, " ")
}

// instant formats a time without a patient's zone.
func (w Words) instant(t time.Time) string {
	return w.Moment(t, time.UTC) + " " + t.UTC().Format("15:04") + " UTC"
}

// dismissLoss ends the notice for the admin's practice.
func (s *site) dismissLoss(r *request) error {
	if err := s.parts.Losses.Dismiss(r.ctx, r.viewer, r.FormValue("epoch")); err != nil {
		return err
	}
	back := r.FormValue("back")
	if !isLocal(back) {
		back = "/"
	}
	return r.Redirect(back, fiber.StatusSeeOther)
}
