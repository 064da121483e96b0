package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"cadans/api/door"
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/run/app"
)

func (p *program) migrate() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Bring the database to the schema of this version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := config.Load(environ())
			if err != nil {
				return err
			}
			db, err := openDatabase(cmd.Context(), c)
			if err != nil {
				return err
			}
			version, err := db.SchemaVersion(cmd.Context())
			if err == nil {
				_, err = fmt.Fprintln(p.streams.Out, "schema version", version)
			}
			return errors.Join(err, db.Close())
		},
	}
}

func openDatabase(ctx context.Context, c config.Config) (*database.DB, error) {
	return database.Open(ctx, database.Options{
		Path: c.DatabasePath, Anchor: c.AnchorPath, URL: c.DatabaseURL, Clock: clock.System{},
	})
}

func (p *program) createAdmin() *cobra.Command {
	var practice, name, email string
	cmd := &cobra.Command{
		Use: "create-admin", Short: "Create a practice with its first admin", Args: cobra.NoArgs,
		Long: "Create a practice with its first admin. The password is read from standard input, so that it stays " +
			"out of the shell's history.",
		Example: `  cadans create-admin --practice "Praktijk Zuid" --name "A. Visser" ` +
			`--email a.visser@praktijk-zuid.example < password.txt`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			password, err := readPassword()
			if err != nil {
				return err
			}
			return p.makeAdmin(cmd.Context(), strings.TrimSpace(practice), people.NewMember{
				ID:       id.Member(id.New()),
				Name:     strings.TrimSpace(name),
				Email:    strings.TrimSpace(email),
				Password: password,
				Role:     access.Admin,
			})
		},
	}
	cmd.Flags().StringVar(&practice, "practice", "", "name of the practice")
	cmd.Flags().StringVar(&name, "name", "", "name of the admin")
	cmd.Flags().StringVar(&email, "email", "", "e-mail address to sign in with")
	for _, flag := range []string{"practice", "name", "email"} {
		if err := cmd.MarkFlagRequired(flag); err != nil {
			panic(err) // the flag is defined three lines above
		}
	}
	return cmd
}

// makeAdmin refuses what the API would refuse, before it opens anything.
func (p *program) makeAdmin(ctx context.Context, practice string, admin people.NewMember) error {
	contract, err := p.contract()
	if err != nil {
		return err
	}
	if err := contract.CheckPractice(practice, admin); err != nil {
		return usageError{errors.New("not created\n" + door.FieldsNamed(err, people.English))}
	}
	c, err := config.Load(environ())
	if err != nil {
		return err
	}
	a, err := p.open(ctx, c, app.Deps{Clock: clock.System{}, Log: newLogger(p.streams.Err, c.LogLevel)})
	if err != nil {
		return err
	}
	err = a.Founding.CreatePractice(ctx, id.Practice(id.New()), practice, admin)
	if err == nil {
		_, err = fmt.Fprintln(p.streams.Out, "created; sign in at "+c.PublicURL)
	}
	return errors.Join(plain(err), a.Stop(0))
}

func (p *program) resetSecondFactor() *cobra.Command {
	var email string
	cmd := &cobra.Command{
		Use: "reset-second-factor", Short: "Let a member set up an authenticator app anew", Args: cobra.NoArgs,
		Long: "Take a member's second factor away, for who has lost phone and recovery codes. Make sure of whom you " +
			"speak to: from then on the password alone lets somebody set up an app.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := config.Load(environ())
			if err != nil {
				return err
			}
			a, err := p.open(
				cmd.Context(), c, app.Deps{Clock: clock.System{}, Log: newLogger(p.streams.Err, c.LogLevel)},
			)
			if err != nil {
				return err
			}
			if err = a.Auth.ForgetFactor(cmd.Context(), email); err == nil {
				_, err = fmt.Fprintln(p.streams.Out, "reset; the next sign-in sets up an app")
			}
			return errors.Join(err, a.Stop(0))
		},
	}
	cmd.Flags().StringVar(&email, "email", "", "e-mail address that the member signs in with")
	if err := cmd.MarkFlagRequired("email"); err != nil {
		panic(err) // the flag is defined one line above
	}
	return cmd
}

// readPassword reads the first line.
func readPassword() (string, error) {
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

// plain formats an error for a terminal, with the text that the API would send in a problem.
func plain(err error) error {
	if fault.Is(err, fault.Invalid) {
		return errors.New("the password is too easy to guess")
	}
	return err
}
