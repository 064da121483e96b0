package adherence

import (
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// statusDocument is a Status as stored. Increase form when adding a field.
type statusDocument struct {
	Date        localtime.Date `json:"Date"`
	Until       localtime.Date `json:"Until"`
	Start       localtime.Date `json:"Start"`
	Week        int            `json:"Week"`
	Asked       bool           `json:"Asked"`
	Pause       *pauseDocument `json:"Pause"`
	Stop        localtime.Date `json:"Stop"`
	LastDay     localtime.Date `json:"LastDay"`
	DaysDone    int            `json:"DaysDone"`
	Last7       rateDocument   `json:"Last7"`
	Last14      rateDocument   `json:"Last14"`
	Last28      rateDocument   `json:"Last28"`
	Before14    rateDocument   `json:"Before14"`
	Earlier28   rateDocument   `json:"Earlier28"`
	Missed      missedDocument `json:"Missed"`
	Median      *int           `json:"Median"`
	Dropped     bool           `json:"Dropped"`
	Marks       string         `json:"Marks"`
	Pain        painDocument   `json:"Pain"`
	StoppedPain localtime.Date `json:"StoppedPain"`
	Weeks       weeksDocument  `json:"Weeks"`
	Course      courseDocument `json:"Course"`
}

type pauseDocument struct {
	Start  localtime.Date      `json:"Start"`
	End    localtime.Date      `json:"End"`
	Reason program.PauseReason `json:"Reason"`
}

type rateDocument struct {
	Days      int  `json:"Days"`
	Active    int  `json:"Active"`
	Done      int  `json:"Done"`
	Expected7 int  `json:"Expected7"`
	Sessions  *int `json:"Sessions"`
	Dose      *int `json:"Dose"`
	Raw       *int `json:"Raw"`
}

type missedDocument struct {
	Expected7 int              `json:"Expected7"`
	Active    int              `json:"Active"`
	Days      []localtime.Date `json:"Days"`
}

type painDocument struct {
	Now       *int `json:"Now"`
	Before    *int `json:"Before"`
	Change    *int `json:"Change"`
	Fortnight *int `json:"Fortnight"`
	Scores    int  `json:"Scores"`
}

type weeksDocument struct {
	Met       int            `json:"Met"`
	Of        int            `json:"Of"`
	Closed    localtime.Date `json:"Closed"`
	ClosedMet int            `json:"ClosedMet"`
	ClosedOf  int            `json:"ClosedOf"`
}

type courseDocument struct {
	Expected7 int    `json:"Expected7"`
	Paused    bool   `json:"Paused"`
	Sessions  int    `json:"Sessions"`
	InFlare   bool   `json:"InFlare"`
	PerWeek   int    `json:"PerWeek"`
	WeekDone  int    `json:"WeekDone"`
	Away      int    `json:"Away"`
	Spans     []int  `json:"Spans"`
	Trained   string `json:"Trained"`
}

func (s Status) document() statusDocument {
	return statusDocument{
		Date: s.Date, Until: s.Until, Start: s.Start, Week: s.Week, Asked: s.Asked, Pause: (*pauseDocument)(s.Pause),
		Stop: s.Stop, LastDay: s.LastDay, DaysDone: s.DaysDone, Last7: rateDocument(s.Last7),
		Last14: rateDocument(s.Last14), Last28: rateDocument(s.Last28), Before14: rateDocument(s.Before14),
		Earlier28: rateDocument(s.Earlier28), Missed: missedDocument(s.Missed), Median: s.Median, Dropped: s.Dropped,
		Marks: s.Marks, Pain: painDocument(s.Pain), StoppedPain: s.StoppedPain, Weeks: weeksDocument(s.Weeks),
		Course: courseDocument(s.Course),
	}
}

func (d statusDocument) toStatus() Status {
	return Status{
		Date: d.Date, Until: d.Until, Start: d.Start, Week: d.Week, Asked: d.Asked, Pause: (*Pause)(d.Pause),
		Stop: d.Stop, LastDay: d.LastDay, DaysDone: d.DaysDone, Last7: Rate(d.Last7), Last14: Rate(d.Last14),
		Last28: Rate(d.Last28), Before14: Rate(d.Before14), Earlier28: Rate(d.Earlier28), Missed: Missed(d.Missed),
		Median: d.Median, Dropped: d.Dropped, Marks: d.Marks, Pain: Pain(d.Pain), StoppedPain: d.StoppedPain,
		Weeks: Weeks(d.Weeks), Course: Course(d.Course),
	}
}
