package web

import (
	"slices"
	"strconv"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
)

// programView shows the current program, planned versions, and the history.
type programView struct {
	head
	History program.History
	Now     *program.Version // in force today, or the first upcoming one
	Pause   *program.Pause   // that covers today

	cautious intake.Cautious // what the latest intake calls for
	Writes   bool
	Draft    bool // there is one
}

func (s *site) program(r *request) error {
	h, err := s.headOf(r, "/program")
	if err != nil {
		return err
	}
	v := programView{head: h, Writes: access.Enter(r.viewer, access.AdjustProgram) == nil}
	if v.History, v.cautious, err = s.parts.Programs.Cautioned(r.ctx, r.viewer, r.patient()); err != nil {
		return err
	}
	if current, err := v.History.Current(h.Today); err == nil {
		v.Now = &current
	}
	if pause, paused := v.History.PauseOn(h.Today); paused {
		v.Pause = &pause
	}
	switch _, err := s.parts.Programs.Draft(r.ctx, r.viewer, r.patient()); {
	case err == nil:
		v.Draft = true
	case !fault.Is(err, fault.NotFound):
		return err
	}
	return r.show("program", h.Person.Name, v)
}

// Etag is the state on which a change is based.
func (v programView) Etag() string { return v.History.Etag() }

// versionRow is a version and its changes.
type versionRow struct {
	program.Version
	From, Why   string
	Changes     []string
	MayWithdraw bool
	Withdrawn   string // the day on which it was withdrawn; empty if it was not
}

// Versions lists all versions, latest first.
func (v programView) Versions() (rows []versionRow) {
	var before program.Version
	for _, version := range v.History.Versions {
		rows = append(rows, versionRow{
			Version: version, From: v.Weekday(version.EffectiveFrom), Why: version.Reason.In(v.Language),
			Changes:     program.Diff(before, version, v.library, v.Language),
			MayWithdraw: v.Writes && version.MayWithdraw(v.Today),
		})
		before = version
	}
	for _, w := range v.History.Withdrawn {
		rows = append(rows, versionRow{
			Version: w.Version, From: v.Weekday(w.EffectiveFrom), Why: w.Reason.In(v.Language), Withdrawn: v.Day(w.At),
		})
	}
	slices.SortFunc(rows, func(a, b versionRow) int { return b.Number - a.Number })
	return rows
}

// withdraw takes back a version that has not started.
func (s *site) withdraw(r *request) error {
	_, err := s.parts.Detours.Withdraw(
		r.ctx, r.viewer, r.patient(), id.ProgramVersion(r.Params("version_id")), r.FormValue("etag"),
	)
	return r.answerForm(err, "withdraw", pathOf(r.patient())+"/program", func() error { return s.program(r) })
}

// Cautions name what keeps the next step of an item from the patient. A therapist may take it all the same.
func (v programView) Cautions(i program.Item) (all []string) {
	harder, is := i.Harder(v.library)
	if !is {
		return nil
	}
	for _, caution := range program.CautionAgainst(v.library, v.cautious, harder) {
		all = append(all, v.Say("program.adjust.caution", "because", caution.In(v.Language)))
	}
	return all
}

// IsLightened reports whether less than usual is asked today.
func (v programView) IsLightened() bool { return v.History.IsLightened(v.Today) }

// Minutes estimates the length of a session.
func (w Words) Minutes(v program.Version) int { return int(v.Duration().Minutes() + 0.5) }

// Asks describes what an item asks.
func (w Words) Asks(i program.Item) string { return i.Says(w.Language) }

// Exercise names an exercise; one that is no longer in the library is named by its slug.
func (w Words) Exercise(slug string) string { return w.nameIn(slug, w.Language == "nl") }

// Named names the exercise of an item as the patient sees it.
func (w Words) Named(i program.Item) string {
	e, err := w.library.AsSeen(i.Exercise, i.Revision)
	if err != nil {
		return i.Exercise
	}
	return e.Name.In(w.Language)
}

func (w Words) nameIn(slug string, dutch bool) string {
	e, err := w.library.Find(slug)
	switch {
	case err != nil:
		return slug
	case dutch:
		return e.Name.NL
	default:
		return e.Name.EN
	}
}

// For returns a library text in the reader's language.
func (w Words) For(t words.Pair) string { return t.In(w.Language) }

// adjust makes one exercise harder, lighter or easier from today on.
func (s *site) adjust(r *request) error {
	item, kind := r.FormValue("item_id"), r.FormValue("kind")
	body := fields{"id": r.FormValue("id"), "changes": []any{map[string]any{"item_id": item, "kind": kind}}}
	err := s.parts.Contract.Check(access.AdjustProgram, body)
	if err == nil {
		_, _, err = s.parts.Programs.Adjust(r.ctx, r.viewer, r.patient(), program.Adjustment{
			ID:      id.ProgramVersion(r.FormValue("id")),
			Changes: []program.Change{{Item: id.ProgramItem(item), Kind: program.ChangeKind(kind)}},
		}, r.FormValue("etag"))
	}
	return r.answerForm(err, "adjust", pathOf(r.patient())+"/program", func() error { return s.program(r) })
}

func (s *site) pause(r *request) error {
	f := fields{
		"id":         r.FormValue("id"),
		"reason":     r.FormValue("reason"),
		"start_date": r.FormValue("start_date"),
		"end_date":   r.FormValue("end_date"),
	}
	err := s.parts.Contract.Check(access.PausePatientProgram, f)
	if err == nil {
		_, _, err = s.parts.Programs.Pause(r.ctx, r.viewer, r.patient(), program.NewPause{
			ID: id.Pause(r.FormValue("id")), Reason: program.PauseReason(r.FormValue("reason")),
			Start: dayIn(r.FormValue("start_date")), End: dayIn(r.FormValue("end_date")),
		})
	}
	return r.answerForm(err, "pause", pathOf(r.patient())+"/program", func() error { return s.program(r) })
}

func (s *site) endPause(r *request) error {
	err := s.parts.Programs.EndPause(r.ctx, r.viewer, r.patient(), id.Pause(r.Params("pause_id")))
	return r.answerForm(err, "pause", pathOf(r.patient())+"/program", func() error { return s.program(r) })
}

// PauseSays says why the program is paused, and until when.
func (v programView) PauseSays() string {
	if v.Pause.IsEndless() {
		return v.Say("program.pause.safety")
	}
	return v.Say("program.pause.until", "day", v.Weekday(v.Pause.End))
}

// pauseRow is a pause that covers today or a later day.
type pauseRow struct {
	program.Pause
	Says string
}

// Pauses lists the pauses that can be ended, first one first. Only a decision ends that of the safety gate.
func (v programView) Pauses() (rows []pauseRow) {
	for _, p := range slices.Backward(v.History.Pauses) {
		if p.End.Before(v.Today) || p.Reason == program.SafetyPause {
			continue
		}
		rows = append(rows, pauseRow{p, v.Say(
			"program.pause.days", "from", v.Weekday(p.Start), "until", v.Weekday(p.End),
			"reason", v.Say("pause.reason."+string(p.Reason)),
		)})
	}
	return rows
}

// Title is the number of a version.
func (v versionRow) Title() string { return "v" + strconv.Itoa(v.Number) }
