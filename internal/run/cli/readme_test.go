package cli_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// Every command that the README shows is run as it stands there; only the ports, and where the binary is, differ. The
// block marked "server" needs credentials that a test does not have: there each command's --help must know the flags.
func TestReadme(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"curl", "jq", "bash"} {
		if _, err := exec.LookPath(tool); err != nil {
			testdb.Missing(t, tool)
		}
	}
	blocks := readmeBlocks(t)
	require.Contains(t, blocks[""][0], "go run . demo ")
	require.Contains(t, blocks[""][0], "make test ")
	v := newVictim(t)
	startDemo(t, v, blocks["demo"][0])

	script := "set -euo pipefail\n" + strings.Join(blocks[""][1:], "\n")
	cmd := exec.Command("bash", "-c", script)
	cmd.Dir = v.dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	shown := string(out)
	require.Contains(t, shown, "201\n", "the session was logged")
	require.Contains(t, shown, "200\n", "and logged again")
	require.Contains(t, shown, `"counted": "prompt"`)
	require.Contains(t, shown, `"band": "on_track"`)
	require.Contains(t, shown, `"state": "dropped"`)
	require.Contains(t, shown, "In the four weeks before usually")
	require.Contains(t, shown, `"talking_point"`)
	require.Contains(t, shown, "I see you practised today. What helped?")
	require.Contains(t, shown, `"opened_at": null`)
	require.Contains(t, shown, `"kind": "adherence"`)
	require.Contains(t, shown, "retry: 3000", "an event stream opened")
	require.Contains(t, shown, `"plan_moment"`)
	require.Contains(t, shown, `"practice": [`)

	for _, line := range strings.Split(blocks["server"][0], "\n") {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "cadans" {
			continue
		}
		help, err := v.command(words[1], "--help").CombinedOutput()
		require.NoError(t, err, string(help))
		for _, flag := range regexp.MustCompile(`--[a-z-]+`).FindAllString(line, -1) {
			require.Contains(t, string(help), flag)
		}
	}
}

// readmeBlocks returns the shell blocks by their mark.
func readmeBlocks(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testdb.Root(), "README.md"))
	require.NoError(t, err)
	blocks := map[string][]string{}
	for _, match := range regexp.MustCompile("(?s)```sh ?([a-z]*)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		blocks[match[1]] = append(blocks[match[1]], match[2])
	}
	return blocks
}

// startDemo runs the README's command with the built binary on a free port, and stops it at the end of the test.
func startDemo(t *testing.T, v *victim, command string) *running {
	t.Helper()
	command = strings.Replace(strings.TrimSpace(command), "go run .", v.binary, 1)
	command = "exec " + strings.Replace(command, "demo ", "demo --addr "+v.address+" --push-log push.log ", 1)
	cmd := exec.Command("bash", "-c", command)
	cmd.Dir = v.dir
	cmd.Stderr = v.log(t)
	demo := launch(t, cmd)
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		require.NoError(t, demo.wait(), v.logged())
	})
	demo.until(t, v, func() bool {
		written, _ := os.ReadFile(filepath.Join(v.dir, "demo.json"))
		return json.Valid(written) && v.answers("/readyz", http.StatusOK)
	})
	return demo
}

func TestWrongUsageExitsWithTwo(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	for _, args := range [][]string{
		{"nonsense"}, {"serve", "--nonsense"}, {"serve", "--push=pigeon"}, {"demo", "--patients", "0"},
		{"demo", "--now", "yesterday"},
	} {
		cmd := v.command(args...)
		require.Error(t, cmd.Run())
		require.Equal(t, 2, cmd.ProcessState.ExitCode(), "%v", args)
	}
}

func TestServeWithoutFirebaseSaysWhatToDo(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	out, err := v.command("serve").CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "CADANS_FIREBASE_CREDENTIALS_FILE")
	require.Contains(t, string(out), "--push=console")
}

// A day and a half at 3600 times the speed, over the night the clocks change: at most one reminder a patient and day,
// none in quiet hours, and payloads with a neutral text and an opaque id.
func TestDemoAtSpeed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	v := newVictim(t)
	demo := startDemo(t, v, "go run . demo --json --now 2026-03-28T12:00:00+01:00 --speed 7200 > demo.json")
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	night, perDay := time.Date(2026, 3, 29, 20, 0, 0, 0, amsterdam), map[string]int{}
	demo.until(t, v, func() bool {
		var last time.Time
		perDay, last = pushesPerDay(t, v, amsterdam)
		return last.After(night) && len(perDay) > 10
	})
	for day, n := range perDay {
		require.LessOrEqual(t, n, 2, day)
	}
}

// pushesPerDay counts the pushes so far for each phone and day, and returns when the last was.
func pushesPerDay(t *testing.T, v *victim, zone *time.Location) (perDay map[string]int, last time.Time) {
	t.Helper()
	pushes, err := os.ReadFile(filepath.Join(v.dir, "push.log"))
	require.NoError(t, err)
	perDay = map[string]int{}
	whole := pushes[:bytes.LastIndexByte(pushes, '\n')+1] // one may just be written
	for line := range bytes.Lines(whole) {
		var push struct {
			At      time.Time
			Slot    string
			Payload struct {
				Token        string
				Data         map[string]string
				Notification map[string]string
			}
		}
		require.NoError(t, json.Unmarshal(line, &push))
		require.Equal(t, map[string]string{"slot": push.Slot}, push.Payload.Data)
		last = push.At.In(zone)
		// London's quiet hours end at 9 and begin at 22 here
		require.True(t, last.Hour() >= 8 && last.Hour() < 22, "a push at %s", last)
		perDay[push.Payload.Token+last.Format(" 2006-01-02")]++
	}
	return perDay, last
}
