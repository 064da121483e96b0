package demo

import "time"

// course describes how a patient does over the weeks. Days are the weekdays on which a session is done. Any seven
// consecutive days contain each weekday once, so the rates are as intended whatever day the demo starts.
type course struct {
	name     string
	startAgo int            // days before now that the program starts
	before   []time.Weekday // until the last days
	lately   []time.Weekday // in the last days
	latelyIs int            // how many days "lately" is
	silent   int            // days without contact with the phone
	pain     int            // usual score before a session
	painNow  int            // in the last 7 days
	paired   bool
	program  bool
	paused   bool // now
	stopped  bool // the last session was stopped because of pain
	recovers bool // moves to prevention after eight weeks
}

var (
	none  []time.Weekday
	two   = []time.Weekday{time.Monday, time.Thursday}
	three = []time.Weekday{time.Monday, time.Wednesday, time.Friday}
	five  = []time.Weekday{time.Monday, time.Tuesday, time.Thursday, time.Friday, time.Sunday}
	one   = []time.Weekday{time.Wednesday}
)

// The first eight are the states that a demo must show; the rest make a realistic practice.
var courses = []course{
	{name: "on track", startAgo: 84, before: five, lately: five, latelyIs: 14, pain: 3, painNow: 2,
		paired: true, program: true},
	{name: "partial", startAgo: 84, before: three, lately: three, latelyIs: 14, pain: 4, painNow: 4,
		paired: true, program: true},
	{name: "dropped", startAgo: 84, before: five, lately: one, latelyIs: 8, pain: 4, painNow: 4,
		paired: true, program: true},
	{name: "never started", startAgo: 6, before: none, lately: none, latelyIs: 7, pain: 5, painNow: 5,
		paired: true, program: true},
	{name: "pain up", startAgo: 70, before: five, lately: five, latelyIs: 8, pain: 3, painNow: 6,
		paired: true, program: true},
	{name: "paused", startAgo: 84, before: five, lately: five, latelyIs: 4, pain: 3, painNow: 3, paired: true,
		program: true, paused: true},
	{name: "phone not syncing", startAgo: 63, before: five, lately: none, latelyIs: 8, silent: 8, pain: 3, painNow: 3,
		paired: true, program: true},
	{name: "in prevention", startAgo: 84, before: five, lately: five, latelyIs: 14, pain: 1, painNow: 1, paired: true,
		program: true, recovers: true},
	{name: "on track", startAgo: 56, before: five, lately: five, latelyIs: 14, pain: 4, painNow: 3,
		paired: true, program: true},
	{name: "low", startAgo: 77, before: two, lately: two, latelyIs: 14, pain: 5, painNow: 5,
		paired: true, program: true},
	{name: "on track", startAgo: 42, before: five, lately: five, latelyIs: 14, pain: 5, painNow: 4,
		paired: true, program: true},
	{name: "starting", startAgo: 2, before: five, lately: five, latelyIs: 2, pain: 6, painNow: 6,
		paired: true, program: true},
	{name: "on track", startAgo: 84, before: five, lately: five, latelyIs: 14, pain: 2, painNow: 1,
		paired: true, program: true},
	{name: "stopped by pain", startAgo: 35, before: five, lately: three, latelyIs: 8, pain: 4, painNow: 5, paired: true,
		program: true, stopped: true},
	{name: "not paired", startAgo: 1, before: none, lately: none, latelyIs: 7, pain: 4, painNow: 4, program: true},
	{name: "on track", startAgo: 28, before: five, lately: five, latelyIs: 14, pain: 5, painNow: 5,
		paired: true, program: true},
}

var surnames = []string{
	"Jansen", "Bakker", "Ek", "Demir", "Smit", "Peters", "Yilmaz", "Mulder", "Clarke", "Bos", "Nguyen", "Vos", "Kaya",
	"Wright", "Dijkstra", "Hoekstra", "Singh", "Maas", "Verbeek", "Hughes", "Postma", "Haddad", "Kok", "Jacobs",
	"Evans", "Prins", "Schouten", "Ali", "Kuipers", "Taylor", "Willems", "Brouwer", "Santos", "Koster", "Martens",
	"Walker", "Timmer", "Meijer", "Rossi", "Hermans", "Gerritsen", "Bennett", "Blom", "Aydin", "Sanders", "Kramer",
	"Novak", "Groen",
}

const initials = "MSPADKBERLJTFHNCWGIO"
