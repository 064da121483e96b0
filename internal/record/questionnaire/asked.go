package questionnaire

import "cadans/internal/kernel/words"

// asked are the questionnaires that patients fill in.
func asked() []Definition {
	return []Definition{pain(), activities(), effect(), mood(), movement(), effort()}
}

func pain() Definition {
	return Definition{
		Key: "nprs", Version: "1", Title: words.Pair{NL: "Pijn", EN: "Pain"}, Direction: LowerIsBetter,
		Scales: []Scale{{0, 100}},
		Limits: Limits{
			Important: Value{20, "2 points (Ostelo 2008)", true},
			ByStart:   []Step{{0, 20}, {80, 30}},
			ByStartSource: Value{30, "2 from a start of up to 7, 3 to 4 from 8 on; 3 is used (specific back pain); " +
				"1 from a start of 1 to 4 is within the measurement error; replaces the 30 % of Ostelo 2008", true},
			Error: Value{20, "2 points (Childs 2005)", true},
		},
		Missing:    Missing{0, "both are answered"},
		Population: "adults with low back pain; also used for neck pain",
		Source:     "NPRS, average of 24 hours; minimal important change 2 points or 30 % (Ostelo 2008)",
		Items: []Item{
			{"average", words.Pair{
				NL: "Hoeveel pijn had u gemiddeld in de laatste 24 uur?",
				EN: "How much pain did you have on average in the last 24 hours?",
			}, 0, 10},
			{"worst", words.Pair{
				NL: "Hoe erg was de ergste pijn in de afgelopen week?",
				EN: "How bad was the worst pain in the past week?",
			}, 0, 10},
		}, score: first,
	}
}

func activities() Definition {
	return Definition{
		Key: "psfs", Version: "1", Title: words.Pair{NL: "Uw activiteiten", EN: "Your activities"},
		Direction: HigherIsBetter, Scales: []Scale{{0, 100}}, Judge: ByActivities,
		Missing: Missing{2, "the mean of the activities that were rated"},
		Limits: Limits{
			Important:  Value{23, "a medium change (Abbott 2014, JOSPT 44:560)", true},
			Error:      Value{20, "2 points for a mean (Stratford 1995)", false},
			ErrorOfOne: Value{30, "3 points for one activity (Stratford 1995)", false},
		},
		Population: "adults with complaints of joints or muscles, all regions",
		Source: "Patient-Specific Functional Scale, own text, mean of 1 to 3 activities, 10 is able; " +
			"a medium change is 2.3 (JOSPT 2014;44:560)",
		Items: []Item{
			{"activity_1", words.Pair{
				NL: "Hoe goed lukt uw eerste activiteit? 0 is helemaal niet, 10 zonder moeite.",
				EN: "How well does your first activity go? 0 is not at all, 10 without trouble.",
			}, 0, 10},
			{"activity_2", words.Pair{NL: "En uw tweede?", EN: "And your second?"}, 0, 10},
			{"activity_3", words.Pair{NL: "En uw derde?", EN: "And your third?"}, 0, 10},
		}, score: mean,
	}
}

func effect() Definition {
	return Definition{
		Key: "gpe", Version: "1", Title: words.Pair{NL: "Hoe gaat het nu", EN: "How it is now"},
		Direction: LowerIsBetter, Scales: []Scale{{10, 70}, {0, 70}}, // earlier versions stored 0 as the lowest
		Judge:      ByValue,
		Missing:    Missing{0, "the only question is answered"},
		Population: "adults with back or neck pain",
		Source:     "global perceived effect, own 7 steps; 1 and 2 are success",
		Items: []Item{{"change", words.Pair{
			NL: "Hoe gaat het met uw klachten vergeleken met het begin? 1 is helemaal hersteld, 4 onveranderd, " +
				"7 veel slechter.",
			EN: "How are your complaints compared with the start? 1 is fully recovered, 4 unchanged, 7 much worse.",
		}, 1, 7}},
		score: first,
	}
}

func mood() Definition {
	return Definition{
		Key: "phq2", Version: "1", Title: words.Pair{NL: "Stemming", EN: "Mood"}, Direction: LowerIsBetter,
		Scales: []Scale{{0, 60}}, Missing: Missing{0, "both are answered"},
		Population: "adults in primary care",
		Source:     "PHQ-2, free to use; 3 or more asks for attention, 2 is watched (Arroll 2010)",
		Items: []Item{
			{"interest", words.Pair{NL: "Hoe vaak had u in de afgelopen 2 weken weinig interesse of plezier in " +
				"dingen? 0 is nooit, 3 bijna elke dag.", EN: "Over the last 2 weeks, how often have you been " +
				"bothered by little interest or pleasure in doing things? 0 is not at all, 3 nearly every day."}, 0, 3},
			{"mood", words.Pair{
				NL: "Hoe vaak voelde u zich somber, depressief of hopeloos?",
				EN: "How often have you been bothered by feeling down, depressed or hopeless?",
			}, 0, 3},
		}, score: sum,
	}
}

func movement() Definition {
	return Definition{
		Key: "pavs", Version: "1", Title: words.Pair{NL: "Bewegen", EN: "Activity"}, Direction: HigherIsBetter,
		Scales: []Scale{{0, 42000}}, Missing: Missing{0, "all three are answered"},
		Population: "adults",
		Source:     "activity vital sign: days times minutes; the Dutch norm is 150 a week",
		Items: []Item{
			{"days", words.Pair{
				NL: "Op hoeveel dagen in de week beweegt u matig intensief, zoals stevig wandelen?",
				EN: "On how many days a week do you do moderate exercise, such as a brisk walk?",
			}, 0, 7},
			{"minutes", words.Pair{NL: "Hoeveel minuten op zo'n dag?", EN: "For how many minutes on such a day?"}, 0,
				600},
			{"strength_days", words.Pair{
				NL: "Op hoeveel dagen in de week doet u iets voor uw spieren?",
				EN: "On how many days a week do you train your muscles?",
			}, 0, 7},
		}, score: product,
	}
}

func effort() Definition {
	return Definition{
		Key: "effort", Version: "1", Title: words.Pair{NL: "Inspanning", EN: "Effort"}, Direction: LowerIsBetter,
		Scales: []Scale{{0, 100}}, Missing: Missing{0, "the only question is answered"},
		Population: "own question",
		Source:     "own scale: 0 none, 10 the most you can",
		Items: []Item{{"effort", words.Pair{
			NL: "Hoe zwaar vond u het oefenen deze week? 0 is niet, 10 het zwaarst.",
			EN: "How hard was exercising this week? 0 is not at all, 10 the hardest.",
		}, 0, 10}},
		score: first,
	}
}

func sum(answers []int) int {
	total := 0
	for _, a := range answers {
		total += a
	}
	return total * 10
}

// mean rounds to a tenth, halves up.
func mean(answers []int) int { return (sum(answers)*2 + len(answers)) / (2 * len(answers)) }

func product(answers []int) int { return answers[0] * answers[1] * 10 }

func first(answers []int) int { return answers[0] * 10 }
