// Package delivery says what became of a message that was handed to a service outside. There are four kinds of
// failure and no more, so that whoever sends decides by the kind and never by the service:
//
//	never left       nothing of it reached the service    it waits until it expires and costs no attempt
//	may have left    it was written, and no answer came   it is sent once more, under the same tag; five times
//	                                                      at most where the service says that it failed
//	refused here     the address is dead                  the address is forgotten
//	refused for all  we are refused, not the message      nothing is given up; one a minute is tried
//
// A failure never holds what a service answered in its own words: services repeat parts of the message in it.
package delivery

import (
	"errors"
	"time"
)

// Kind is what became of a message that was not accepted.
type Kind int

// The kinds.
const (
	NeverLeft Kind = iota + 1
	MayHaveLeft
	RefusedHere
	RefusedForAll
)

// Kinds are all of them.
var Kinds = []Kind{NeverLeft, MayHaveLeft, RefusedHere, RefusedForAll}

var names = map[Kind]string{
	NeverLeft: "never left", MayHaveLeft: "may have left",
	RefusedHere: "refused here", RefusedForAll: "refused for all",
}

// String is the name of the kind: a metric label, and a word in the log.
func (k Kind) String() string { return names[k] }

// Failure is why a message was not accepted.
type Failure struct {
	Kind Kind
	// Cause is one of a small fixed set, such as "dial" or "503": a metric label, and a word in the log.
	Cause string
	// Wait is what the service asked for; zero leaves that to the sender.
	Wait time.Duration
	// Answered says that the service itself told of its failure: it most likely did not take the message.
	Answered bool
	// Local says that it is about this address alone, and nothing about the service.
	Local bool
}

// Error implements error.
func (f *Failure) Error() string { return "message " + f.Kind.String() + ": " + f.Cause }

// Of returns the failure in an error, or nil where there is none. An error that says nothing about the message leaves
// open whether it went out.
func Of(err error) *Failure {
	var f *Failure
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return f
	default:
		return &Failure{Kind: MayHaveLeft, Cause: "unknown"}
	}
}
