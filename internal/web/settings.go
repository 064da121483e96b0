package web

import (
	"strconv"
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/fault"
	"cadans/internal/record/settings"
)

// settingsView is the numbers of the rules, each with its bounds.
type settingsView struct {
	Words
	attempt
	Tabs    tabs
	Etag    string
	Numbers []setting
	Changes bool
	Form    string
}

// setting is one number.
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
		Words: r.words(), attempt: r.attempt, Tabs: r.practiceTabs("settings"), Etag: now.Etag(), Form: r.formWord(),
		Changes: access.Enter(r.viewer, "putPracticeSettings") == nil,
	}
	for _, b := range settings.Bounds {
		name := settingNames[b.Key]
		v.Numbers = append(v.Numbers, setting{
			Key:   b.Key,
			Name:  v.Say(name[0], name[1]),
			Value: v.Old("settings", b.Key, strconv.Itoa(b.Value(now))),
			Usual: b.Value(settings.Defaults()),
			Min:   b.Min,
			Max:   b.Max,
		})
	}
	return r.show("settings", v.Say("Instellingen", "Settings"), v)
}

// saveSettings replaces the numbers; what the page does not show stays.
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
	return r.again(err, "settings", "/practice/settings", func() error { return s.settings(r) })
}

// settingNames says what each number of the practice decides, Dutch first.
var settingNames = map[string][2]string{
	"low_below": {
		"Klein beginnen bij motivatie of vertrouwen onder (0–10)",
		"Start small with motivation or confidence below (0–10)",
	},
	"short_minutes": {
		"Een sessie tot zoveel minuten heeft 2 oefeningen",
		"A session up to so many minutes has 2 exercises",
	},
	"active_threshold": {"Punten voor een module die beweegt", "Points for a module that moves"},
	"mind_threshold": {
		"Punten voor ontspanning, slaap of spanning",
		"Points for relaxation, sleep or stress",
	},
	"low_days_percent":  {"Dagen van een klein programma (%)", "Days of a small program (%)"},
	"first_episode_age": {"Eerste klachten: beoordelen vanaf leeftijd", "First episode: review above age"},
	"days_between": {
		"Dagen tussen twee wijzigingen van een oefening",
		"Days between two changes of an exercise",
	},
	"hard_effort": {
		"Geen stap omhoog bij inspanning boven (0–10)",
		"No step up with effort above (0–10)",
	},
	"self_pause_max_days": {"Zelf pauzeren tot zoveel dagen", "Patients may pause for so many days"},
	"never_started_days":  {"Melding: niet begonnen na dagen", "Alert: not started after days"},
	"missed_run": {
		"Melding: geplande sessies achter elkaar niet ingevuld",
		"Alert: planned sessions in a row without a log",
	},
	"drop_below_percent": {
		"Melding: therapietrouw over 14 dagen onder (%)",
		"Alert: adherence over 14 days below (%)",
	},
	"drop_points":      {"en zoveel punten lager dan daarvoor", "and so many points below before"},
	"pain_rise_points": {"Melding: pijn zoveel punten hoger", "Alert: pain risen by so many points"},
	"pain_after_points": {
		"Melding: pijn na een sessie zoveel punten hoger",
		"Alert: pain after a session higher by so many points",
	},
	"low_confidence":   {"Melding: vertrouwen tot en met (0–10)", "Alert: confidence up to (0–10)"},
	"not_syncing_days": {"Onbekend na dagen zonder contact", "Unknown after days without contact"},
	"lapsed_days":      {"Gestopt? na dagen zonder sessie", "Lapsed after days without a session"},
	"review_days": {
		"Behandeling bespreken na dagen zonder sessie",
		"Review the treatment after days without a session",
	},
	"alert_quiet_days": {
		"Een afgehandelde reden zwijgt zoveel dagen",
		"A resolved reason is quiet for so many days",
	},
	"cues_per_week":    {"Herinneringen per week, hoogstens", "Reminders a week, at most"},
	"rescues_per_week": {"Avondherinneringen per week, hoogstens", "Evening reminders a week, at most"},
	"push_gap_hours":   {"Uren tussen twee berichten", "Hours between two messages"},
	"cue_send_percent": {"Herinneringen die worden verstuurd (%)", "Reminders that are sent (%)"},
	"rescue_send_percent": {
		"Avondherinneringen die worden verstuurd (%)",
		"Evening reminders that are sent (%)",
	},
	"hold_out_weekly_percent": {
		"Weekoverzichten die door loting uitblijven (%)",
		"Weekly checks left out by chance (%)",
	},
	"hold_out_lapse_percent": {
		"Vragen na stilte die door loting uitblijven (%)",
		"Questions after silence left out by chance (%)",
	},
	"hold_out_milestone_percent": {"Mijlpalen die door loting uitblijven (%)", "Milestones left out by chance (%)"},
}
