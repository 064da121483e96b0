package database

import "time"

// sample says that so many commits of this process were acknowledged before the server had flushed its log up to a place.
type sample struct {
	commits int64
	flushed int64
	at      time.Time
}

// mostSamples bounds what is kept: minutes of writing at full detail, and what is older at less.
const mostSamples = 1024

// samples are in the order they were taken.
type samples []sample

// add keeps a sample, unless it says nothing new. When there are too many, every second one goes.
func (s *samples) add(one sample) {
	if n := len(*s); n > 0 && (*s)[n-1].commits == one.commits {
		return
	}
	if len(*s) >= mostSamples {
		s.thin()
	}
	*s = append(*s, one)
}

func (s *samples) thin() {
	kept := (*s)[:0]
	for i, one := range *s {
		if i%2 == 0 {
			kept = append(kept, one)
		}
	}
	*s = kept
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
