// Package cli is the command line: serve, demo, simulate, migrate, create-admin, doctor, rules,
// clinical-review, version.
//
// Exit codes: 0 done, 1 failed, 2 wrong usage.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"cadans/api/door"
	"cadans/internal/kernel/config"
	"cadans/internal/run/app"
)

// Streams are the outputs of a command.
type Streams struct{ Out, Err io.Writer }

// usageError marks an error in the command line.
type usageError struct{ error }

// program is what every command needs.
type program struct {
	contract func() (*door.Contract, error)
	streams  Streams
}

// Run executes a command line and returns the exit code.
func Run(contract []byte, args []string, s Streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &program{
		contract: sync.OnceValues(func() (*door.Contract, error) { return door.ReadContract(contract) }),
		streams:  s,
	}
	root := p.root()
	root.SetArgs(args)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"):
		fmt.Fprintf(s.Err, "cadans: %v\n", err)
		return 2
	default:
		fmt.Fprintf(s.Err, "cadans: %v\n", err)
		return 1
	}
}

// open builds the app for a command.
func (p *program) open(ctx context.Context, c config.Config, d app.Deps) (a *app.App, err error) {
	if d.Contract, err = p.contract(); err != nil {
		return nil, err
	}
	return app.New(ctx, c, d)
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "cadans",
		Short:         "The backend of a home-exercise app for people with back or neck pain",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(
		p.serve(), p.demo(), p.simulate(), p.migrate(), p.createAdmin(), p.resetSecondFactor(), p.doctor(), p.rules(),
		p.clinicalReview(), p.version(),
	)
	return root
}

func (p *program) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.streams.Out, "cadans", Version())
			return err
		},
	}
}

// Version is the module version, or the commit it was built from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value[:min(12, len(setting.Value))]
		}
	}
	if info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "development build"
	}
	return info.Main.Version
}

func newLogger(out io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level}))
}

func environ() map[string]string {
	values := map[string]string{}
	for _, entry := range os.Environ() {
		if name, value, ok := strings.Cut(entry, "="); ok && strings.HasPrefix(name, "CADANS_") {
			values[name] = value
		}
	}
	return values
}
