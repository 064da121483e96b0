package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cadans/internal/kernel/audit"
	"cadans/internal/kernel/config"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// checks are what doctor was asked to check.
type checks struct{ ledger, accessLog, file bool }

func (p *program) doctor() *cobra.Command {
	var o checks
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check what is stored, and mend what can be made anew", Args: cobra.NoArgs,
		Long: "Check what is stored, and mend what can be made anew. Exit code 1 means that something was found.\n" +
			"With SQLite the server has to be stopped first.",
		Example: "  cadans doctor --ledger",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !o.ledger && !o.accessLog && !o.file {
				return usageError{errors.New("say what to check: --file, --ledger, --access-log")}
			}
			c, err := config.Load(environ())
			if err != nil {
				return err
			}
			return p.check(cmd.Context(), c, o)
		},
	}
	cmd.Flags().BoolVar(&o.file, "file", false,
		"compare every page of the SQLite file with its checksum, and ask SQLite whether its structure holds")
	cmd.Flags().BoolVar(
		&o.ledger, "ledger", false,
		"make every day of adherence anew from versions, pauses and sessions, and say which differed",
	)
	cmd.Flags().BoolVar(
		&o.accessLog, "access-log", false, "verify that no row of who looked at what was changed, removed or added",
	)
	return cmd
}

func (p *program) check(ctx context.Context, c config.Config, o checks) error {
	if o.file {
		if err := p.checkFile(ctx, c); err != nil || !o.ledger && !o.accessLog {
			return err // nothing else is worth asking of a damaged file
		}
	}
	db, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	if o.ledger {
		err = p.checkLedger(ctx, db)
	}
	if o.accessLog {
		err = errors.Join(err, p.checkAccessLog(ctx, db))
	}
	return errors.Join(err, db.Close())
}

// checkFile checks the pages before anything opens the file, so that damage is reported and not overwritten. Pages
// without a checksum get one if SQLite finds the file sound.
func (p *program) checkFile(ctx context.Context, c config.Config) error {
	if c.DatabaseURL != "" {
		return usageError{
			errors.New("--file is about SQLite; PostgreSQL checks its pages itself where data checksums are on"),
		}
	}
	report, err := database.VerifyFile(c.DatabasePath)
	if err != nil {
		return err
	}
	fmt.Fprintf(
		p.streams.Out, "file: %d pages as written, %d unknown, %d wrong\n", report.Known, report.Unknown,
		len(report.Wrong),
	)
	for _, page := range report.Wrong {
		fmt.Fprintf(p.streams.Out, "page %d is not as it was written\n", page)
	}
	if len(report.Wrong) > 0 {
		return errors.New("the file is damaged: restore it from a backup; " +
			"if it was restored without its .pages, or another program wrote to it, remove the .pages and check again")
	}
	if err := p.checkStructure(ctx, c); err != nil || report.Unknown == 0 {
		return err
	}
	adopted, err := database.AdoptFile(c.DatabasePath)
	fmt.Fprintf(p.streams.Out, "%d pages have a checksum from now on\n", adopted)
	return err
}

func (p *program) checkStructure(ctx context.Context, c config.Config) error {
	db, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	return errors.Join(db.CheckStructure(ctx), db.Close())
}

// checkAccessLog repairs nothing: people must investigate a row that does not match.
func (p *program) checkAccessLog(ctx context.Context, db *database.DB) error {
	n, broken, err := audit.Verify(ctx, db)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.streams.Out, "access log: %d rows, %d chains that do not hold\n", n, len(broken))
	for _, b := range broken {
		fmt.Fprintf(p.streams.Out, "practice %s: row %d is not as it was written\n", b.Practice, b.Seq)
	}
	witness, err := audit.Witnessed(ctx, db)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.streams.Out, witnessWords[witness])
	if len(broken) > 0 || witness == audit.Differs {
		return errors.New("the access log is not as it was written")
	}
	return nil
}

var witnessWords = map[audit.Witness]string{
	audit.Agrees:  "the log ends as the anchor has seen",
	audit.Differs: "the log does not end as the anchor has seen",
	audit.Unknown: "whether the log ends as it was written is not known: the anchor has seen nothing, or is behind " +
		"the database",
}

// checkLedger checks one patient at a time, so that on PostgreSQL it does not block other writers for long.
func (p *program) checkLedger(ctx context.Context, db *database.DB) error {
	var patients []id.Patient
	if err := db.Read(ctx, func(tx *database.Tx) (err error) {
		patients, err = people.Everybody(tx)
		return err
	}); err != nil {
		return err
	}
	wrong := 0
	for _, patient := range patients {
		n, err := p.checkPatient(ctx, db, patient)
		if err != nil {
			return err
		}
		wrong += n
	}
	fmt.Fprintf(p.streams.Out, "ledger: %d patients, %d differences\n", len(patients), wrong)
	if wrong > 0 {
		return errors.New("the ledger differed from what it is made of")
	}
	return nil
}

func (p *program) checkPatient(ctx context.Context, db *database.DB, patient id.Patient) (wrong int, err error) {
	var days []localtime.Date
	var status []string
	if err := db.Write(ctx, func(tx *database.Tx) (err error) {
		if days, err = adherence.Audit(tx, patient); err != nil {
			return err
		}
		person, err := people.ByID(tx, patient)
		if err != nil {
			return err
		}
		status, err = adherence.AuditStatus(tx, person)
		return err
	}); err != nil {
		return 0, err
	}
	for _, day := range days {
		fmt.Fprintf(p.streams.Out, "patient %s, %s: was wrong, is mended\n", patient, day)
	}
	if len(status) > 0 {
		fmt.Fprintf(
			p.streams.Out, "patient %s, status: was wrong (%s), is made anew\n", patient, strings.Join(status, ", "),
		)
		return len(days) + 1, nil
	}
	return len(days), nil
}
