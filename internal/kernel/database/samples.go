package database

import (
	"math"
	"slices"
	"time"
)

// sample says that so many commits of this process were acknowledged before the server had flushed its log up to a
// place.
type sample struct {
	commits int64
	flushed int64
	at      time.Time
}

// mostSamples bounds what is kept: the last samples all, and older ones the further apart the older they are.
const mostSamples = 256

// samples are in the order they were taken.
type samples []sample

// add keeps a sample, unless it says nothing new.
func (s *samples) add(one sample) {
	if n := len(*s); n > 0 && (*s)[n-1].commits == one.commits {
		return
	}
	*s = append(*s, one)
	if len(*s) > mostSamples {
		spare := s.spare()
		*s = slices.Delete(*s, spare, spare+1)
	}
}

// spare is the sample that is missed least: whose neighbours are nearest to each other for their age.
func (s *samples) spare() (least int) {
	all := *s
	now, smallest := all[len(all)-1].commits, math.Inf(1)
	for i := 1; i < len(all)-1; i++ {
		gap := float64(all[i+1].commits-all[i-1].commits) / float64(now-all[i-1].commits)
		if gap < smallest {
			least, smallest = i, gap
		}
	}
	return least
}

// since returns how many of so many commits may be missing from a server whose history leaves that of the samples at a
// place, and the moment up to which none is.
func (s samples) since(flushed, commits int64) loss {
	var safe sample
	for _, one := range s {
		if one.flushed <= flushed {
			safe = one
		}
	}
	missing := commits - safe.commits
	if safe.at.IsZero() {
		return loss{missing: &missing}
	}
	return loss{missing: &missing, since: &safe.at}
}
