package people

import "cadans/pkg/localtime"

// preferencesHashed is the form from which the version of preferences is computed. Never change it: open pages and
// phones hold versions that an older release computed.
type preferencesHashed struct {
	Language  Language     `json:"Language"`
	Zone      string       `json:"Zone"`
	Reminders wishesHashed `json:"Reminders"`
	Research  bool         `json:"Research"`
}

type wishesHashed struct {
	Consent    bool                `json:"Consent"`
	Anchor     localtime.TimeOfDay `json:"Anchor"`
	Quiet      windowHashed        `json:"Quiet"`
	Days       Weekdays            `json:"Days"`
	Windows    []windowHashed      `json:"Windows"` // null and an empty list are alike
	MaxPerDay  int                 `json:"MaxPerDay"`
	MaxPerWeek int                 `json:"MaxPerWeek"`
}

type windowHashed struct {
	From  localtime.TimeOfDay `json:"From"`
	Until localtime.TimeOfDay `json:"Until"`
}

func (p Preferences) hashed() preferencesHashed {
	r := p.Reminders
	form := preferencesHashed{Language: p.Language, Zone: p.Zone, Research: p.Research, Reminders: wishesHashed{
		Consent: r.Consent, Anchor: r.Anchor, Quiet: windowHashed(r.Quiet), Days: r.Days, MaxPerDay: r.MaxPerDay,
		MaxPerWeek: r.MaxPerWeek,
	}}
	for _, w := range r.Windows {
		form.Reminders.Windows = append(form.Reminders.Windows, windowHashed(w))
	}
	return form
}
