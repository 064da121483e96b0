package reminder

import "cadans/internal/record/people"

// Reason says why: as metric label, in the log of decisions, and in words for the patient.
type Reason string

// The reasons.
const (
	Due             Reason = "due"
	Chosen          Reason = "put off by the patient"
	NoConsent       Reason = "no consent"
	Stopped         Reason = "stopped by the patient"
	NoDevice        Reason = "no device"
	NoProgram       Reason = "no program"
	SafetyStop      Reason = "safety stop"
	DoneAlready     Reason = "done already"
	WeekComplete    Reason = "week complete"
	Paused          Reason = "paused"
	RestDay         Reason = "rest day"
	InFlare         Reason = "flare"
	Unknown         Reason = "phone not in contact"
	Ignored         Reason = "ignored in a row"
	AwayTooLong     Reason = "away too long"
	DayOff          Reason = "not a day for reminders"
	QuietHours      Reason = "quiet hours"
	OutsideWindows  Reason = "not a time for reminders"
	AppInUse        Reason = "app just used"
	DailyCap        Reason = "daily cap"
	WeeklyCap       Reason = "weekly cap"
	TooSoon         Reason = "too soon after the last push"
	RescueInstead   Reason = "evening rescue instead"
	LapseInstead    Reason = "question about a lapse instead"
	NothingUnread   Reason = "nothing unread"
	NothingWaiting  Reason = "no questions waiting"
	LeftOut         Reason = "left out by chance"
	TooLate         Reason = "too late to help"
	Ambiguous       Reason = "interrupted twice while sending"
	Undeliverable   Reason = "no phone took it"
	ServiceRejected Reason = "push service refused it"
)

// words of the reasons, as patients read them: what is so, never what they failed to do.
var words = map[Reason]text{
	Due:       {"Gepland voor dit moment.", "Planned for this moment."},
	Chosen:    {"U koos een ander moment.", "You picked another time."},
	NoConsent: {"U wilt geen berichten op uw telefoon.", "You do not want messages on your phone."},
	Stopped:   {"U wilt geen herinneringen.", "You do not want reminders."},
	NoDevice:  {"Deze telefoon kan geen berichten krijgen.", "This phone cannot get messages."},
	NoProgram: {"U heeft nu geen programma.", "You have no program now."},
	SafetyStop: {
		"Uw programma staat stil tot u uw praktijk sprak.",
		"Your program rests until you have spoken to your practice.",
	},
	DoneAlready:  {"U bent vandaag al klaar.", "You are done for today."},
	WeekComplete: {"U deed deze week alles.", "You did everything this week."},
	Paused:       {"Uw programma staat stil.", "Your program is paused."},
	RestDay:      {"Vandaag is een rustdag.", "Today is a rest day."},
	InFlare:      {"U volgt nu uw plan voor meer pijn.", "You follow your plan for more pain now."},
	Unknown:      {"Uw telefoon had een tijd geen contact.", "Your phone was out of contact for a while."},
	Ignored: {
		"U opende de laatste herinneringen niet. Daarom krijgt u er nu geen.",
		"You did not open the last reminders. So you get none now.",
	},
	AwayTooLong: {
		"U deed een tijd niet mee. Bespreek met uw therapeut wat nu past.",
		"You were away for a while. Discuss with your therapist what fits now.",
	},
	DayOff:         {"U koos deze dag niet voor herinneringen.", "You did not choose this day for reminders."},
	QuietHours:     {"Het zijn uw stille uren.", "These are your quiet hours."},
	OutsideWindows: {"U koos andere tijden voor herinneringen.", "You chose other times for reminders."},
	AppInUse:       {"U gebruikte de app net.", "You have just used the app."},
	DailyCap:       {"U kreeg vandaag genoeg berichten.", "You got enough messages today."},
	WeeklyCap:      {"U kreeg deze week genoeg berichten.", "You got enough messages this week."},
	TooSoon:        {"U kreeg kort geleden een bericht.", "You got a message not long ago."},
	RescueInstead: {
		"U krijgt vanavond een herinnering, als het dan nog past.",
		"You get a reminder tonight, if it still fits.",
	},
	LapseInstead:   {"We vragen later vandaag wat u zou helpen.", "Later today we ask what would help."},
	NothingUnread:  {"U las alle berichten.", "You have read all messages."},
	NothingWaiting: {"Er staan geen vragen klaar.", "No questions are waiting."},
	LeftOut: {
		"We sturen niet elke keer iets. Zo zien we of herinneringen helpen.",
		"We do not send something every time. That shows us whether reminders help.",
	},
	TooLate:         {"Het moment was voorbij.", "The moment had passed."},
	Ambiguous:       {"Het versturen lukte niet zeker.", "It is not certain that it was sent."},
	Undeliverable:   {"Het bericht kwam niet aan.", "The message did not arrive."},
	ServiceRejected: {"Het bericht kwam niet aan.", "The message did not arrive."},
}

// In returns the reason in words for a patient.
func (r Reason) In(l people.Language) string { return l.Pick(words[r].nl, words[r].en) }
