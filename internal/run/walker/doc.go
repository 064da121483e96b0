// Package walker is a random test of the whole program: it performs random acts of patients, therapists and admins,
// through the API and through the forms of the pages, while time passes in steps of minutes to weeks. It holds tests
// only.
//
// It promises that after every act everything can be read: every GET of the contract and every page about the patient
// of the act, and after every tenth act those about the practice as well. No answer violates the contract, none
// fails, no page shows what it must not (a missing value, another patient's name), and no error is logged. A figure
// for one window is the same wherever it is shown: caseload, summary, series of days, the patient's own progress, and
// the pages. A refused request changes no row, except for the bookkeeping that digest_test.go lists with its reasons.
// Recomputed days of adherence equal the stored ones. A second practice, in which every name is a canary, appears to
// nobody, and its rows do not change.
//
// The acts are listed by name in patient_test.go, practice_test.go and pageacts_test.go. Over a whole run each must
// have succeeded at least once. In addition, the walker goes from page to page, picks a form and fills it in, so that
// a new page or form is tested without being listed. It finds the pages to read by following links, and GETs in
// openapi.yaml.
//
// The cost of reading limits how much is read. Dutch and English alternate from step to step, because both at each
// step would double the time. The requests of one step are sent concurrently. The databases do not wait for the disk.
//
// A walk is determined by a seed, which is printed, and by the number of the walker; -rapid.seed or WALK_SEED repeats
// it. -walk.steps sets the length: 5,000 steps on SQLite and a fifth of them on PostgreSQL in CI, a tenth of that
// elsewhere, 100 with -short. Fifteen walkers share the steps on SQLite, three those on PostgreSQL, all at once. A walk
// that failed is shortened and printed as the list of its acts; -rapid.shrinktime gives that more time. Every fault
// that a walk finds becomes a named test in the package that it concerns.
package walker
