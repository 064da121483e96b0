// Package walker is a random walk over the whole program: what patients, therapists and admins can do, through the API
// and through the forms of the pages, while time passes by minutes to weeks. It holds tests only.
//
// It promises that after every act everything can be read: every GET of the contract and every page about the patient
// whom the act touched, and after every tenth act those about the practice as well. No answer is against the contract,
// none fails, no page says what it should not (a missing value, somebody else's name), and no error is logged. A figure
// for one window is the same wherever it is shown: caseload, summary, series of days, the patient's own progress, and
// the pages. What was refused changed no row, but for the bookkeeping that digest_test.go lists with its reasons. Days
// of adherence made anew are those that are kept. A second practice, in which everything is named by a canary, is seen
// by nobody, and its rows are as they were.
//
// Acts are listed by name in patient_test.go, practice_test.go and pageacts_test.go; over a whole run each must have
// succeeded. Beyond them, somebody goes from page to page, picks a form and fills it in: a new page or form is tried
// without being listed. Pages to read are found by following links, GETs in openapi.yaml.
//
// What reading costs decides how much is read. Dutch and English take turns from step to step, as both at each would
// double the time. Requests of one step are sent side by side. Nothing waits for the disk.
//
// A walk follows from a seed, which is printed, and from which walker it is: -rapid.seed or WALK_SEED takes it again.
// -walk.steps says how far to go: 5,000 steps on SQLite and a fifth of them on PostgreSQL in CI, a tenth of that
// elsewhere, 100 with -short. Five walkers share the steps on SQLite, one walks on PostgreSQL; as many at once as there
// are processors. A walk that failed is shortened and printed as the list of its acts; -rapid.shrinktime gives that
// more time. What a walk finds becomes a named test in the package that it is about.
package walker
