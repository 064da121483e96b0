package questionnaire

import "cadans/internal/kernel/words"

// imported are the instruments whose scores come from elsewhere, because their questions may not be copied or their
// rights are not clear.
func imported() []Definition {
	return append([]Definition{
		oswestry(), quebec(), roland(), neck(), ownActivities(), phq4(), startBackTool(), experience(),
	}, kinesiophobia()...)
}

func oswestry() Definition {
	return Definition{
		Key: "odi", Title: words.Pair{NL: "Oswestry", EN: "Oswestry"}, Direction: LowerIsBetter,
		Scales:  []Scale{{0, 1000}, {0, 500}, {0, 450}},
		Missing: Missing{1, "the sum divided by the highest sum of the sections that were answered: 45 instead of 50"},
		Limits: Limits{
			Important: Value{100, "10 of 100 (Ostelo 2008)", true},
			Share:     300,
			Error:     Value{100, "10 of 100, with 90 % confidence (Davidson 2002: 10.5)", false},
		},
		Population: "adults with low back pain",
		Source:     "Oswestry Disability Index, 0 to 100; or its sum, 0 to 50",
	}
}

func quebec() Definition {
	return Definition{
		Key: "qbpds", Also: []string{"qbpd", "quebec"}, Title: words.Pair{NL: "Quebec", EN: "Quebec"},
		Direction: LowerIsBetter, Scales: []Scale{{0, 1000}},
		Missing: Missing{0, "not known"},
		Limits: Limits{
			Important: Value{200, "20 of 100 or 30 % (Ostelo 2008)", true},
			Share:     300,
			Error:     Value{158, "15.8 (Demoulin 2010)", false},
		},
		Population: "adults with low back pain; the measurement error is that of chronic pain",
		Source:     "Quebec Back Pain Disability Scale, 0 to 100",
	}
}

func roland() Definition {
	return Definition{
		Key: "rmdq", Also: []string{"rdq"}, Title: words.Pair{NL: "Roland-Morris", EN: "Roland-Morris"},
		Direction: LowerIsBetter, Scales: []Scale{{0, 240}},
		Missing: Missing{24, "a statement that is not ticked counts as no"},
		Limits: Limits{
			Important: Value{50, "5 of 24 or 30 % (Ostelo 2008)", true},
			Share:     300,
			Error:     Value{50, "4 to 5 of 24 (Stratford 1996)", false},
		},
		Population: "adults with low back pain",
		Source:     "Roland-Morris Disability Questionnaire, 0 to 24",
	}
}

func neck() Definition {
	return Definition{
		Key: "ndi", Title: words.Pair{NL: "Neck Disability Index", EN: "Neck Disability Index"},
		Direction: LowerIsBetter, Scales: []Scale{{0, 500}, {0, 1000}, {0, 450}},
		Missing: Missing{2, "the sum divided by the highest sum of the sections that were answered (Vernon 2008)"},
		Limits: Limits{
			Important: Value{75, "7.5 of 50 (Young 2009)", false},
			Error: Value{100, "10.2 of 50; the authors advise a change of 10 (Young 2009). JOSPT 2014;44:560 found " +
				"14 of 100 for a medium change", false},
		},
		Population: "adults with mechanical neck pain, with or without arm pain",
		Source:     "Neck Disability Index, its sum 0 to 50; or 0 to 100",
	}
}

func ownActivities() Definition {
	d := activities()
	d.Key, d.Version, d.Also, d.score = "psk", "", nil, nil
	d.Direction, d.Scales = LowerIsBetter, []Scale{{0, 100}, {0, 1000}}
	d.Title = words.Pair{NL: "PSK", EN: "PSK"}
	d.Limits.Important = Value{23, "that of the PSFS, whose question is the reverse", false}
	d.Population = "adults with low back pain"
	d.Source = "Patiëntspecifieke Klachten, mean of 1 to 3 activities; 0 is no trouble"
	return d
}

func phq4() Definition {
	return Definition{
		Key: "phq4", Also: []string{"phq-4"}, Title: words.Pair{NL: "Stemming en angst", EN: "Mood and anxiety"},
		Direction: LowerIsBetter, Scales: []Scale{{0, 120}},
		Items: []Item{
			{"gad2", words.Pair{NL: "Angst, vraag 1 en 2", EN: "Anxiety, questions 1 and 2"}, 0, 6},
			{"phq2", words.Pair{NL: "Stemming, vraag 3 en 4", EN: "Mood, questions 3 and 4"}, 0, 6},
		},
		Missing:    Missing{0, "all four are answered"},
		Population: "adults in primary care",
		Source: "PHQ-4: the first two questions are the GAD-2, the others the PHQ-2; 3 or more of a part asks for " +
			"attention, or a total of 6 or more (Kroenke 2009)",
	}
}

func startBackTool() Definition {
	return Definition{
		Key: startBack, Also: []string{"start-back", "startback", "start", "sbst"},
		Title:     words.Pair{NL: "STarT Back", EN: "STarT Back"},
		Direction: LowerIsBetter, Scales: []Scale{{0, 90}},
		Items: []Item{{"psychosocial", words.Pair{
			NL: "Psychosociaal, vraag 5 tot en met 9", EN: "Psychosocial, questions 5 to 9",
		}, 0, 5}},
		Missing:    Missing{0, "all nine are answered"},
		Population: "adults with low back pain in primary care",
		Source:     "STarT Back: low to 3, high from 4 of the psychosocial part, otherwise medium (Hill 2008)",
	}
}

func experience() Definition {
	return Definition{
		Key: "prem", Title: words.Pair{NL: "Ervaring met de zorg", EN: "Experience of care"},
		Direction: HigherIsBetter, Scales: []Scale{{0, 100}},
		Missing:    Missing{0, "not known"},
		Population: "patients of physiotherapists",
		Source:     "patient-reported experience, 0 to 10; about care, so that a change says nothing about complaints",
	}
}

// kinesiophobia returns the three forms of the Tampa Scale. They have other questions, and cannot be converted.
func kinesiophobia() []Definition {
	return []Definition{
		tampa("tsk", []string{"tsk17", "tsk-17"}, Scale{170, 680},
			Value{40, "4 of 68 (Woby 2005)", false}, Value{86, "8.53 (Eiger 2022)", false}),
		tampa("tsk-13", []string{"tsk", "tsk13"}, Scale{130, 520},
			Value{55, "5.5 (Monticone 2016)", false}, Value{68, "6.71 (Eiger 2022)", false}),
		tampa("tsk-11", []string{"tsk", "tsk11"}, Scale{110, 440},
			Value{40, "4 of 44 (Woby 2005)", false}, Value{59, "5.82 (Eiger 2022)", false}),
	}
}

func tampa(key string, also []string, scale Scale, important, beyond Value) Definition {
	return Definition{
		Key: key, Also: also, Title: words.Pair{NL: "Tampaschaal", EN: "Tampa Scale"}, Direction: LowerIsBetter,
		Scales: []Scale{scale}, Missing: Missing{0, "not known"},
		Limits:     Limits{Important: important, Error: beyond},
		Population: "adults with chronic pain",
		Source:     "Tampa Scale for Kinesiophobia",
	}
}
