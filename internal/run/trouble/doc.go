// Package trouble runs the whole program while the services it depends on fail: its database is killed, replaced by a
// standby or restored from an older backup.
//
// It promises that acknowledged changes are still there afterwards, or that their loss is reported to those who can
// act on it; that phones resend what they can; and that nobody is signed out.
package trouble
