package database

import (
	"math"
	"slices"
	"time"
)

// sample records that this process had acknowledged that many commits before the server had flushed its log up to a
// position.
type sample struct {
	commits int64
	flushed int64
	at      time.Time
}

// mostSamples limits the samples kept: all recent ones, and older ones at intervals that grow with age.
const mostSamples = 256

// samples are in the order they were taken.
type samples []sample

// add keeps a sample if it contains anything new.
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

// spare returns the sample that is needed least: the one with the nearest neighbours relative to its age.
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

// since returns how many of the commits may be missing from a server whose history departs from that of the samples
// at a position, and the moment up to which nothing is missing.
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
