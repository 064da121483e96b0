// Package released holds what an older version of the program left behind: a database, its contract, and what it
// answered to people who are still signed in. Its tests promise that this version opens the one, breaks nothing of the
// other, and says the same again.
package released
