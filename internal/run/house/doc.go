// Package house is the plan of the code: where a line belongs, and what it may import. It holds tests only.
//
// The wings, from the ground up:
//
//	pkg              what other programs may use: calendar and time zones, the API's client
//	internal/kernel  knows no physiotherapy: access, sign-in, database, queue, clock, faults
//	internal/record  what is kept about people, and what practices set: programs, sessions, intakes, alerts
//	internal/rules   what is decided: adherence, what needs attention, proposals, progression, reminders
//	internal/screens what somebody reads, from several rooms: caseload, dossier, today, progress
//	api/wire         what the contract says in Go, generated
//	api/door, api/services
//	                 what operations and pages share: what a request passes first, and the list of use cases
//	api, internal/web, internal/push
//	                 what is shown: the API, the pages, the messages to phones
//	internal/run     what runs or tries all of it: the program's commands, the demo, benchmarks, tests of the whole
//
// A package imports from its own wing and from those below, never from one above or beside: a package below asks
// through an interface of its own, which app fills in. Tests may import what they like. A few libraries have one home,
// as database for gorm. Time comes from the clock, and days from the calendar. A transaction for somebody begins with
// the check of access; only what acts for nobody holds the database.
package house
