package people

import "cadans/pkg/localtime"

// preferencesSaid are preferences as their version is made of them: a page or a phone has it from an older version.
type preferencesSaid struct {
	Language  Language   `json:"Language"`
	Zone      string     `json:"Zone"`
	Reminders wishesSaid `json:"Reminders"`
	Research  bool       `json:"Research"`
}

type wishesSaid struct {
	Consent    bool                `json:"Consent"`
	Anchor     localtime.TimeOfDay `json:"Anchor"`
	Quiet      windowSaid          `json:"Quiet"`
	Days       Weekdays            `json:"Days"`
	Windows    []windowSaid        `json:"Windows"` // none is none, however it came
	MaxPerDay  int                 `json:"MaxPerDay"`
	MaxPerWeek int                 `json:"MaxPerWeek"`
}

type windowSaid struct {
	From  localtime.TimeOfDay `json:"From"`
	Until localtime.TimeOfDay `json:"Until"`
}

func (p Preferences) said() preferencesSaid {
	r := p.Reminders
	said := preferencesSaid{Language: p.Language, Zone: p.Zone, Research: p.Research, Reminders: wishesSaid{
		Consent: r.Consent, Anchor: r.Anchor, Quiet: windowSaid(r.Quiet), Days: r.Days, MaxPerDay: r.MaxPerDay,
		MaxPerWeek: r.MaxPerWeek,
	}}
	for _, w := range r.Windows {
		said.Reminders.Windows = append(said.Reminders.Windows, windowSaid(w))
	}
	return said
}
