package web

import (
	"strconv"
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/fault"
	"cadans/internal/record/settings"
)

// settingsView shows the parameters of the rules, each with its bounds.
type settingsView struct {
	Words
	attempt
	Tabs    tabs
	Etag    string
	Numbers []setting
	Changes bool
	Form    string
}

// setting is one parameter.
type setting struct {
	Key, Name string
	Value     string
	Usual     int
	Min, Max  int
}

func (s *site) settings(r *request) error {
	now, err := s.parts.Settings.Get(r.ctx, r.viewer)
	if err != nil {
		return err
	}
	v := settingsView{
		Words: r.words(), attempt: r.attempt, Tabs: r.practiceTabs("settings"), Etag: now.Etag(), Form: r.formToken(),
		Changes: access.Enter(r.viewer, "putPracticeSettings") == nil,
	}
	for _, b := range settings.Bounds {
		v.Numbers = append(v.Numbers, setting{
			Key:   b.Key,
			Name:  v.Say("settings.number." + b.Key),
			Value: v.Old("settings", b.Key, strconv.Itoa(b.Value(now))),
			Usual: b.Value(settings.Defaults()),
			Min:   b.Min,
			Max:   b.Max,
		})
	}
	return r.show("settings", v.Say("settings.tab"), v)
}

// saveSettings replaces the parameters on the page; others stay.
func (s *site) saveSettings(r *request) error {
	wanted, err := s.parts.Settings.Get(r.ctx, r.viewer)
	if err != nil {
		return err
	}
	var wrong []fault.Violation
	for _, b := range settings.Bounds {
		n, err := strconv.Atoi(strings.TrimSpace(r.FormValue(b.Key)))
		if err != nil {
			wrong = append(wrong, fault.Violation{Pointer: "/" + b.Key, Code: "not-a-whole-number"})
			continue
		}
		b.Set(&wanted, n)
	}
	if err = fault.Input(wrong...); err == nil {
		err = s.parts.Settings.Set(r.ctx, r.viewer, wanted, r.FormValue("etag"))
	}
	return r.answerForm(err, "settings", "/practice/settings", func() error { return s.settings(r) })
}
