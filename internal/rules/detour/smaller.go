package detour

import (
	"slices"
	"time"

	"cadans/internal/record/program"
)

// shortest is how long a session of the short version takes at most.
const shortest = 10 * time.Minute

// half is the share of the dose on easier days, in percent.
const half = 50

// ShortMinutes returns how many minutes a session of the short version of a program takes, rounded up.
func ShortMinutes(items []program.Item) int {
	if len(items) == 0 {
		return 0
	}
	return int((program.Version{Items: shortened(items)}.Duration() + time.Minute - 1) / time.Minute)
}

func halved(items []program.Item) []program.Item { return scaled(items, half) }

// shortened takes sets and minutes from whatever takes longest, until a session fits. When nothing is left to take, the
// last exercises go: the first ones are those that matter most.
func shortened(items []program.Item) []program.Item {
	smaller := slices.Clone(items)
	for (program.Version{Items: smaller}).Duration() > shortest {
		if i := longest(smaller); i >= 0 {
			smaller[i] = smaller[i].Shorter()
			continue
		}
		if len(smaller) == 1 {
			break
		}
		smaller = smaller[:len(smaller)-1]
	}
	return smaller
}

// longest returns which item takes longest of those that can take less time, or -1.
func longest(items []program.Item) int {
	found := -1
	for i, item := range items {
		if item.Shorter().Seconds() < item.Seconds() && (found < 0 || item.Seconds() > items[found].Seconds()) {
			found = i
		}
	}
	return found
}
