// Package released holds artefacts of an older version of the program: a database, its contract, and the answers it
// gave to people who are still signed in. Its tests promise that this version opens the database and gives the same
// answers. make contract compares the contracts.
package released
