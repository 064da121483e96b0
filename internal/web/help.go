package web

// definition says what a number or a sign means, and where it comes from.
type definition struct {
	Words
	nameNL, nameEN, textNL, textEN string
}

// Name is what is defined.
func (d definition) Name() string { return d.Say(d.nameNL, d.nameEN) }

// Text is what it means.
func (d definition) Text() string { return d.Say(d.textNL, d.textEN) }

type helpView struct {
	Words
	Keys        bool
	Definitions []definition
}

func (s *site) help(r *request) error {
	v := helpView{Words: r.words(), Keys: r.keys() == "on"}
	for _, d := range definitions {
		d.Words = v.Words
		v.Definitions = append(v.Definitions, d)
	}
	return r.show("help", v.Say("Uitleg", "Help"), v)
}

var definitions = []definition{
	{nameNL: "Therapietrouw", nameEN: "Adherence",
		textNL: "Gedane sessies van gevraagde sessies, hoogstens 100 %. Een sessie telt als minstens de helft van de " +
			"gevraagde dosis is gedaan. Dagen in een pauze tellen niet mee. Met te weinig gevraagde sessies staat er " +
			"geen percentage.",
		textEN: "Sessions done of sessions asked for, 100% at most. A session counts when at least half of its dose " +
			"was done. Paused days do not count. With too few sessions asked there is no percentage."},
	{nameNL: "Gevraagd", nameEN: "Asked for",
		textNL: "Wat de versie van het programma van die dag vraagt. Een nieuwe versie verandert niets aan dagen die " +
			"voorbij zijn.",
		textEN: "What the version of the program of that day asks. A new version changes nothing about days past."},
	{nameNL: "Pijn (NPRS)", nameEN: "Pain (NPRS)",
		textNL: "Cijfer van 0 tot 10 vóór de sessie. Vergeleken worden de laatste 7 dagen en de 14 dagen daarvoor, " +
			"met minstens 3 cijfers in elk. Twee punten is meer dan de meetfout (Childs 2005). " +
			"Wat niet is ingevuld is een gat, nooit een nul.",
		textEN: "A score from 0 to 10 before the session. The last 7 days are compared with the 14 days before, " +
			"with at least 3 scores in each. Two points is more than the measurement error (Childs 2005). " +
			"What was not recorded is a gap, never a zero."},
	{nameNL: "Meer pijn na", nameEN: "More pain after",
		textNL: "Het cijfer na de sessie is minstens 2 hoger dan ervoor.",
		textEN: "The score after the session is at least 2 higher than before."},
	{nameNL: "Vraagt aandacht", nameEN: "Needs attention",
		textNL: "Er is een melding die niet kan wachten tot het volgende bezoek, of de therapietrouw of pijn week " +
			"sterk af van wat bij deze patiënt gewoon is. De reden staat er altijd bij.",
		textEN: "There is an alert that cannot wait until the next visit, or adherence or pain moved far from what " +
			"is usual for this patient. The reason is always given."},
	{nameNL: "Onbekend", nameEN: "Unknown",
		textNL: "De telefoon is al dagen stil. Er kunnen sessies zijn die nog niet zijn verstuurd. " +
			"Dat is geen slechte therapietrouw.",
		textEN: "The phone has been silent for days. Sessions may exist that have not been sent. " +
			"That is not poor adherence."},
	{nameNL: "Eén melding per patiënt", nameEN: "One alert per patient",
		textNL: "Nieuwe redenen komen bij de open melding. Direct gewaarschuwd wordt alleen bij een " +
			"veiligheidsantwoord of bij stoppen door pijn. De grenzen staan bij de instellingen van de praktijk.",
		textEN: "New reasons join the open alert. Only a safety answer, or stopping because of pain, is told at " +
			"once. The limits are in the settings of the practice."},
	{nameNL: "Veiligheidsstop", nameEN: "Safety stop",
		textNL: "Een antwoord past bij een rode vlag. Het programma en de herinneringen staan stil tot een " +
			"fysiotherapeut een beslissing vastlegt. Losse rode vlaggen voorspellen slecht (Finucane 2020): " +
			"daarom beslist een mens.",
		textEN: "An answer fits a red flag. The program and its reminders stand still until a physiotherapist " +
			"records a decision. Single red flags predict badly (Finucane 2020), which is why a person decides."},
	{nameNL: "Voorstel", nameEN: "Proposal",
		textNL: "Regels maken uit de intake een voorstel, met punten en redenen. De punten zijn klinisch aannemelijk " +
			"en niet gevalideerd. De patiënt ziet niets voordat u het klaarzet.",
		textEN: "Rules make a proposal from the intake, with points and reasons. The points are clinically plausible " +
			"and not validated. The patient sees nothing before you publish it."},
	{nameNL: "Cijfers van de praktijk (RE-AIM)", nameEN: "Numbers of the practice (RE-AIM)",
		textNL: "Bereik, effect, gebruik, uitvoering en volhouden. Aantallen onder 10 patiënten blijven verborgen. " +
			"Therapeuten worden niet vergeleken.",
		textEN: "Reach, effectiveness, adoption, implementation and maintenance. Numbers below 10 patients stay " +
			"hidden. Therapists are not compared."},
	{nameNL: "Effect van herinneringen", nameEN: "Effect of reminders",
		textNL: "Een deel van de herinneringen blijft door loting uit. Zo is te schatten hoeveel vaker een sessie " +
			"volgt als er wel een komt, met een 95 %-interval.",
		textEN: "A share of reminders is left out by chance. That shows how much more often a session follows when " +
			"one is sent, with a 95% interval."},
	{nameNL: "Wat Cadans niet doet", nameEN: "What Cadans does not do",
		textNL: "Cadans stelt geen diagnose en is niet voor spoed. Gegevens zijn door de patiënt zelf ingevuld.",
		textEN: "Cadans does not diagnose and is not for emergencies. Data are reported by the patient."},
}
