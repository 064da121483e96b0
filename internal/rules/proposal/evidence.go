package proposal

import "cadans/internal/record/people"

// dutchEvidence is what a rule rests on, in Dutch; what is a reference alone reads the same in each language. A
// proposal keeps the English text, so that an older one is read in Dutch, too.
var dutchEvidence = map[string]string{
	"design choice":                          "eigen keuze",
	"design choice: M-1 with a smaller dose": "eigen keuze: M-1 met een kleinere dosis",
	"design choice: safety":                  "eigen keuze: veiligheid",
	"Lopez-de-Uralde 2016; RESTORE, Lancet Rheumatol 2025; KNGF low back pain 2021": "Lopez-de-Uralde 2016; RESTORE, " +
		"Lancet Rheumatol 2025; KNGF lage rugpijn 2021",
	"Craige 2023: care without drugs improves sleep a little": "Craige 2023: zorg zonder medicijnen verbetert de " +
		"slaap een beetje",
	"KNGF low back pain 2021; Vambheim: relaxation reduced pain in most trials": "KNGF lage rugpijn 2021; Vambheim: " +
		"ontspanning verminderde pijn in de meeste onderzoeken",
	"Owen 2020; cut-off Arroll 2010":                        "Owen 2020; grenswaarde Arroll 2010",
	"Dutch physical activity guideline: 150 minutes a week": "Nederlandse beweegrichtlijn: 150 minuten per week",
	"Dutch physical activity guideline: twice a week; Fernandez-Rodriguez 2022, Owen 2020": "Nederlandse " +
		"beweegrichtlijn: twee keer per week; Fernandez-Rodriguez 2022, Owen 2020",
	"da Silva 2019: more than two episodes predict the next": "da Silva 2019: meer dan twee periodes voorspellen de " +
		"volgende",
	"KNGF low back pain 2021: match preferences": "KNGF lage rugpijn 2021: sluit aan bij voorkeuren",
	"KNGF low back pain 2021; Back2Action":       "KNGF lage rugpijn 2021; Back2Action",
}

// EvidenceIn is what the reason rests on, for a reader.
func (b Because) EvidenceIn(l people.Language) string {
	if dutch, known := dutchEvidence[b.Evidence]; known {
		return l.Pick(dutch, b.Evidence)
	}
	return b.Evidence
}
