package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/push"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/app"
)

func (p *program) serve() *cobra.Command {
	var pushTo string
	var acceptAnchor bool
	cmd := &cobra.Command{
		Use: "serve", Short: "Run the server", Args: cobra.NoArgs,
		Long: "Run the server. It is configured by the environment:\n\n" + config.Describe(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := config.Load(environ())
			if err != nil {
				return err
			}
			log := newLogger(p.streams.Err, c.LogLevel)
			sender, err := p.sender(cmd.Context(), c, pushTo, log)
			if err != nil {
				return err
			}
			a, err := p.open(cmd.Context(), c, app.Deps{
				Clock: clock.System{}, Sender: sender, Log: log, AcceptAnchor: acceptAnchor,
			})
			if err != nil {
				return err
			}
			if err := p.offerSetup(cmd.Context(), a, c); err != nil {
				return errors.Join(err, a.Stop(0))
			}
			return run(cmd.Context(), a, c, log)
		},
	}
	cmd.Flags().StringVar(&pushTo, "push", "fcm", "where push messages go: fcm, or console to print them")
	cmd.Flags().BoolVar(&acceptAnchor, "accept-anchor", false,
		"take a SQLite database as it is, once, though commits that were acknowledged may be missing: "+
			"after restoring an older backup; "+
			"phones then send again what may be missing, and admins are told")
	return cmd
}

// offerSetup prints the link that creates the first practice, while there is none. It goes to standard output, not
// into the log. A container keeps both, which is why the link works only once and for a day.
func (p *program) offerSetup(ctx context.Context, a *app.App, c config.Config) error {
	empty, err := a.Founding.IsEmpty(ctx)
	if err != nil || !empty {
		return err
	}
	key, err := a.Auth.NewSetup(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(
		p.streams.Out, "There is no practice yet. Open this once, within 24 hours:\n\n  %s/setup?key=%s\n\n",
		c.PublicURL, key,
	)
	return err
}

// sender chooses where pushes go. Printing them instead must be requested, so that missing credentials do not pass
// unnoticed.
func (p *program) sender(ctx context.Context, c config.Config, to string, log *slog.Logger) (reminder.Sender, error) {
	switch {
	case to == "console":
		return push.NewConsole(p.streams.Out, clock.System{}), nil
	case to != "fcm":
		return nil, usageError{fmt.Errorf("--push is fcm or console, not %q", to)}
	case c.FirebaseCredentials == "":
		return nil, errors.New("CADANS_FIREBASE_CREDENTIALS_FILE is not set, so no push can be sent; " +
			"set it, or start with --push=console to print pushes instead")
	}
	log.Info("push messages go to Firebase Cloud Messaging")
	fcm, err := push.NewFCM(ctx, c.FirebaseCredentials, clock.System{})
	if err != nil {
		return nil, err
	}
	return push.NewCareful(fcm, clock.System{}), nil
}

// gcPercent lets the heap, which is small here, grow to five times its live data before a collection. GOGC overrides
// it.
const gcPercent = 400

// memoryLimit is the heap size from which the collector runs sooner, so that many connections or a password hash do
// not keep five times the live data. SQLite adds some 50 MiB of pages under load; together they stay below 256 MiB.
// At 128 MiB, with a thousand connections, a quarter of the CPU time went into collecting. GOMEMLIMIT overrides it.
const memoryLimit = 192 << 20

// run serves until ctx ends, then drains.
func run(ctx context.Context, a *app.App, c config.Config, log *slog.Logger) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), a.Stop(0))
	}
	operator, err := startOperator(a, c.OperatorAddr, log)
	if err != nil {
		return errors.Join(err, listener.Close(), a.Stop(0))
	}
	failed := make(chan error, 1)
	go func() { failed <- a.Serve(context.WithoutCancel(ctx), listener) }()
	log.Info("listening", "address", listener.Addr().String(), "version", Version())
	select {
	case err = <-failed:
	case <-ctx.Done():
		log.Info("draining", "wait", c.DrainWait.String())
	}
	return errors.Join(err, a.Stop(c.DrainWait), operator.Close())
}

// startOperator listens on a separate address, so that metrics are never public by accident and probes do not wait
// behind the requests of patients.
func startOperator(a *app.App, addr string, log *slog.Logger) (*http.Server, error) {
	server := &http.Server{Handler: a.Operator(), ReadHeaderTimeout: 5 * time.Second}
	if addr == "" {
		return server, nil
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the operator: %w", err)
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the operator's listener stopped", "error", err)
		}
	}()
	return server, nil
}
