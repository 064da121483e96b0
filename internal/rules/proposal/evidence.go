package proposal

import (
	"cadans/internal/record/people"
	"cadans/internal/record/rulebook"
)

// dutchEvidence is what each rule rests on in Dutch, by its English text: a proposal keeps that one, so that an older
// proposal is read in Dutch, too.
var dutchEvidence = evidenceByEnglish()

func evidenceByEnglish() map[string]string {
	all := []rulebook.Text{book.Choice, book.Always.Evidence, book.Preference.Evidence}
	for _, r := range book.Rules {
		all = append(all, r.Evidence)
	}
	for _, r := range book.Cautions {
		all = append(all, r.Evidence)
	}
	dutch := map[string]string{}
	for _, text := range append(all, book.Former...) {
		dutch[text.EN] = text.NL
	}
	return dutch
}

// EvidenceIn is what the reason rests on, for a reader.
func (b Because) EvidenceIn(l people.Language) string {
	if dutch, known := dutchEvidence[b.Evidence]; known {
		return l.Pick(dutch, b.Evidence)
	}
	return b.Evidence
}
