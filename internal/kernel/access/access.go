// Package access decides who may do what. One table, in rules.go, says for each operation of the API which role may
// call it and which relation to the patient it takes. There is no other permission in the program: an operation without
// a row cannot start, and a service begins its transactions through a Guard, which asks first.
//
// A stranger to a patient hears "not found", exactly as for an id that does not exist. A role that never may do a thing
// hears "forbidden".
package access

import (
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// Role says what kind of person calls.
type Role string

// The roles. A stranger has none.
const (
	Patient   Role = "patient"
	Therapist Role = "therapist"
	Admin     Role = "admin"
)

// Relation is what must hold between the caller and the patient concerned.
type Relation int

// The relations, from none to all.
const (
	Never        Relation = iota
	Anybody               // needs no relation: not about a patient
	Self                  // the caller is the patient
	Assigned              // the caller treats the patient
	SamePractice          // the caller administers the patient's practice
)

// Errors of this package.
var (
	ErrUnauthenticated = fault.New(fault.Unauthenticated, "unauthenticated", "no valid access token")
	ErrForbidden       = fault.New(fault.Forbidden, "forbidden", "role may not do this")
	ErrNotFound        = fault.New(fault.NotFound, "not-found", "no such record for this caller")
)

// Viewer is who asks. The zero Viewer is a stranger.
type Viewer struct {
	Role     Role
	Practice id.Practice
	Patient  id.Patient // of a patient
	Device   id.Device  // of a patient's phone
	Member   id.Member  // of a therapist or admin
	Session  id.AuthSession
	Trail    Trail // of a member's request; nil where nobody keeps one
}

// Trail is told about which patients a member asks, and whether that is allowed.
type Trail interface {
	Asked(tx *database.Tx, patient id.Patient, allowed bool) error
}

// CareLookup answers what the rules ask about a patient. A patient that does not exist belongs to no practice.
type CareLookup interface {
	PracticeOf(tx *database.Tx, patient id.Patient) (id.Practice, error)
	Treats(tx *database.Tx, member id.Member, patient id.Patient) (bool, error)
}

// RelationFor returns the relation that the operation asks of the viewer's role; Never when it may not call it.
func RelationFor(viewer Viewer, operation Operation) Relation {
	rule, known := rules[operation]
	if !known {
		return Never
	}
	if rule.public {
		return Anybody
	}
	return rule.roles[viewer.Role]
}

// Enter refuses a role that may never call the operation, before anything is read.
// A public operation lets everybody in.
func Enter(viewer Viewer, operation Operation) error {
	if RelationFor(viewer, operation) != Never {
		return nil
	}
	if viewer.Role == "" {
		return ErrUnauthenticated
	}
	return ErrForbidden
}

// Concerns reports whether an operation shows or changes something about people: not the documents that everybody may
// read, nor the stream of events, which names nobody.
func Concerns(operation Operation) bool {
	rule := rules[operation]
	return !rule.public && rule.roles[Patient] != Anybody && operation != StreamEvents
}

// ForMembers lists the operations that a therapist or admin may call and that concern people.
func ForMembers() (list []Operation) {
	for operation, rule := range rules {
		if Concerns(operation) && (rule.roles[Therapist] != Never || rule.roles[Admin] != Never) {
			list = append(list, operation)
		}
	}
	slices.Sort(list)
	return list
}

// HasRule reports whether an operation has a row in the table.
func HasRule(operation Operation) bool {
	_, known := rules[operation]
	return known
}
