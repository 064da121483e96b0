// Package browser holds tests that look at the dashboard as a therapist does: in Chromium, over the demo's
// patients. It has no code of its own. The accessibility rules come from axe-core (testdata/axe-core, version
// 4.14.1, Mozilla Public License 2.0, unchanged).
package browser
