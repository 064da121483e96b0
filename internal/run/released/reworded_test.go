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
		"Bel vandaag uw huisarts of de huisartsenpost. Reden: aanwijzing voor een infectie. Doe geen oefeningen tot uw "+
			"therapeut zegt dat het kan.",
	),
	literally(
		"It is unpleasant, but it passes. Stay gently active, do the light exercises that the app "+
			"shows, walk short stretches and sleep enough. Then you build up again over three weeks. New "+
			"weakness or numbness? Report it at once.",
		"That is unpleasant. It usually settles within some days to some weeks. Stay gently active, do "+
			"the light exercises that the app shows, walk short stretches and sleep enough. Then you build "+
			"up again over three weeks. New weakness or numbness? Call your doctor or the out-of-hours "+
			"doctor the same day.",
	),
	literally(
		"Het is vervelend, maar het gaat over. Blijf rustig in beweging, doe de lichte oefeningen die "+
			"de app laat zien, loop korte stukjes en slaap genoeg. Daarna bouwt u in drie weken weer op. "+
			"Nieuwe zwakte of een doof gevoel? Meld het meteen.",
		"Dat is vervelend. Meestal zakt het binnen een paar dagen tot een paar weken. Blijf rustig in "+
			"beweging, doe de lichte oefeningen die de app laat zien, loop korte stukjes en slaap genoeg. "+
			"Daarna bouwt u in drie weken weer op. Nieuwe zwakte of een doof gevoel? Bel dezelfde dag uw "+
			"huisarts of de huisartsenpost.",
	),
	literally(
		"Some pain during movement is fine: up to 5 out of 10, if it settles within 24 hours.",
		"Pain during movement is fine, up to 5 out of 10, if it settles within 24 hours.",
	),
	literally(
		"Een beetje pijn bij bewegen mag: tot en met 5 van de 10, als het binnen 24 uur weer zakt.",
		"Pijn bij bewegen mag, tot en met 5 van de 10, als zij binnen 24 uur weer zakt.",
	),
	literally(
		"The tissue has recovered, but the alarm is still set too sharply. It then goes off during a "+
			"movement that is safe.",
		"Often no damage can be found, and the alarm is still set too sharply. It may then go off "+
			"during a movement that is safe.",
	),
	literally(
		"Your therapist has asked about the signs that would make it different. Does something change, "+
			"for example new weakness or numbness? Then report it in the app.",
		"The questionnaire asks about the signs that would make it different. Do you get new weakness "+
			"or numbness in an arm or leg? Then call your doctor or the out-of-hours doctor the same day. "+
			"Can you no longer hold your urine or stools, can you no longer pass urine, or is it numb "+
			"between your legs? Then call 112 or the out-of-hours doctor at once. After that, report it in "+
			"the app as well.",
	),
	literally(
		"Some pain during an exercise is fine, if it settles within a day. Your body gets used to "+
			"moving, step by step. The alarm then learns that the movement is safe.",
		"Pain during an exercise is fine, up to 5 out of 10, if it settles within 24 hours. Your body "+
			"gets used to moving, step by step.",
	),
	literally(
		"Het weefsel is hersteld, maar het alarm staat nog scherp. Het gaat dan af bij een beweging die "+
			"veilig is.",
		"Vaak is er geen schade te vinden, en staat het alarm toch scherp. Het kan dan afgaan bij een "+
			"beweging die veilig is.",
	),
	literally(
		"Uw therapeut heeft gevraagd naar de tekenen waarbij dat anders is. Verandert er iets, "+
			"bijvoorbeeld nieuwe zwakte of een doof gevoel? Meld dat dan in de app.",
		"De vragenlijst vraagt naar de tekenen waarbij dat anders is. Krijgt u nieuwe zwakte of een "+
			"doof gevoel in een arm of been? Bel dan dezelfde dag uw huisarts of de huisartsenpost. Kunt u "+
			"uw plas of ontlasting niet meer goed ophouden, kunt u niet meer plassen, of is het doof tussen "+
			"uw benen? Bel dan meteen 112 of de huisartsenpost. Meld het daarna ook in de app.",
	),
	literally(
		"Een beetje pijn tijdens een oefening mag, als het binnen een dag weer zakt. Uw lichaam went "+
			"aan bewegen, stap voor stap. Het alarm leert dan dat de beweging veilig is.",
		"Pijn tijdens een oefening mag, tot en met 5 van de 10, als zij binnen 24 uur weer zakt. Uw "+
			"lichaam went aan bewegen, stap voor stap.",
	),
	literally(
		"Back and neck pain often comes back. Seven in ten people have complaints again within a year. "+
			"That sounds bad, but it is also normal. A setback does not mean that everything was for "+
			"nothing. You now know what you can do, and because of that it often lasts shorter and bothers "+
			"you less.",
		"Pain in the low back often comes back. Seven in ten people who had recovered have complaints "+
			"again within a year. Of neck pain this is known less precisely. That sounds bad, but it is "+
			"also normal. A setback does not mean that everything was for nothing. You now know what you "+
			"can do.",
	),
	literally(
		"Whoever keeps moving stays well for longer. Walking is a good choice: in a large study people "+
			"who followed a walking plan stayed free of complaints that limited them for about twice as "+
			"long.",
		"Walking is a good choice. It was studied in people who had recovered from low back pain. With "+
			"a walking plan and six talks with a physiotherapist they stayed free of complaints that "+
			"limited them for almost twice as long as without treatment: 208 against 112 days.",
	),
	literally(
		"Rug- en nekpijn komt vaak terug. Zeven van de tien mensen krijgen binnen een jaar weer "+
			"klachten. Dat klinkt naar, maar het is ook gewoon. Een terugval betekent niet dat alles voor "+
			"niets was. U weet nu wat u kunt doen, en daardoor duurt het vaak korter en stoort het minder.",
		"Pijn in de lage rug komt vaak terug. Zeven van de tien mensen die hersteld waren, krijgen "+
			"binnen een jaar weer klachten. Van nekpijn weten we dat minder precies. Dat klinkt naar, maar "+
			"het is ook gewoon. Een terugval betekent niet dat alles voor niets was. U weet nu wat u kunt "+
			"doen.",
	),
	literally(
		"Wie blijft bewegen, heeft langer geen last. Wandelen is een goede keuze: in een groot "+
			"onderzoek bleven mensen die een wandelplan volgden ongeveer twee keer zo lang vrij van "+
			"klachten die hen hinderden.",
		"Wandelen is een goede keuze. Dat is onderzocht bij mensen die hersteld waren van pijn in de "+
			"lage rug. Met een wandelplan en zes gesprekken met een fysiotherapeut bleven zij bijna twee "+
			"keer zo lang vrij van klachten die hen hinderden als zonder behandeling: 208 tegen 112 dagen.",
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

	// What therapists read.
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
