// Package id gives ids types, so that a patient's id cannot be passed where a member's is expected. All ids are UUIDs
// in lower case. An id is not a secret and proves nothing: a version 7 UUID reveals when it was created.
package id

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// The kinds of ids.
type (
	Practice        string
	Member          string
	Patient         string
	Device          string
	Pairing         string
	AuthSession     string
	ProgramVersion  string
	ProgramItem     string
	Pause           string
	Session         string
	Note            string
	Barrier         string
	Slot            string
	Feedback        string
	Alert           string
	SafetyReport    string
	SafetyDecision  string
	Intake          string
	CheckIn         string
	Proposal        string
	Progression     string
	Detour          string
	WalkingPlan     string
	RecurrenceCheck string
	AdverseEvent    string
	Template        string
	RiskProfile     string
	ModuleResponse  string
	ValuedActivity  string
	Score           string
	ChangeRequest   string
	Visit           string
	Snooze          string
)

// New returns a random UUIDv7 for a record that the server creates itself.
func New() string { return uuid.Must(uuid.NewV7()).String() }

// Of returns the id of something that is known by a text alone: the same for the same text, a UUID of version 5.
func Of(text string) string { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(text)).String() }

// IsChosen reports whether a text is a UUIDv7 in lower case, the form in which apps choose ids for what they store.
func IsChosen(text string) bool {
	u, err := uuid.Parse(text)
	return err == nil && u.Version() == 7 && u.String() == text
}

// Sequence makes UUIDv7s that depend only on a seed and the given moments, for demo data that must be the same in
// every run.
type Sequence struct{ random *rand.Rand }

// NewSequence returns a sequence for the seed.
func NewSequence(seed uint64) *Sequence {
	return &Sequence{random: rand.New(rand.NewPCG(seed, 0x6361_6461_6e73))}
}

// At returns the next id, with t as its time of creation.
func (s *Sequence) At(t time.Time) string {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(t.UnixMilli())<<16|s.random.Uint64()&0x0fff|0x7000)
	binary.BigEndian.PutUint64(u[8:], s.random.Uint64()&^(3<<62)|2<<62)
	return u.String()
}
