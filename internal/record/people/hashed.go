package people

import "cadans/pkg/localtime"

// preferencesHashed are preferences as their version is made of them: a page or a phone has it from an older version.
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
	Windows    []windowHashed      `json:"Windows"` // none is none, however it came
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
