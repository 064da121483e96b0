package cli_test

import (
	"net/http"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
)

// running is a started program.
type running struct {
	cmd    *exec.Cmd
	exited chan struct{}
	err    error // how it ended; to be read after exited
}

func launch(t *testing.T, cmd *exec.Cmd) *running {
	t.Helper()
	require.NoError(t, cmd.Start())
	r := &running{cmd: cmd, exited: make(chan struct{})}
	go func() {
		defer close(r.exited)
		r.err = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // when the test has failed before it ended it
		<-r.exited
	})
	return r
}

// wait returns how the program ended.
func (r *running) wait() error {
	<-r.exited
	return r.err
}

// until waits for as long as the program lives: how fast it is says more about the machine than about the program.
func (r *running) until(t *testing.T, v *victim, came func() bool) {
	t.Helper()
	for !came() {
		select {
		case <-r.exited:
			require.Fail(t, "the program ended", "%v: %s", r.err, v.logged())
		case <-clock.System{}.After(5 * time.Millisecond):
		}
	}
}

// answers reports whether somebody says this status there.
func (v *victim) answers(path string, status int) bool {
	response, err := http.Get("http://" + v.address + path)
	if err != nil {
		return false
	}
	return response.Body.Close() == nil && response.StatusCode == status
}
