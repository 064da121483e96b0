package released_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// rewording is what is said in other words since. A text that was said with the old ones is the same answer.
type rewording struct {
	was *regexp.Regexp
	is  string
}

func reword(was, is string) rewording { return rewording{regexp.MustCompile(was), is} }

// literally is a rewording without a number or a day in it.
func literally(was, is string) rewording { return reword(regexp.QuoteMeta(was), is) }

var reworded = []rewording{
	literally(
		"Call your doctor or the out-of-hours doctor today. Do no exercises until your therapist says you can.",
		"Call your doctor or the out-of-hours doctor today. Reason: signs of infection. Do no exercises until your "+
			"therapist says you can.",
	),
	literally(
		"Bel vandaag uw huisarts of de huisartsenpost. Doe geen oefeningen tot uw therapeut zegt dat het kan.",
		"Bel vandaag uw huisarts of de huisartsenpost. Reden: aanwijzing voor een infectie. Doe geen oefeningen tot "+
			"uw therapeut zegt dat het kan.",
	),
	// Signs of an intake and a check-in: what was untrue, or read differently in the two languages.
	literally("A change in bladder or bowel control",
		"Losing control of bladder or bowels, or no longer able to pass urine"),
	literally("Een verandering bij plassen of ontlasting",
		"Plas of ontlasting niet meer goed kunnen ophouden, of niet meer kunnen plassen"),
	literally("Duizelig en dubbelzien", "Duizeligheid met dubbelzien"),
	literally("of een klap op uw hoofd?", "of een klap boven op uw hoofd?"),
	literally("Do you walk unsteadily since these complaints?",
		"Have you been unsteady on your feet since these complaints began?"),
	literally("fever or chills, had a bacterial infection recently, have a weak immune system, or inject drugs?",
		"a fever or chills, have you recently had a bacterial infection, do you have a weak immune system, "+
			"or do you inject drugs?"),
	literally("of rillingen, kort geleden een infectie met bacteriën gehad, een zwakke afweer, of gebruikt",
		"of rillingen, had u kort geleden een infectie met bacteriën, heeft u een zwakke afweer, of gebruikt"),
	literally("of brak u een wervel?", "of heeft u een wervel gebroken?"),
	literally("Slikt u lang prednison", "Slikt u al lang prednison"),
	literally("that you can do your exercises on", "that you will do your exercises on"),
	literally("On how many nights last week did", "On how many nights in the past week did"),
	literally("to do this programme now?", "to do this program now?"),

	// What patients read.
	literally("Sit towards the front of a chair and march",
		"Sit towards the front of a chair, or on the edge of a bed, and march"),
	literally("Zit voor op een stoel en marcheer", "Zit voor op een stoel of op de rand van een bed, en marcheer"),
	reword(`(\d+) van de (\d+) weken gingen volgens plan\.`, "In $1 van de $2 weken ging het volgens plan."),
	reword(`(\d+) of (\d+) weeks went as planned\.`, "It went as planned in $1 of $2 weeks."),
	literally("You follow your plan for more pain now.", "You are following your plan for days with more pain."),
	literally("U volgt nu uw plan voor meer pijn.", "U volgt nu uw plan voor dagen met meer pijn."),
	literally("Your program rests until you have spoken to your practice.",
		"Your program is stopped until your therapist says you can go on."),
	literally("Uw programma staat stil tot u uw praktijk sprak.",
		"Uw programma staat stil tot uw therapeut zegt dat het weer kan."),
	literally("What would you like to do again?", "What would you like to be able to do again?"),
	literally("Not sure you do it right? Watch it once, or",
		"Not sure you are doing it right? Watch it at your own pace, or"),
	literally("A short session is a real session. Shall we make today's one?",
		"A short session really counts. Shall we do the short version today?"),
	literally("past volgende week beter? Kies een nieuwe tijd.",
		"past volgende week beter? Kies een nieuwe tijd voor de herinnering."),
	literally("Zullen we er vandaag een van maken?", "Zullen we vandaag de korte versie doen?"),

	literally("Daar bouwt u op voort.", "Daar kunt u op voortbouwen."),

	// What therapists read.
	literally("no motivation (", "did not feel like it ("),
	reword(`up to and including (\d+ \w+)(:|\):| \([a-z])`, "through $1$2"), // what is kept stays as it was
	literally("Brief before the consult", "Brief before the visit"),
	literally("Overzicht voor het consult", "Overzicht voor het bezoek"),
	literally("Discuss the signs that led to the stop, and decide.", "The signs that led to the stop. Then decide."),
	literally("Bespreek de klachten die de stop gaven, en beslis.", "De klachten die de stop gaven. Beslis daarna."),
	reword(`Reported (\d+) times, the latest on [^:]*: ill\. Ask what would make this easier\.`,
		"Reported ill $1 times. Ask how it is now."),
	reword(`(\d+) keer gemeld, het laatst op [^:]*: ziek\. Vraag wat dit makkelijker zou maken\.`,
		"$1 keer ziek gemeld. Vraag hoe het nu gaat."),
	// A brief that has nothing to compare with.
	literally("; before that 0 of 0</dd>", "</dd>"),
	literally("; daarvoor 0 van 0</dd>", "</dd>"),
	literally("; before that –</dd>", "</dd>"),
	literally("; daarvoor –</dd>", "</dd>"),
	reword(`<dd>– → –;\s+more pain after 0 of 0 sessions</dd>`, "<dd>no data yet</dd>"),
	reword(`<dd>– → –;\s+meer pijn na 0 van 0 sessies</dd>`, "<dd>nog geen gegevens</dd>"),

	literally("pain (NPRS, tenths)", "pain (NPRS, points)"),
	literally("pijn (NPRS, tienden)", "pijn (NPRS, punten)"),
}

// inDutch is what proposals rest on, which was said in English to a Dutch reader.
var inDutch = []rewording{
	literally("design choice: M-1 with a smaller dose", "eigen keuze: M-1 met een kleinere dosis"),
	literally("design choice", "eigen keuze"),
	literally("KNGF low back pain 2021", "KNGF lage rugpijn 2021"),
	literally("relaxation reduced pain in most trials", "ontspanning verminderde pijn in de meeste onderzoeken"),
	literally("care without drugs improves sleep a little", "zorg zonder medicijnen verbetert de slaap een beetje"),
	literally("Dutch physical activity guideline: 150 minutes a week",
		"Nederlandse beweegrichtlijn: 150 minuten per week"),
	literally("Dutch physical activity guideline: twice a week", "Nederlandse beweegrichtlijn: twee keer per week"),
	literally("more than two episodes predict the next", "meer dan twee periodes voorspellen de volgende"),
}

// inNewWords says what was answered in the words of today, and notes which were used.
func inNewWords(body any, words []rewording, used map[string]bool) any {
	switch body := body.(type) {
	case map[string]any:
		for name := range body {
			body[name] = inNewWords(body[name], words, used)
		}
	case []any:
		for i := range body {
			body[i] = inNewWords(body[i], words, used)
		}
	case string:
		for _, w := range words {
			if w.was.MatchString(body) {
				used[w.was.String()] = true
				body = w.was.ReplaceAllString(body, w.is)
			}
		}
		return body
	}
	return body
}

// Only the words that are listed may differ.
func TestInNewWords(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	was := map[string]any{"a": []any{"3 of 4 weeks went as planned.", 1.0}, "b": "Paused through 3 Mar."}
	require.Equal(t, map[string]any{
		"a": []any{"It went as planned in 3 of 4 weeks.", 1.0}, "b": "Paused through 3 Mar.",
	}, inNewWords(was, reworded, used))
	require.Equal(t, map[string]bool{`(\d+) of (\d+) weeks went as planned\.`: true}, used)
}
