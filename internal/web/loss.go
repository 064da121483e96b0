package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"cadans/api"
	"cadans/internal/database"
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
	return &lossView{Epoch: e.ID, Says: w.lossSays(*e), Asks: w.Say(
		"Telefoons sturen sessies en antwoorden vanzelf opnieuw. Controleer wat de praktijk zelf in die tijd heeft ingevoerd: "+
			"programma's, berichten en instellingen. Haalde u in die tijd iemands toegang weg? Doe dat dan nog een keer. "+
			"Koppelde u in die tijd een telefoon? Koppel die dan opnieuw.",
		"Phones send sessions and answers again by themselves. Check what your practice itself entered in that time: programs, "+
			"messages and settings. Did you take somebody's access away in that time? Then do so once more. Did you pair a phone in "+
			"that time? Then pair it again.",
	)}
}

// lossSays says what happened, how much may be missing, and since when.
func (w Words) lossSays(e database.Epoch) string {
	text := w.Say("De database is teruggezet naar een eerder moment, op ", "The database went back to an earlier moment, on ")
	if e.Reason == database.Replaced {
		text = w.Say("Een andere databaseserver heeft het overgenomen, op ", "Another database server took over, on ")
	}
	text += w.instant(e.BegunAt) + ". "
	switch {
	case e.Missing == nil:
		text += w.Say("Er kunnen wijzigingen ontbreken. Hoeveel is niet bekend.", "Changes may be missing. How many is not known.")
	case *e.Missing == 1:
		text += w.Say("Er kan 1 keer opslaan ontbreken.", "What was saved once may be missing.")
	default:
		n := strconv.FormatInt(*e.Missing, 10)
		text += w.Say("Er kan ontbreken wat "+n+" keer is opgeslagen.", "What was saved "+n+" times may be missing.")
	}
	if e.Since != nil {
		text += w.Say(" Het gaat om wat er is opgeslagen na ", " It was saved after ") + w.instant(*e.Since) + "."
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
