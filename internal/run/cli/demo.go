package cli

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/push"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/app"
	"cadans/internal/run/demo"
)

// demoOptions are the flags of demo.
type demoOptions struct {
	addr     string
	data     string
	patients int
	seed     uint64
	json     bool
	pushLog  string
	now      string
	speed    float64
}

func (p *program) demo() *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use: "demo", Short: "Run a living demo on made-up data", Args: cobra.NoArgs,
		Long: "Run a living demo: one practice with three therapists and twelve weeks of sessions, on an embedded " +
			"SQLite\n" +
			"file in a temporary directory. Pushes are printed instead of sent. The same seed gives the same data.",
		Example: "  cadans demo\n  cadans demo --now 2026-03-28T12:00:00+01:00 --speed 3600   # a day of reminders " +
			"in 24 seconds",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.patients < 1 || o.patients > 5000 || o.speed <= 0 || o.speed > 100_000 {
				return usageError{errors.New("--patients is 1 to 5000, --speed above 0 and at most 100000")}
			}
			return p.runDemo(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8080", "where to listen, host:port")
	flags.StringVar(&o.data, "data", "", "empty directory to keep the database in")
	flags.IntVar(&o.patients, "patients", 48, "how many patients")
	flags.Uint64Var(&o.seed, "seed", 1, "same seed, same data")
	flags.BoolVar(&o.json, "json", false, "print one JSON object instead of text")
	flags.StringVar(&o.pushLog, "push-log", "", "file that gets each push as a JSON line")
	flags.StringVar(&o.now, "now", "", "moment at which the clock starts, such as 2026-03-28T12:00:00+01:00")
	flags.Float64Var(&o.speed, "speed", 1, "how fast the clock runs")
	return cmd
}

func (p *program) runDemo(ctx context.Context, o demoOptions) (err error) {
	now, clk, err := o.clock()
	if err != nil {
		return err
	}
	dir, remove, err := o.directory()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	sender, closeLog, err := p.demoSender(o, clk)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	url := "http://" + listener.Addr().String()
	log := newLogger(p.streams.Err, slog.LevelWarn)
	c := config.Config{
		Addr: o.addr, PublicURL: url, DatabasePath: filepath.Join(dir, "cadans.db"), SweepInterval: 20 * time.Second,
	}
	made, err := p.seedDemo(ctx, c, o, now, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	a, err := p.open(ctx, c, app.Deps{
		Clock: clk, Sender: sender, Log: log,
		AccessTTL: time.Duration(o.speed * float64(10*time.Minute)),
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := p.announce(o, url, made); err != nil {
		return err
	}
	return serveUntil(ctx, a, listener)
}

// serveUntil serves until a context ends, and stops.
func serveUntil(ctx context.Context, a *app.App, listener net.Listener) (err error) {
	failed := make(chan error, 1)
	go func() { failed <- a.Serve(context.WithoutCancel(ctx), listener) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	return errors.Join(err, a.Stop(0))
}

// clock returns the moment at which the data ends, and the clock that runs from there.
func (o demoOptions) clock() (time.Time, clock.Clock, error) {
	if o.now == "" && o.speed == 1 {
		return clock.System{}.Now(), clock.System{}, nil
	}
	start := clock.System{}.Now()
	if o.now != "" {
		var err error
		if start, err = time.Parse(time.RFC3339, o.now); err != nil {
			return start, nil, usageError{errors.New("--now is a moment such as 2026-03-28T12:00:00+01:00")}
		}
	}
	return start, clock.NewScaled(start, o.speed), nil
}

func (o demoOptions) directory() (dir string, remove func() error, err error) {
	if o.data == "" {
		dir, err = os.MkdirTemp("", "cadans-demo-")
		return dir, func() error { return os.RemoveAll(dir) }, err
	}
	if _, err := os.Stat(filepath.Join(o.data, "cadans.db")); err == nil {
		return "", nil, usageError{fmt.Errorf("%s holds a database already; choose an empty directory", o.data)}
	}
	return o.data, func() error { return nil }, os.MkdirAll(o.data, 0o700)
}

// demoSender prints each push and, when asked to, logs it. With --json, standard output contains only the JSON
// object.
func (p *program) demoSender(o demoOptions, c clock.Clock) (reminder.Sender, func() error, error) {
	out := p.streams.Out
	if o.json {
		out = p.streams.Err
	}
	console := push.NewConsole(out, c)
	if o.pushLog == "" {
		return console, func() error { return nil }, nil
	}
	file, err := os.Create(o.pushLog)
	if err != nil {
		return nil, nil, fmt.Errorf("push log: %w", err)
	}
	return push.Both{First: console, Second: push.NewLog(file, c)}, file.Close, nil
}

// seedDemo fills the file without fsync, then makes it durable and closes it.
func (p *program) seedDemo(
	ctx context.Context, c config.Config, o demoOptions, now time.Time, log *slog.Logger,
) (made demo.Practice, err error) {
	if err := writeDemoKey(filepath.Join(filepath.Dir(c.DatabasePath), "cadans.key"), o.seed); err != nil {
		return made, err
	}
	manual := clock.NewManual(now)
	a, err := p.open(ctx, c, app.Deps{Clock: manual, Log: log, Unsafe: true})
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, a.Stop(0)) }()
	bar := progressBar(p.streams.Err, "making patients", o.patients)
	made, err = demo.Seed(ctx, a, manual, demo.Options{
		Now: now, Patients: o.patients, Seed: o.seed, Progress: func(done int) { _ = bar.Set(done) },
	})
	if err != nil {
		return made, err
	}
	return made, errors.Join(bar.Finish(), a.DB.Seal(ctx))
}

// writeDemoKey derives the key from the seed, so that pairing codes are the same in every run.
func writeDemoKey(path string, seed uint64) error {
	key := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("cadans demo"), seed))
	if err := os.WriteFile(path, []byte(base64.StdEncoding.EncodeToString(key[:])), 0o600); err != nil {
		return fmt.Errorf("demo: write key: %w", err)
	}
	return nil
}

// progressBar shows on a terminal only.
func progressBar(out io.Writer, what string, steps int) *progressbar.ProgressBar {
	file, isFile := out.(*os.File)
	return progressbar.NewOptions(steps,
		progressbar.OptionSetWriter(out), progressbar.OptionSetVisibility(isFile && term.IsTerminal(int(file.Fd()))),
		progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(50*time.Millisecond))
}

func (p *program) announce(o demoOptions, url string, made demo.Practice) error {
	if o.json {
		return json.NewEncoder(p.streams.Out).Encode(map[string]any{
			"base_url": url, "members": made.Members, "patients": made.Patients,
		})
	}
	first := made.Patients[0]
	_, err := fmt.Fprintf(p.streams.Out, "Cadans demo at %s, docs at %s/docs (made-up data)\n\n", url, url)
	for _, m := range made.Members {
		fmt.Fprintf(p.streams.Out, "  %-10s %-36s %s\n", m.Role, m.Email, m.Password)
	}
	fmt.Fprintf(
		p.streams.Out, "  %-10s pairing code %s, year of birth %d\n\n", "patient", first.PairingCode, first.BirthYear,
	)
	fmt.Fprintln(p.streams.Out, "Each push that would be sent is printed below. Stop with Ctrl-C.")
	return err
}
