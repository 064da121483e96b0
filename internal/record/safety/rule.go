package safety

import (
	"slices"
	"strings"

	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
)

// Rule is a line of the gate as a reviewer reads it.
type Rule struct {
	ID       string
	Level    Level
	Urgency  alert.Urgency
	When     string       // which signs it applies to
	Findings []words.Pair // one for each ground
	Advice   words.Pair
	Source   string
}

// Rules returns the gate, most serious first.
func Rules() []Rule {
	all := make([]Rule, len(rules))
	for i, r := range rules {
		all[i] = Rule{
			ID: r.id, Level: r.level, Urgency: r.urgency, When: r.when(), Findings: r.findings(), Source: r.source,
			Advice: words.KeepAs(func(l words.Language) string {
				return l.Say(r.advice, "findings", words.Join(r.findings(), " / ").In(l))
			}),
		}
	}
	return all
}

func (r rule) findings() (all []words.Pair) {
	for _, g := range grounds[r.id] {
		all = append(all, words.Keep(g.finding))
	}
	return append(all, words.Keep(r.finding))
}

// reviewed is somebody in whom a rule is tried.
type reviewed struct {
	name string
	Answers
}

// persons are those in whom each rule is tried: nothing but their age and their complaint differs.
var persons = []reviewed{
	{"aged 44, with back pain", Answers{AgeMin: 44, AgeMax: 44, OldAge: 50, Weeks: 2}},
	{"aged 44, with neck pain", Answers{Neck: true, AgeMin: 44, AgeMax: 44, OldAge: 50, Weeks: 2}},
	{"aged 12", Answers{AgeMin: 12, AgeMax: 12, OldAge: 50, Weeks: 2}},
	{"aged 18, in a first episode", Answers{AgeMin: 18, AgeMax: 18, OldAge: 50, Weeks: 2, FirstEpisode: true}},
	{"aged 44, after 20 weeks", Answers{AgeMin: 44, AgeMax: 44, OldAge: 50, Weeks: 20}},
	{"aged 80, in a first episode", Answers{AgeMin: 80, AgeMax: 80, OldAge: 50, Weeks: 2, FirstEpisode: true}},
	{"aged 80", Answers{AgeMin: 80, AgeMax: 80, OldAge: 50, Weeks: 2}},
	{"with two falls", Answers{AgeMin: 44, AgeMax: 44, OldAge: 50, Falls: 2}},
	{"with numbness below knee or elbow", Answers{AgeMin: 44, AgeMax: 44, OldAge: 50, NumbLeg: true}},
	{"with weakness where the pain spreads", Answers{AgeMin: 44, AgeMax: 44, OldAge: 50, WeakLimb: true}},
}

// when says for which signs a rule applies, by trying it: a reviewer reads what the program does. Each line is
// somebody, with the signs that are enough alone and the pairs that are enough together; who is as somebody before is
// left out.
func (r rule) when() string {
	var lines, said []string
	for _, p := range persons {
		signs := r.signsIn(p.Answers)
		if signs != "" && !slices.Contains(said, signs) {
			lines, said = append(lines, p.name+": "+signs), append(said, signs)
		}
	}
	return strings.Join(lines, ". ")
}

func (r rule) signsIn(a Answers) string {
	applies := func(signs ...Sign) bool {
		a.Yes = signs
		return r.applies(a)
	}
	if applies() {
		return "without any sign"
	}
	var enough []string
	alone := map[Sign]bool{}
	for _, sign := range allSigns() {
		if alone[sign] = applies(sign); alone[sign] {
			enough = append(enough, string(sign))
		}
	}
	signs := allSigns()
	for i, one := range signs {
		for _, other := range signs[i+1:] {
			if !alone[one] && !alone[other] && applies(one, other) {
				enough = append(enough, string(one)+" with "+string(other))
			}
		}
	}
	return strings.Join(enough, ", ")
}

// allSigns are the signs that are asked, each once.
func allSigns() (signs []Sign) {
	for _, q := range slices.Concat(IntakeQuestions, NewSignQuestions) {
		if !slices.Contains(signs, q.Sign) {
			signs = append(signs, q.Sign)
		}
	}
	return signs
}
