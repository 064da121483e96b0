package review

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"cadans/internal/kernel/words"
	"cadans/internal/record/education"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/rulebook"
	"cadans/internal/record/safety"
)

// current is made once: nothing in the list changes while the program runs.
var current = sync.OnceValues(read)

// Current returns the list of what is in force.
func Current() (List, error) { return current() }

func read() (List, error) {
	signed, err := signatures()
	if err != nil {
		return List{}, err
	}
	library, err := exercise.Load()
	if err != nil {
		return List{}, err
	}
	lessons, err := education.Load()
	if err != nil {
		return List{}, err
	}
	sources, err := words.Sources()
	if err != nil {
		return List{}, err
	}
	l := List{
		Rows: slices.Concat(
			gateRows(), questionRows(), moduleRows(), doseRows(), progressionRows(), instrumentRows(),
			ladderRows(library), exerciseRows(library), educationRows(lessons), textRows(sources),
		),
		verdicts: map[string]Signature{},
	}
	for _, s := range signed {
		l.verdicts[s.Wording] = s
	}
	return l, nil
}

// own is the source of texts that are ours and claim nothing.
const own = "our own words"

func gateRows() (rows []Row) {
	for _, r := range safety.Rules() {
		rows = append(rows, Row{
			Part: Gate, Key: "gate/" + r.ID, Rule: fmt.Sprintf("%s, %s. %s", r.Level, r.Urgency, r.When),
			Text: words.Join(append(r.Findings, r.Advice), "\n"), Source: r.Source,
		})
	}
	return append(rows, togetherRow())
}

func questionRows() (rows []Row) {
	add := func(key, rule string, text words.Pair) {
		rows = append(rows, Row{Part: Questions, Key: "question/" + key, Rule: rule, Text: text, Source: own})
	}
	for _, q := range safety.IntakeQuestions {
		add("sign/"+string(q.Sign), "yes or no", q.Pair)
	}
	for _, q := range safety.NewSignQuestions {
		add("new/"+string(q.Sign), "yes or no, after a session and every week", q.Pair)
	}
	for _, q := range intake.Questions {
		rule := q.Kind
		if q.Max > 0 {
			rule = fmt.Sprintf("%d to %d", q.Min, q.Max)
		}
		add(q.Key, rule, words.Pair{NL: q.NL, EN: q.EN})
	}
	return rows
}

// limitRow is a number of a rule.
func limitRow(part Part, name string, l rulebook.Limit) Row {
	return Row{
		Part: part, Key: string(part) + "/limit/" + name, Rule: fmt.Sprintf("%d %s", l.Value, l.Unit),
		Text: l.Does.Pair(), Source: l.Source,
	}
}

func limitRows(part Part, limits map[string]rulebook.Limit) (rows []Row) {
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		rows = append(rows, limitRow(part, name, limits[name]))
	}
	return rows
}

func moduleRows() []Row {
	book := rulebook.Current().Modules
	rows := limitRows(Modules, rulebook.LimitsOf(book.Limits))
	add := func(key, rule string, text rulebook.Text, source string) {
		rows = append(rows, Row{Part: Modules, Key: "modules/" + key, Rule: rule, Text: text.Pair(), Source: source})
	}
	for _, phase := range slices.Sorted(maps.Keys(book.Base)) {
		add("base/"+phase, pointsOf(book.Base[phase].Points), book.Base[phase].Text, book.Choice.EN)
	}
	for i, r := range book.Rules {
		key, rule := fmt.Sprintf("rule/%d/%s", i+1, r.ID), fmt.Sprintf("%s: %s", r.When, pointsOf(r.Points))
		add(key, rule, r.Text, r.Evidence.EN)
	}
	p := book.Preference
	add("liked", fmt.Sprintf("%+d points", p.Liked.Points), p.Liked.Text, p.Evidence.EN)
	add("disliked", fmt.Sprintf("%+d points, excluded", p.Disliked.Points), p.Disliked.Text, p.Evidence.EN)
	add("always", "education", book.Always.Text, book.Always.Evidence.EN)
	return slices.Concat(rows, capRows(book), cautionRows(book), ProfileRows())
}

// capRows are the limits of a program, which are said in no text.
func capRows(book rulebook.Modules) (rows []Row) {
	add := func(key, rule, source string) {
		rows = append(rows, Row{Part: Modules, Key: "modules/" + key, Rule: rule, Source: source})
	}
	for i, c := range book.Caps {
		add(fmt.Sprintf("cap/%d", i+1), fmt.Sprintf("%s: %d items, %d modules that move the body", c.When, c.Items,
			c.Active), c.Source)
	}
	for i, m := range book.Minds {
		add(fmt.Sprintf("mind/%d", i+1), fmt.Sprintf("%s: %d modules for the mind", m.When, m.Most), m.Source)
	}
	for i, d := range book.Days {
		add(fmt.Sprintf("days/%d", i+1), strings.TrimSpace(fmt.Sprintf("%s %s", d.Module, d.Region))+
			fmt.Sprintf(": %d days a week", d.Days), d.Source)
	}
	return rows
}

func pointsOf(points map[string]int) string {
	var all []string
	for _, module := range slices.Sorted(maps.Keys(points)) {
		all = append(all, fmt.Sprintf("%s %+d", module, points[module]))
	}
	return strings.Join(all, ", ")
}

func doseRows() []Row {
	book := rulebook.Current().Dose
	rows := limitRows(Dose, rulebook.LimitsOf(book.Limits))
	for i, r := range book.Ranges {
		of := strings.TrimSpace(r.Module + " " + r.Region)
		if r.Level > 0 {
			of += fmt.Sprintf(", level %d", r.Level)
		}
		rows = append(rows, Row{
			Part: Dose, Key: fmt.Sprintf("dose/range/%d", i+1), Source: r.Source,
			Rule: fmt.Sprintf("%s: %d to %d %s", of, r.Low, r.High, r.Unit),
		})
	}
	return rows
}

func progressionRows() []Row {
	return limitRows(Progression, rulebook.LimitsOf(rulebook.Current().Progression.Limits))
}

func instrumentRows() (rows []Row) {
	for _, d := range questionnaire.Definitions() {
		rows = append(rows, Row{
			Part: Instruments, Key: "instrument/" + d.Key, Rule: ruleOf(d), Text: d.Title,
			Source: d.Source + "; " + d.Population,
		})
		for _, item := range d.Items {
			rows = append(rows, Row{
				Part: Instruments, Key: "instrument/" + d.Key + "/" + item.Key, Text: item.Text, Source: d.Source,
				Rule: fmt.Sprintf("%d to %d", item.Min, item.Max),
			})
		}
	}
	return rows
}

func exerciseRows(library *exercise.Library) (rows []Row) {
	for _, e := range library.All() {
		d := e.Default
		rows = append(rows, Row{
			Part: Exercises, Key: "exercise/" + e.Slug, Source: own,
			Rule: fmt.Sprintf("%s, %s; %d sets, %d repetitions, hold %d s, %d minutes; needs: %s; easier: %s; "+
				"harder: %s",
				e.Module, e.Region, d.Sets, d.Reps, d.HoldS, d.Minutes, listed(e.Equipment), none(e.Easier),
				none(e.Harder)),
			Text: words.Join([]words.Pair{e.Name, e.Instructions, e.Cautions}, "\n"),
		})
	}
	return rows
}

func listed(all []string) string { return none(strings.Join(all, ", ")) }

func none(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func educationRows(c education.Content) (rows []Row) {
	for _, t := range slices.Concat(c.Modules, c.Cards) {
		rows = append(rows, Row{
			Part: Education, Key: "education/" + t.Slug, Source: own + "; claims follow",
			Text: words.Join([]words.Pair{t.Title, t.Body, t.Assignment}, "\n\n"),
		})
		for i, c := range t.Claims {
			rows = append(rows, Row{
				Part: Education, Key: fmt.Sprintf("education/%s/claim/%d", t.Slug, i+1), Text: c.Excerpt,
				Source: fmt.Sprintf("%s. Found in: %s", c.Source, c.Population),
			})
		}
	}
	return rows
}

// catalogs are the files of texts that rules say and that patients read.
var catalogs = []string{"record.yaml", "rules.yaml", "screens.yaml"}

func textRows(sources map[string]words.Source) (rows []Row) {
	for _, file := range catalogs {
		for _, key := range words.KeysIn(file) {
			row := Row{Part: Texts, Key: "text/" + key, Text: words.Keep(key), Source: own}
			if source, is := sources[key]; is {
				row.Source = source.From + ". Found in: " + source.Population
			}
			rows = append(rows, row)
		}
	}
	return rows
}
