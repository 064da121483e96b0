// Package fault classifies errors. A fault has a kind, which determines the HTTP status, and a stable code, which
// tells a program what to do and selects the text for people. Its message is for the log only; it never contains
// health data, names or anything a caller sent.
//
// An error that is not a fault is a defect: the caller gets "internal error", and the log has the details.
package fault

import (
	"errors"
	"time"
)

// Kind is the class of a fault.
type Kind int

// The kinds, each with one HTTP status.
const (
	Internal        Kind = iota // 500: our defect
	Invalid                     // 400: the request cannot be right, see Violations
	Unauthenticated             // 401: unknown caller
	Forbidden                   // 403: known caller, not allowed
	NotFound                    // 404: not there, or not the caller's to see
	Conflict                    // 409: contradicts what is stored
	Stale                       // 412: based on an old version
	Unconditional               // 428: should have named the version it is based on
	TooMany                     // 429: wait, see RetryAfter
	Transient                   // 503: try again
)

// Violation is one error in the input.
type Violation struct {
	Pointer string // JSON Pointer into the body, such as /items/0/sets
	Code    string // stable, such as out-of-range
}

// Fault is a classified error.
type Fault struct {
	Kind       Kind
	Code       string
	Message    string
	Violations []Violation
	RetryAfter time.Duration
	cause      error
}

// New returns a fault. Code is kebab-case and stable; message is lower case, for the log.
func New(kind Kind, code, message string) *Fault {
	return &Fault{Kind: kind, Code: code, Message: message}
}

// Input returns an Invalid fault that names every violation, or nil when there is none.
func Input(violations ...Violation) error {
	if len(violations) == 0 {
		return nil
	}
	return &Fault{Kind: Invalid, Code: "invalid-input", Message: "invalid input", Violations: violations}
}

// Within prefixes the pointers in an error with the place of the part in a larger body.
func Within(place string, err error) error {
	var f *Fault
	if !errors.As(err, &f) || len(f.Violations) == 0 {
		return err
	}
	moved := *f
	moved.Violations = make([]Violation, len(f.Violations))
	for i, v := range f.Violations {
		moved.Violations[i] = Violation{Pointer: place + v.Pointer, Code: v.Code}
	}
	return &moved
}

// Error implements error.
func (f *Fault) Error() string {
	if f.cause != nil {
		return f.Message + ": " + f.cause.Error()
	}
	return f.Message
}

// Unwrap returns what caused the fault.
func (f *Fault) Unwrap() error { return f.cause }

// Is treats two faults with the same kind and code as equal, so that errors.Is recognises a sentinel in a copy with
// more detail.
func (f *Fault) Is(target error) bool {
	other, ok := target.(*Fault)
	return ok && f.Kind == other.Kind && f.Code == other.Code
}

// Because returns a copy of the fault with its cause.
func (f *Fault) Because(cause error) *Fault {
	c := *f
	c.cause = cause
	return &c
}

// After returns a copy that asks the caller to wait before a retry.
func (f *Fault) After(wait time.Duration) *Fault {
	c := *f
	c.RetryAfter = wait
	return &c
}

// KindOf returns the kind of the first fault in err's chain; anything else is Internal.
func KindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// Is reports whether err is a fault of that kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
