// Package delivery classifies what happened to a message that was given to an external service. There are exactly
// four kinds of failure, so that the sender decides by the kind and never by the service:
//
//	never left       nothing of it reached the service    it waits until it expires and costs no attempt
//	may have left    it was written, and no answer came   it is sent once more, under the same tag; five times
//	                                                      at most where the service says that it failed
//	refused here     the address is dead                  the address is removed
//	refused for all  we are refused, not the message      nothing is given up; one a minute is tried
//
// A Failure never contains free text of the service, because services repeat parts of the message in it.
package delivery

import (
	"errors"
	"time"
)

// Kind classifies the failure of a message.
type Kind int

// The kinds.
const (
	NeverLeft Kind = iota + 1
	MayHaveLeft
	RefusedHere
	RefusedForAll
)

// Kinds lists all kinds.
var Kinds = []Kind{NeverLeft, MayHaveLeft, RefusedHere, RefusedForAll}

var names = map[Kind]string{
	NeverLeft: "never left", MayHaveLeft: "may have left",
	RefusedHere: "refused here", RefusedForAll: "refused for all",
}

// String is the name of the kind: a metric label, and a word in the log.
func (k Kind) String() string { return names[k] }

// Failure is the reason why a message was not accepted.
type Failure struct {
	Kind Kind
	// Cause is one of a small fixed set, such as "dial" or "503": a metric label, and a word in the log.
	Cause string
	// Wait is the wait that the service asked for; zero leaves it to the sender.
	Wait time.Duration
	// Answered means that the service itself reported its failure: it most likely did not accept the message.
	Answered bool
	// Local means that the failure concerns only this address, not the service.
	Local bool
}

// Error implements error.
func (f *Failure) Error() string { return "message " + f.Kind.String() + ": " + f.Cause }

// Of returns the failure in an error, or nil if err is nil. For an error without a failure it returns MayHaveLeft,
// because the message may have been sent.
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
