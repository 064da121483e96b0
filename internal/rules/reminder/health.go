package reminder

import (
	"math"
	"time"
)

// Condition is the condition of a push service.
type Condition string

// The conditions. A service refuses everything because of a problem on our side: a key, a project, a quota.
const (
	Well     Condition = ""
	Troubled Condition = "troubled"
	Refused  Condition = "refused"
)

// Status is the condition of a push service, since when, and the code of the failure behind it.
type Status struct {
	Condition Condition
	Since     time.Time
	Code      string
}

// Health is an optional interface of a Sender that monitors its service. Without it the service counts as well.
type Health interface {
	// Room is how many messages the service accepts now; zero while sending is suspended.
	Room() int
	// IsWell reports whether the service seems to work, so that the last try for a message is not wasted on a failing
	// service. A failure that is some minutes old no longer counts.
	IsWell() bool
	Status() Status
}

type alwaysWell struct{}

// Room implements Health.
func (alwaysWell) Room() int { return math.MaxInt }

// IsWell implements Health.
func (alwaysWell) IsWell() bool { return true }

// Status implements Health.
func (alwaysWell) Status() Status { return Status{} }

// HealthOf returns the health of a sender's service.
func HealthOf(s Sender) Health {
	if h, knows := s.(Health); knows {
		return h
	}
	return alwaysWell{}
}
