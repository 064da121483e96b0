// Package review lists every clinical rule and text of the product with its source, so that a physiotherapist and a
// doctor can approve each, and knows what they have approved.
//
// The list is made from what the program reads and says, never written beside it. An approval holds for one wording: a
// rule or text that changes has to be approved again. Approvals stand in signed.yaml, which only people with a
// registration as a physiotherapist or doctor fill in.
package review

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"cadans/internal/kernel/words"
)

// Row is a rule or text to approve.
type Row struct {
	Part   Part
	Key    string // identifies the row within all rows
	Rule   string // the condition or the numbers, as the program reads them; empty for a text
	Text   words.Pair
	Source string
}

// Part is a group of rows.
type Part string

// The parts, in the order of the list: what keeps people safe comes first.
const (
	Gate        Part = "gate"
	Questions   Part = "questions"
	Modules     Part = "modules"
	Dose        Part = "dose"
	Progression Part = "progression"
	Instruments Part = "instruments"
	Ladders     Part = "ladders"
	Exercises   Part = "exercises"
	Education   Part = "education"
	Texts       Part = "texts"
)

// Parts are all parts, in order.
var Parts = []Part{Gate, Questions, Modules, Dose, Progression, Instruments, Ladders, Exercises, Education, Texts}

// Key is the key of the name of a part.
func (p Part) Key() string { return "review.part." + string(p) }

// Wording identifies what a row says: another rule, text or source has another one.
func (r Row) Wording() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{r.Key, r.Rule, r.Text.NL, r.Text.EN, r.Source}, "\x00")))
	return hex.EncodeToString(sum[:6])
}

// Signature is the verdict of a reviewer about one wording of a row.
type Signature struct {
	Row      string `yaml:"row"`
	Wording  string `yaml:"wording"`
	Reviewer string `yaml:"reviewer"` // name and registration
	Date     string `yaml:"date"`
	Verdict  string `yaml:"verdict"` // approved or change
	Remark   string `yaml:"remark"`
}

// Approved is the verdict that counts.
const Approved = "approved"

//go:embed signed.yaml
var signedFile []byte

// signatures returns what reviewers have signed.
func signatures() ([]Signature, error) {
	var all []Signature
	decoder := yaml.NewDecoder(bytes.NewReader(signedFile))
	decoder.KnownFields(true)
	if err := decoder.Decode(&all); err != nil {
		return nil, fmt.Errorf("review: signed.yaml: %w", err)
	}
	return all, nil
}

// List is every row, with the last verdict about its wording.
type List struct {
	Rows     []Row
	verdicts map[string]Signature // by wording
}

// SignatureOf returns the last verdict about a row as it is worded now, or false.
func (l List) SignatureOf(r Row) (Signature, bool) {
	s, is := l.verdicts[r.Wording()]
	return s, is && s.Row == r.Key
}

// IsApproved reports whether a row was approved as it is worded now.
func (l List) IsApproved(r Row) bool {
	s, is := l.SignatureOf(r)
	return is && s.Verdict == Approved
}

// Count is how many rows there are, and how many of them nobody has approved.
type Count struct {
	Part       Part
	All        int
	Unapproved int
}

// Counts counts the rows of each part.
func (l List) Counts() []Count {
	counts := make([]Count, len(Parts))
	for i, part := range Parts {
		counts[i].Part = part
		for _, r := range l.Of(part) {
			counts[i].All++
			if !l.IsApproved(r) {
				counts[i].Unapproved++
			}
		}
	}
	return counts
}

// Total counts all rows.
func (l List) Total() (total Count) {
	for _, c := range l.Counts() {
		total.All, total.Unapproved = total.All+c.All, total.Unapproved+c.Unapproved
	}
	return total
}

// Of returns the rows of a part.
func (l List) Of(part Part) (rows []Row) {
	for _, r := range l.Rows {
		if r.Part == part {
			rows = append(rows, r)
		}
	}
	return rows
}
