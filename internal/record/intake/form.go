package intake

import "cadans/internal/record/safety"

// Question is one line of the form, in our own words at level B1. Options lists the choices of a choice question; Min
// and Max bound a number.
type Question struct {
	Key      string
	Kind     string // number, choice, yes_no, modules, equipment, goals, slots
	NL, EN   string
	Min, Max int
	Options  []string
	When     string // condition for asking it
}

// Questions is the form in the order in which it is asked, before the signs of safety.IntakeQuestions. The PHQ-2 may be
// used and translated freely; the other questions come from no licensed questionnaire.
var Questions = withRanges([]Question{
	{Key: "region", Kind: "choice",
		NL:      "Waar heeft u pijn?",
		EN:      "Where does it hurt?",
		Options: []string{"low_back", "neck", "both"}},
	{Key: "weeks", Kind: "number",
		NL: "Hoeveel weken duren de klachten deze keer?",
		EN: "How many weeks has this episode lasted?"},
	{Key: "recovered", Kind: "yes_no", NL: "Zijn de klachten van deze keer voorbij?", EN: "Is this episode over?"},
	{Key: "prior", Kind: "number",
		NL: "Hoe vaak had u eerder zulke klachten?",
		EN: "How many earlier episodes did you have?"},
	{Key: "nprs_avg24", Kind: "number",
		NL: "Hoeveel pijn had u gemiddeld in de laatste 24 uur? 0 is geen pijn, 10 de ergste pijn.",
		EN: "How much pain did you have on average in the last 24 hours? 0 is no pain, 10 the worst pain."},
	{Key: "nprs_worst", Kind: "number",
		NL: "Hoe erg was de ergste pijn in de afgelopen week?",
		EN: "How bad was the worst pain in the past week?"},
	{Key: "radiating", Kind: "choice",
		NL:      "Hoe ver straalt de pijn uit in een been of arm?",
		EN:      "How far does the pain spread into a leg or arm?",
		Options: []string{"none", "above", "below"}},
	{Key: "radiating_numb", Kind: "yes_no",
		NL:   "Is het daar doof of tintelt het?",
		EN:   "Is it numb or tingling there?",
		When: "radiating is above or below"},
	{Key: "radiating_weak", Kind: "yes_no",
		NL:   "Is het daar zwakker?",
		EN:   "Is it weaker there?",
		When: "radiating is above or below"},
	{Key: "fear", Kind: "number",
		NL: "Hoe bezorgd bent u dat bewegen of bukken uw rug of nek kan beschadigen?",
		EN: "How worried are you that moving or bending could damage your back or neck?"},
	{Key: "confidence", Kind: "number",
		NL: "Hoe zeker weet u dat u de komende 4 weken op de meeste geplande dagen oefent?",
		EN: "How sure are you that you will do your exercises on most planned days in the next 4 weeks?"},
	{Key: "motivation", Kind: "number",
		NL: "Hoe belangrijk is dit programma nu voor u?",
		EN: "How important is it to you to do this program now?"},
	{Key: "expectation", Kind: "number",
		NL: "Hoe waarschijnlijk vindt u het dat het over 3 maanden duidelijk beter gaat?",
		EN: "How likely do you think it is that you will be clearly better in 3 months?"},
	{Key: "bad_nights", Kind: "number",
		NL: "Hoeveel nachten sliep u slecht in de afgelopen week?",
		EN: "On how many nights in the past week did you sleep badly?"},
	{Key: "stress", Kind: "number",
		NL: "Hoe gespannen was u in de afgelopen week?",
		EN: "How tense or stressed were you in the past week?"},
	{Key: "phq2_interest", Kind: "number",
		NL: "Hoe vaak had u in de afgelopen 2 weken weinig interesse of plezier in dingen? 0 is nooit, " +
			"1 enkele dagen, 2 meer dan de helft van de dagen, 3 bijna elke dag.",
		EN: "Over the last 2 weeks, how often have you been bothered by little interest or pleasure in doing things? " +
			"0 is not at all, 1 several days, 2 more than half the days, 3 nearly every day."},
	{Key: "phq2_mood", Kind: "number",
		NL: "Hoe vaak voelde u zich in de afgelopen 2 weken somber, depressief of hopeloos?",
		EN: "Over the last 2 weeks, how often have you been bothered by feeling down, depressed or hopeless?"},
	{Key: "pavs_days", Kind: "number",
		NL: "Op hoeveel dagen in de week beweegt u matig intensief, zoals stevig wandelen?",
		EN: "On how many days a week do you do moderate exercise, such as a brisk walk?"},
	{Key: "pavs_minutes", Kind: "number",
		NL: "Hoeveel minuten op zo'n dag?",
		EN: "For how many minutes on such a day?"},
	{Key: "strength_days", Kind: "number",
		NL: "Op hoeveel dagen in de week doet u iets voor uw spieren, zoals krachtoefeningen?",
		EN: "On how many days a week do you train your muscles?"},
	{Key: "walk_minutes", Kind: "number",
		NL: "Hoeveel minuten kunt u prettig achter elkaar wandelen?",
		EN: "For how many minutes can you walk comfortably in one go?"},
	{Key: "walk_week_minutes", Kind: "number",
		NL: "Hoeveel minuten wandelt u nu in een week?",
		EN: "How many minutes do you walk in a week now?"},
	{Key: "walk_aid", Kind: "yes_no", NL: "Gebruikt u een hulpmiddel bij het lopen?", EN: "Do you use a walking aid?"},
	{Key: "lower_limb", Kind: "yes_no",
		NL: "Heeft u klachten van heup, knie of voet?",
		EN: "Do you have complaints of hip, knee or foot?"},
	{Key: "falls12m", Kind: "number",
		NL: "Hoe vaak bent u in de afgelopen 12 maanden gevallen?",
		EN: "How often did you fall in the past 12 months?"},
	{Key: "minutes", Kind: "number",
		NL: "Hoeveel minuten heeft u per keer om te oefenen?",
		EN: "How many minutes do you have for one session?"},
	{Key: "days", Kind: "number",
		NL: "Op hoeveel dagen in de week wilt u oefenen?",
		EN: "On how many days a week do you want to exercise?"},
	{Key: "slots", Kind: "slots",
		NL: "Wanneer komt oefenen u het beste uit? Bijvoorbeeld na de koffie.",
		EN: "When does exercise suit you best? For example after coffee."},
	{Key: "likes", Kind: "modules", NL: "Wat doet u graag?", EN: "What do you like to do?"},
	{Key: "dislikes", Kind: "modules", NL: "Wat wilt u liever niet?", EN: "What would you rather not do?"},
	{Key: "equipment", Kind: "equipment",
		NL:      "Wat heeft u in huis?",
		EN:      "What do you have at home?",
		Options: Equipment},
	{Key: "goals", Kind: "goals",
		NL: "Welke 1 tot 3 activiteiten wilt u weer goed kunnen? Hoe gaat dat nu? 0 is helemaal niet, " +
			"10 zonder moeite.",
		EN: "Which 1 to 3 activities do you want to do well again? How is that now? 0 is not at all, 10 without " +
			"trouble."},
	{Key: "works", Kind: "yes_no", NL: "Heeft u betaald werk?", EN: "Do you have paid work?"},
	{Key: "work_load", Kind: "number",
		NL:   "Hoe zwaar is uw werk voor uw lichaam?",
		EN:   "How heavy is your work on your body?",
		When: "works"},
	{Key: "work_satisfaction", Kind: "number",
		NL:   "Hoe tevreden bent u met uw werk?",
		EN:   "How satisfied are you with your work?",
		When: "works"},
	{Key: "sick_hours", Kind: "number",
		NL:   "Hoeveel uur werkte u in de afgelopen 4 weken niet door uw rug of nek?",
		EN:   "How many hours were you off work because of your back or neck in the past 4 weeks?",
		When: "works"},
})

// Equipment is the equipment that exercises of the library may need.
var Equipment = []string{"mat", "chair", "wall", "backpack", "band", "shoes", "bike"}

// SafetyQuestions come last, in parts; those about the neck are asked only when the neck hurts.
var SafetyQuestions = safety.IntakeQuestions

// withRanges copies the ranges from where they are checked.
func withRanges(questions []Question) []Question {
	for _, n := range append(append([]number(nil), numbers...), workNumbers...) {
		for i := range questions {
			if questions[i].Key == n.key {
				questions[i].Min, questions[i].Max = n.min, n.max
			}
		}
	}
	return questions
}
