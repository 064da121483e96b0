package ruleset

import (
	"encoding/json"

	"cadans/api/inbound"
	"cadans/api/wire"
	"cadans/internal/kernel/fault"
	"cadans/internal/record/alert"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/record/settings"
	"cadans/internal/rules/proposal"
	"cadans/pkg/localtime"
)

// intakeCase is an intake: the answers as in the API, the day on which they were given, and the day for which a program
// is asked.
type intakeCase struct {
	Answers   wire.IntakeAnswers `json:"answers"`
	BirthYear int                `json:"birth_year"`
	Submitted string             `json:"submitted_on"`
	Proposed  string             `json:"proposed_on"` // optional: the day of the answers
}

// oldest is the highest age that is no slip, in years.
const oldest = 125

type intakeAnswer struct {
	Versions    Versions `json:"rule_versions"`
	Safety      gate     `json:"safety"`
	Phase       string   `json:"phase"`
	Mood        string   `json:"mood"`
	Risk        string   `json:"risk"`
	Physical    []string `json:"physical_factors"`
	Psychosoc   []string `json:"psychosocial_factors"`
	NeedsReview bool     `json:"needs_clinical_review"`
	NotAsked    []string `json:"not_asked"` // signs of a later form; that is not "no"
	Program     *plan    `json:"program"`   // null during a safety stop
}

type gate struct {
	Level    safety.Level  `json:"level"`
	Urgency  alert.Urgency `json:"urgency,omitempty"`
	Decide   bool          `json:"must_decide"`
	Findings []finding     `json:"findings"`
	Advice   text          `json:"advice"`
}

type finding struct {
	Rule  string       `json:"rule"`
	Level safety.Level `json:"level"`
	Text  text         `json:"text"`
}

type plan struct {
	Modules     []module `json:"modules"`
	ItemCap     int      `json:"item_cap"`
	StartsSmall bool     `json:"starts_small"`
	Seconds     int      `json:"seconds"`
	Items       []item   `json:"items"`
}

type module struct {
	Module  exercise.Module `json:"module"`
	Points  int             `json:"points"`
	Chosen  bool            `json:"chosen"`
	Because []reason        `json:"because"`
}

type reason struct {
	Rule     string `json:"rule"`
	Points   int    `json:"points"`
	Evidence text   `json:"evidence"`
	Text     text   `json:"text"`
}

type item struct {
	Exercise string          `json:"exercise"`
	Module   exercise.Module `json:"module"`
	Dose     amount          `json:"dose"`
	Minimum  *amount         `json:"minimum_dose,omitempty"`
	PerWeek  int             `json:"sessions_per_week"`
}

// amount is a dose; what it does not have is absent.
type amount struct {
	Sets    int `json:"sets,omitempty"`
	Reps    int `json:"reps,omitempty"`
	HoldS   int `json:"hold_s,omitempty"`
	Minutes int `json:"minutes,omitempty"`
}

func (r *Rules) intake(given json.RawMessage) (any, error) {
	var c intakeCase
	if err := read(given, &c); err != nil {
		return nil, err
	}
	submitted, proposed, errDays := c.days()
	if err := together(r.check(given), errDays); err != nil {
		return nil, err
	}
	answers := inbound.Answers(c.Answers)
	if err := answers.Complete(); err != nil {
		return nil, err
	}
	return r.judge(intake.Intake{Answers: answers, SubmittedOn: submitted}, c.BirthYear, proposed), nil
}

// check holds the answers against the contract of the API.
func (r *Rules) check(given json.RawMessage) error {
	var c struct {
		Answers map[string]any `json:"answers"`
	}
	if err := json.Unmarshal(given, &c); err != nil {
		return err
	}
	return fault.Within("/answers", r.contract.Check("saveMyIntake", c.Answers))
}

func (c intakeCase) days() (submitted, proposed localtime.Date, err error) {
	var wrong []fault.Violation
	read := func(pointer, written string) localtime.Date {
		day, err := localtime.ParseDate(written)
		if err != nil {
			wrong = append(wrong, fault.Violation{Pointer: pointer, Code: "unknown-value"})
		}
		return day
	}
	submitted = read("/submitted_on", c.Submitted)
	if proposed = submitted; c.Proposed != "" {
		proposed = read("/proposed_on", c.Proposed)
	}
	year, _, _ := submitted.Date()
	if age := year - c.BirthYear; len(wrong) == 0 && (age < 0 || age > oldest) {
		wrong = append(wrong, fault.Violation{Pointer: "/birth_year", Code: "out-of-range"})
	}
	return submitted, proposed, fault.Input(wrong...)
}

// judge asks each room of the rules in turn.
func (r *Rules) judge(i intake.Intake, birthYear int, on localtime.Date) intakeAnswer {
	set := settings.Defaults()
	year, _, _ := i.SubmittedOn.Date()
	verdict := safety.Screen(i.Answers.ForGate(people.Patient{BirthYear: birthYear}, year, set))
	physical, psychosocial := i.Answers.Prognosis()
	said := intakeAnswer{
		Versions: versions(), Safety: gateOf(verdict), Phase: string(i.PhaseOn(on)), Mood: i.Answers.Mood(),
		Risk: string(i.Answers.Risk()), Physical: orEmpty(physical), Psychosoc: orEmpty(psychosocial),
		NeedsReview: verdict.Level == safety.Review,
		NotAsked:    each(i.Answers.NotAsked(), func(sign safety.Sign) string { return string(sign) }),
	}
	if !verdict.Level.Stops() {
		c := proposal.CaseOf(i.Answers, set)
		c.Phase = i.PhaseOn(on)
		said.Program = r.plan(proposal.Compose(r.library, c))
	}
	return said
}

func gateOf(v safety.Verdict) gate {
	return gate{
		Level: v.Level, Urgency: v.Urgency, Decide: v.MustDecide(),
		Findings: each(v.Findings, func(f safety.Finding) finding { return finding{f.Rule, f.Level, textOf(f.Pair)} }),
		Advice:   text{NL: v.Advice(people.Dutch), EN: v.Advice(people.English)},
	}
}

func (r *Rules) plan(c proposal.Composition) *plan {
	return &plan{
		Modules: each(c.Scores, moduleOf), ItemCap: c.Caps.Items, StartsSmall: c.StartsSmall,
		Seconds: proposal.Seconds(r.library, c.Items),
		Items: each(c.Items, func(i program.NewItem) item {
			is := item{
				Exercise: i.Exercise, Module: i.In(r.library).Module, Dose: amount(i.Dose),
				PerWeek: i.Schedule.InWeek(),
			}
			if i.Minimum != nil {
				least := amount(*i.Minimum)
				is.Minimum = &least
			}
			return is
		}),
	}
}

func moduleOf(s proposal.Score) module {
	return module{
		Module: s.Module, Points: s.Points, Chosen: s.Chosen,
		Because: each(s.Because, func(b proposal.Because) reason {
			return reason{
				Rule: b.Rule, Points: b.Points, Text: text{NL: b.NL, EN: b.EN},
				Evidence: text{NL: b.EvidenceIn(people.Dutch), EN: b.EvidenceIn(people.English)},
			}
		}),
	}
}

func each[A, B any](list []A, convert func(A) B) []B {
	converted := make([]B, len(list))
	for i, a := range list {
		converted[i] = convert(a)
	}
	return converted
}

func orEmpty(list []string) []string { return append([]string{}, list...) }
