package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadans/api/inbound"
	"cadans/api/wire"
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// draftView is the program editor. Every button of it keeps what was written, as a draft that the patient does not see.
type draftView struct {
	head
	Draft    program.Draft
	Etag     string // empty before the first save
	Library  []exercise.Exercise
	Now      program.Version // in force; the zero version without a program
	After    program.Version // as it would be published
	Changes  []string
	Version  string         // the id that publishing would use
	Conflict bool           // another version was published since the draft was begun
	Other    []program.Item // of the draft that somebody stored while this one was written; nil when nobody did

	cautious intake.Cautious // what the latest intake calls for
}

// Cautions name what keeps an exercise of the draft from the patient. It may be published all the same.
func (v draftView) Cautions() (all []string) {
	for _, item := range v.After.Items {
		for _, caution := range program.CautionAgainst(v.library, v.cautious, item) {
			all = append(all, caution.In(v.Language))
		}
	}
	return all
}

func (s *site) draft(r *request) error {
	v, err := s.readDraft(r)
	if err != nil {
		return err
	}
	return s.showDraft(r, v)
}

func (s *site) showDraft(r *request, v draftView) error {
	v.attempt = r.attempt
	v.After = program.Version{EffectiveFrom: v.Draft.EffectiveFrom, PublishedAt: s.parts.Clock.Now()}
	if v.After.EffectiveFrom.IsZero() {
		v.After.EffectiveFrom = v.Today
	}
	v.After.Items = s.itemsIn(v.Draft)
	v.Changes = program.Diff(v.Now, v.After, s.parts.Library, v.Language)
	return r.show("draft", v.Person.Name, v)
}

// readDraft returns the draft, or what it would begin with: the program in force.
func (s *site) readDraft(r *request) (v draftView, err error) {
	if v.head, err = s.headOf(r, "/program"); err != nil {
		return v, err
	}
	history, cautious, err := s.parts.Programs.Cautioned(r.ctx, r.viewer, r.patient())
	if err != nil {
		return v, err
	}
	v.cautious = cautious
	if current, err := history.Current(v.Today); err == nil {
		v.Now = current
	}
	library, err := s.parts.Exercises.Library(r.ctx, r.viewer)
	if err != nil {
		return v, err
	}
	v.Library, v.Version = library.All(), id.New()
	switch v.Draft, err = s.parts.Programs.Draft(r.ctx, r.viewer, r.patient()); {
	case err == nil:
		v.Etag, v.Conflict = v.Draft.Etag(), v.Draft.Moved != ""
	case fault.Is(err, fault.NotFound):
		v.Draft = program.Draft{Items: itemsOf(v.Now)}
	default:
		return v, err
	}
	return v, nil
}

func itemsOf(v program.Version) (items []program.NewItem) {
	for _, i := range v.Items {
		items = append(items, i.AsNew())
	}
	return items
}

// saveDraft keeps the draft, after what its button asks: another order, one exercise less or more. What cannot be
// stored is shown as it was written; where somebody else was faster, what they stored is.
func (s *site) saveDraft(r *request) error {
	before, err := s.readDraft(r)
	if err != nil {
		return err
	}
	body := r.draftOf()
	d := keeping(inbound.Draft(as[wire.ProgramDraft](body)), before.Draft)
	before.press(r.FormValue("press"), &d)
	err = s.parts.Contract.Check(access.SaveProgramDraft, body)
	if err == nil {
		_, err = s.parts.Programs.SaveDraft(r.ctx, r.viewer, r.patient(), d, r.FormValue("etag"))
	}
	if fault.Is(err, fault.Stale) || fault.Is(err, fault.Unconditional) { // the page began before there was a draft
		err = errOtherDraft
	}
	return r.answerForm(err, "draft", pathOf(r.patient())+"/program/draft", func() error {
		if errors.Is(err, errOtherDraft) {
			before.Other = s.itemsIn(before.Draft)
		}
		if before.Draft = d; !errors.Is(err, errOtherDraft) {
			before.Etag = r.FormValue("etag") // what was refused for its fields still builds on what it began with
		}
		return s.showDraft(r, before)
	})
}

// errOtherDraft says that two wrote a draft at once. Both are shown; what was written is
// kept, and stored when it is sent again.
var errOtherDraft = fault.New(fault.Stale, "other-draft", "somebody stored another draft meanwhile")

// itemsIn are the items of a draft as a program would have them.
func (s *site) itemsIn(d program.Draft) []program.Item {
	items := []program.Item{}
	for _, item := range d.Items {
		items = append(items, item.In(s.parts.Library))
	}
	return items
}

// draftOf reads the editor's form as the contract's body.
func (r *request) draftOf() fields {
	items := []any{}
	for i := range program.MaxItems {
		if item := r.itemOf(strconv.Itoa(i)); item["id"] != "" {
			items = append(items, item)
		}
	}
	return fields{"items": items}.text("effective_from", r.FormValue("effective_from"))
}

// itemOf reads one row of the editor; its id is empty where there is no such row.
func (r *request) itemOf(row string) map[string]any {
	at := func(name string) string { return r.FormValue(name + "-" + row) }
	schedule := fields{"kind": at("kind")}.number("times_per_day", at("times_per_day"))
	if at("kind") == string(program.FixedDays) {
		schedule["days"] = r.weekdays("days-" + row)
	} else {
		schedule.number("sessions_per_week", at("sessions_per_week"))
	}
	return map[string]any{
		"id":       at("id"),
		"exercise": at("exercise"),
		"dose":     doseOf(at),
		"schedule": map[string]any(schedule),
	}
}

// keeping returns a draft with what the form does not show, as it was before.
func keeping(d, before program.Draft) program.Draft {
	d.Template, d.Reason = before.Template, before.Reason
	for i := range d.Items {
		for _, old := range before.Items {
			d.Items[i] = d.Items[i].After(old)
		}
	}
	return d
}

func (r *request) weekdays(field string) []any {
	days := []any{}
	for _, day := range r.Context().PostArgs().PeekMulti(field) {
		days = append(days, string(day))
	}
	return days
}

// press changes a draft as a button of the editor says: "up 2", "down 0", "move 2 0", "remove 1", "add bridge".
func (v draftView) press(button string, d *program.Draft) {
	what, which, _ := strings.Cut(button, " ")
	which, place, _ := strings.Cut(which, " ")
	at := func(text string) (int, bool) {
		i, err := strconv.Atoi(text)
		return i, err == nil && i >= 0 && i < len(d.Items)
	}
	i, known := at(which)
	to, fits := at(place)
	switch {
	case what == "up" && known && i > 0:
		d.Items[i-1], d.Items[i] = d.Items[i], d.Items[i-1]
	case what == "down" && known && i+1 < len(d.Items):
		d.Items[i+1], d.Items[i] = d.Items[i], d.Items[i+1]
	case what == "move" && known && fits:
		moved := d.Items[i]
		d.Items = slices.Insert(slices.Delete(d.Items, i, i+1), to, moved)
	case what == "remove" && known:
		d.Items = slices.Delete(d.Items, i, i+1)
	case what == "add" && len(d.Items) < program.MaxItems:
		if n := slices.IndexFunc(v.Library, func(e exercise.Exercise) bool { return e.Slug == which }); n >= 0 {
			e := v.Library[n]
			d.Items = append(d.Items, program.NewItem{
				ID:       id.ProgramItem(id.New()),
				Exercise: e.Slug,
				Dose:     e.Default,
				Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: usualDays, TimesPerDay: 1},
			})
		}
	}
}

// usualDays is how often a week an exercise begins with in the editor.
const usualDays = 5

func (s *site) discardDraft(r *request) error {
	err := s.parts.Programs.DiscardDraft(r.ctx, r.viewer, r.patient())
	return r.answerForm(err, "draft", pathOf(r.patient())+"/program", func() error { return s.draft(r) })
}

// publishDraft makes the draft the program. When somebody published in between, both are shown side by side.
func (s *site) publishDraft(r *request) error {
	version := r.FormValue("id")
	err := s.parts.Contract.Check(access.PublishProgramDraft, fields{"id": version})
	if err == nil {
		_, _, err = s.parts.Programs.PublishDraft(
			r.ctx, r.viewer, r.patient(), id.ProgramVersion(version), r.FormValue("etag"),
		)
	}
	return r.answerForm(err, "draft", pathOf(r.patient())+"/program", func() error { return s.draft(r) })
}

// startOver takes the program that is in force now as the base of the draft, and keeps the draft's own items.
func (s *site) startOver(r *request) error {
	d, err := s.parts.Programs.Draft(r.ctx, r.viewer, r.patient())
	if err == nil {
		err = s.parts.Programs.DiscardDraft(r.ctx, r.viewer, r.patient())
	}
	if err == nil && r.FormValue("keep") == "mine" {
		_, err = s.parts.Programs.SaveDraft(r.ctx, r.viewer, r.patient(), d, "")
	}
	return r.answerForm(err, "draft", pathOf(r.patient())+"/program/draft", func() error { return s.draft(r) })
}

// dayBox is a day of the week in the editor.
type dayBox struct {
	Value, Name string
	Chosen      bool
}

// DayBoxes are the seven days of an item, Monday first.
func (v draftView) DayBoxes(i program.NewItem) []dayBox {
	monday := localtime.NewDate(2026, time.March, 2)
	boxes := make([]dayBox, 7)
	for n := range boxes {
		day := monday.AddDays(n)
		name, _, _ := strings.Cut(v.Weekday(day), " ")
		boxes[n] = dayBox{program.WeekdayName(day.Weekday()), name, slices.Contains(i.Schedule.Days, day.Weekday())}
	}
	return boxes
}

// Seen is what the patient will read about an exercise, in the patient's own language.
func (v draftView) Seen(i program.Item) []string {
	l := v.Person.Language
	e, err := v.library.Find(i.Exercise)
	if err != nil {
		return []string{i.Exercise}
	}
	return []string{e.Name.In(l) + " – " + i.Says(l), e.Instructions.In(l)}
}

// Long warns of a session that is longer than patients keep up.
func (v draftView) Long() string {
	if v.After.Duration() <= program.LongSession {
		return ""
	}
	return v.Say("draft.too_long", "minutes", v.Minutes(v.After))
}

// MayAdd reports whether another exercise fits.
func (v draftView) MayAdd() bool { return len(v.Draft.Items) < program.MaxItems }

// Shelves are the library by module.
func (v draftView) Shelves() []shelf { return shelvesOf(v.Words, v.Library) }
