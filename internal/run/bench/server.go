package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	_ "net/http/pprof" //nolint:gosec // it listens on loopback, in a measurement
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"cadans/api/door"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/kernel/id"
	"cadans/internal/push"
	"cadans/internal/record/people"
	"cadans/internal/run/app"
)

const (
	adminEmail    = "admin@bench.example"
	adminPassword = "een-lang-geheim-woord"
	accessTTL     = time.Hour // a measurement is no place for refreshing tokens
)

// gcPercent is what serve sets.
const gcPercent = 400

// serve runs the server in this process and prints its address and that of its metrics. It is the production build of
// everything but the token's lifetime. The environment may name another database.
func serve(dir string) error {
	a, err := benched(dir)
	if err != nil {
		return err
	}
	debug.SetGCPercent(gcPercent)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	http.Handle("/metrics", a.Metrics.Handler()) // beside pprof
	metrics := httptest.NewServer(http.DefaultServeMux)
	defer metrics.Close()
	fmt.Println("http://"+listener.Addr().String(), metrics.URL)
	return a.Serve(context.Background(), listener)
}

// benched is the application, with one practice.
func benched(dir string) (*app.App, error) {
	source, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	contract, err := door.ReadContract(source)
	if err != nil {
		return nil, err
	}
	c, err := config.Load(map[string]string{
		"CADANS_DATABASE_PATH": filepath.Join(dir, "cadans.db"), "CADANS_SECOND_FACTOR": "optional",
		"CADANS_DATABASE_URL": os.Getenv("CADANS_DATABASE_URL"), "CADANS_SIGNING_KEY": os.Getenv("CADANS_SIGNING_KEY"),
	})
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	a, err := app.New(context.Background(), c, app.Deps{
		Contract:  contract,
		Clock:     clock.System{},
		Log:       log,
		Sender:    push.NewConsole(os.Stderr, clock.System{}),
		AccessTTL: accessTTL,
	})
	if err != nil {
		return nil, err
	}
	return a, a.Founding.CreatePractice(context.Background(), id.Practice(id.New()), "Bench", people.NewMember{
		ID: id.Member(id.New()), Name: "A.", Email: adminEmail, Password: adminPassword, Role: "admin",
	})
}

// server is the process under measurement.
type server struct {
	url, metrics string
	cmd          *exec.Cmd
}

func startServer(dir string) (*server, error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serverEnv+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd}
	if _, err := fmt.Fscanln(out, &s.url, &s.metrics); err != nil {
		return nil, fmt.Errorf("server did not start: %w", err)
	}
	return s, nil
}

func (s *server) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// cpu returns the processor time the server has used, in seconds.
func (s *server) cpu() (float64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	user, errUser := strconv.Atoi(fields[11])
	system, errSystem := strconv.Atoi(fields[12])
	if errUser != nil || errSystem != nil {
		return 0, fmt.Errorf("unreadable /proc stat: %q", rest)
	}
	const ticksPerSecond = 100
	return float64(user+system) / ticksPerSecond, nil
}
