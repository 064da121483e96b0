package door

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"cadans/internal/rules/reminder"
)

// alive is the answer of /healthz. It depends on nothing, because restarting every replica while the database hangs
// would make an outage worse.
const alive = "ok\n"

// Probes answers monitoring requests, both on the public listener and on the operator's.
type Probes struct {
	Ready func() error           // anybody may read the error's text
	Push  func() reminder.Status // status of the push service
}

// Register adds /healthz and /readyz to the operator's listener.
func (p Probes) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, alive) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		status, text := p.ready()
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	})
}

// ready answers 503 while the database accepts no writes or does not respond, and while the server drains.
func (p Probes) ready() (status int, text string) {
	if err := p.Ready(); err != nil {
		return http.StatusServiceUnavailable, "not ready: " + err.Error() + "\n"
	}
	return http.StatusOK, "ready\n" + pushNote(p.Push())
}

// pushNote reports undelivered pushes to monitoring. The server is still ready, because the app works without pushes.
func pushNote(s reminder.Status) string {
	if s.Condition == reminder.Well {
		return ""
	}
	return fmt.Sprintf("push %s since %s: %s\n", s.Condition, s.Since.UTC().Format(time.RFC3339), s.Code)
}
