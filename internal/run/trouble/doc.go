// Package trouble runs the whole program while what it stands on fails: its database is killed, replaced by a
// standby or restored from an older backup.
//
// It promises that what was acknowledged is there afterwards, or that its loss is told to those who can do something
// about it, that phones mend what they can, and that nobody is signed out by it.
package trouble
