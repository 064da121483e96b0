package reminder

import (
	"math"
	"time"
)

// Condition is how a push service is.
type Condition string

// The conditions. A service that refuses everything does so because of us: a key, a project, a quota.
const (
	Well     Condition = ""
	Troubled Condition = "troubled"
	Refused  Condition = "refused"
)

// Status is how a push service is, since when, and the code of the failure that says so.
type Status struct {
	Condition Condition
	Since     time.Time
	Code      string
}

// Health is what a Sender may know about its service besides. Where it knows nothing, the service is taken to be well.
type Health interface {
	// Room is how many messages the service would take at this moment: none while it is left alone.
	Room() int
	// IsWell reports whether the service seems to do its work, so that a message which cannot be sent
	// a third time is not wasted on a service that hangs. A failure that is some minutes old no longer counts.
	IsWell() bool
	Status() Status
}

type carefree struct{}

// Room implements Health.
func (carefree) Room() int { return math.MaxInt }

// IsWell implements Health.
func (carefree) IsWell() bool { return true }

// Status implements Health.
func (carefree) Status() Status { return Status{} }

// HealthOf returns what a sender knows about its service.
func HealthOf(s Sender) Health {
	if h, knows := s.(Health); knows {
		return h
	}
	return carefree{}
}
