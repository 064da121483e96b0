package program

import (
	"cadans/internal/kernel/id"
	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
	"cadans/pkg/localtime"
)

// week is the days within which exercises rise together.
const week = 7

// rises is by how much exercises have risen, by item.
type rises = map[id.ProgramItem]dose.Week

// Rises returns, by item, what an exercise of the usual program asks more than it did 7 days ago, or at first in a
// program that is younger. One that was not there then has not risen.
func (h History) Rises(library *exercise.Library, today localtime.Date) rises {
	now, errNow := h.Base(today)
	then, errThen := h.Base(today.AddDays(-week))
	risen := rises{}
	if errNow != nil {
		return risen
	}
	if errThen != nil { // the program is younger than a week
		then = h.Versions[0]
	}
	for _, item := range now.Items {
		if was, there := then.Item(item.ID); there {
			if step := was.Week(library, item); step.After > step.Before {
				risen[item.ID] = step
			}
		}
	}
	return risen
}
