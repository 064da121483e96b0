package door

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"cadans/internal/rules/reminder"
)

// alive is what /healthz says. It depends on nothing: an orchestrator that restarts every replica because the database
// hangs makes a bad hour worse.
const alive = "ok\n"

// Probes answer those who watch the server: the same on the public listener and on the operator's.
type Probes struct {
	Ready func() error           // its text may be shown to anybody
	Push  func() reminder.Status // how the push service is
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

// ready answers 503 while the database takes no writes or does not answer, and while the server drains.
func (p Probes) ready() (status int, text string) {
	if err := p.Ready(); err != nil {
		return http.StatusServiceUnavailable, "not ready: " + err.Error() + "\n"
	}
	return http.StatusOK, "ready\n" + pushNote(p.Push())
}

// pushNote tells who watches the server of pushes that do not get through. The server is ready all the same: whoever
// opens the app is served.
func pushNote(s reminder.Status) string {
	if s.Condition == reminder.Well {
		return ""
	}
	return fmt.Sprintf("push %s since %s: %s\n", s.Condition, s.Since.UTC().Format(time.RFC3339), s.Code)
}
