package walker_test

// pageActs are what members do on pages.
var pageActs = []act{
	{"therapist sends a form", func(w *walk) {
		w.sendsForm(w.own, "/caseload", "/alerts", "/library", "/library/new", "/patients/new", "/practice")
	}},
	{"therapist sends a form about a patient", func(w *walk) {
		w.sendsForm(w.own, w.page(""), w.page("/program"), w.page("/program/draft"), w.page("/proposals"))
	}},
	{"therapist sends a form about an alert", func(w *walk) { w.sendsForm(w.own, "/alerts", "/alerts?show=snoozed") }},
	{"admin sends a form",
		func(w *walk) { w.sendsForm(w.Admin, "/practice/members", "/practice/settings", "/library", w.page("")) }},
}

// page is an address of the touched patient's.
func (w *walk) page(path string) string { return "/patients/" + string(w.touched.ID) + path }
