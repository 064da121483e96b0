package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"cadans/api"
	"cadans/internal/kernel/database"
)

// lossView tells an admin what may be missing, and what to do about it.
type lossView struct{ Epoch, Says, Asks string }

// lost is the notice for an admin, where there is one. It stands above every page, also one about something that
// failed; so a notice that cannot be read is left out.
func (r *request) lost() *lossView {
	e, err := r.losses.Notice(r.ctx, r.viewer)
	if err != nil {
		r.log.Warn("the notice of a loss cannot be read", "request_id", api.RequestOf(r.Ctx), "error", err)
	}
	if e == nil {
		return nil
	}
	w := r.words()
	return &lossView{Epoch: e.ID, Says: w.lossSays(*e), Asks: w.lossAsks(*e)}
}

// lossAsks says what to do about it.
func (w Words) lossAsks(e database.Epoch) string {
	then := w.Say("in die tijd", "in that time")
	if e.Since == nil {
		then = w.Say("in de dagen daarvoor", "in the days before that")
	}
	return w.Say(
		"Telefoons sturen sessies en antwoorden vanzelf opnieuw. Controleer wat de praktijk zelf "+then+
			" heeft ingevoerd: "+
			"programma's, berichten en instellingen. Haalde u "+then+" iemands toegang weg? Doe dat dan nog een keer. "+
			"Koppelde u "+then+" een telefoon? Koppel die dan opnieuw.",
		"Phones send sessions and answers again by themselves. Check what your practice itself entered "+then+
			": programs, messages "+
			"and settings. Did you take somebody's access away "+then+"? Then do so once more. Did you pair a phone "+
			then+
			"? Then pair it again.",
	)
}

// lossSays says what happened, how much may be missing, and since when.
func (w Words) lossSays(e database.Epoch) string {
	text := w.Say(
		"De database is teruggezet naar een eerder moment, op ", "The database went back to an earlier moment, on ",
	)
	if e.Reason == database.Replaced {
		text = w.Say("Een andere databaseserver heeft het overgenomen, op ", "Another database server took over, on ")
	}
	text += w.instant(e.BegunAt) + ". "
	switch {
	case e.Missing == nil:
		text += w.Say(
			"Misschien ontbreken er wijzigingen. Hoeveel weten we niet.",
			"Changes may be missing. We do not know how many.",
		)
	case *e.Missing == 1:
		text += w.Say("Misschien ontbreekt er 1 wijziging.", "1 change may be missing.")
	default:
		n := strconv.FormatInt(*e.Missing, 10)
		text += w.Say("Misschien ontbreken er "+n+" wijzigingen.", n+" changes may be missing.")
	}
	if e.Since != nil {
		text += w.Say(" Het gaat om wat is opgeslagen na ", " This is about what was saved after ") +
			w.instant(*e.Since) + "."
	}
	return text
}

// instant writes a moment of the server, which has no patient's zone.
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
