// Package ruleset runs the clinical rules on JSON, without a database: for researchers who want to know what the rules
// say of a case, and for anybody who checks them.
//
// The same input gives the same output, byte for byte, as long as the versions of the rules in it stay. Settings are
// those of a practice that has set none. An input that cannot be right is refused with every field named.
package ruleset

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"cadans/api/door"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/rulebook"
	"cadans/internal/record/safety"
	"cadans/internal/rules/progression"
	"cadans/internal/rules/proposal"
)

// Rules answers cases.
type Rules struct {
	contract *door.Contract
	library  *exercise.Library
}

// New returns the rules with the built-in library of exercises.
func New(contract *door.Contract) (*Rules, error) {
	library, err := exercise.Load()
	return &Rules{contract, library}, err
}

// Versions are the versions of the rules that gave an answer.
type Versions struct {
	Safety      int `json:"safety" yaml:"safety"`
	Modules     int `json:"modules" yaml:"modules"`
	Dose        int `json:"dose" yaml:"dose"`
	Progression int `json:"progression" yaml:"progression"`
}

func versions() Versions {
	return Versions{
		Safety:      safety.RuleVersion,
		Modules:     proposal.RuleVersion,
		Dose:        rulebook.Current().Dose.Version,
		Progression: progression.RuleVersion,
	}
}

// text is a text in both languages.
type text struct {
	NL string `json:"nl"`
	EN string `json:"en"`
}

func textOf(p words.Pair) text { return text(p) }

// Answer answers every case that it reads, each in one JSON document: an intake, which has answers, or a course, which
// has sessions. It stops at the first that is wrong.
func (r *Rules) Answer(in io.Reader, out io.Writer) error {
	decoder := json.NewDecoder(in)
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	for n := 1; ; n++ {
		var given json.RawMessage
		err := decoder.Decode(&given)
		if errors.Is(err, io.EOF) {
			return nil
		}
		var said any
		if err == nil {
			said, err = r.answer(given)
		}
		if err != nil {
			return fmt.Errorf("case %d: %w", n, explained(err))
		}
		if err := encoder.Encode(said); err != nil {
			return err
		}
	}
}

func (r *Rules) answer(given json.RawMessage) (any, error) {
	var kind struct{ Answers, Sessions json.RawMessage }
	if err := json.Unmarshal(given, &kind); err != nil {
		return nil, err
	}
	switch {
	case kind.Answers != nil && kind.Sessions == nil:
		return r.intake(given)
	case kind.Sessions != nil && kind.Answers == nil:
		return r.course(given)
	default:
		return nil, errors.New(`either "answers" of an intake or "sessions" of a course is needed`)
	}
}

// read reads a case strictly: a name that is not known is an error, so that no answer is lost by a slip.
func read(given json.RawMessage, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(given))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// together names the fields of several refusals at once.
func together(refusals ...error) error {
	var wrong []fault.Violation
	for _, err := range refusals {
		var refused *fault.Fault
		if errors.As(err, &refused) {
			wrong = append(wrong, refused.Violations...)
		} else if err != nil {
			return err
		}
	}
	return fault.Input(wrong...)
}

// explained puts the fields of a refused input into words.
func explained(err error) error {
	var refused *fault.Fault
	if !errors.As(err, &refused) {
		return err
	}
	all := []error{errors.New(refused.Message)}
	for _, v := range refused.Violations {
		all = append(all, fmt.Errorf("  %s: %s", v.Pointer, v.Code))
	}
	return errors.Join(all...)
}
