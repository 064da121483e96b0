package cli

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"cadans/internal/run/ruleset"
)

func (p *program) rules() *cobra.Command {
	var tables bool
	cmd := &cobra.Command{
		Use: "rules [file]", Short: "Say what the clinical rules make of an intake or a course",
		Args: cobra.MaximumNArgs(1),
		Long: "Say what the clinical rules make of an intake or a course, without a database. Cases are JSON,\n" +
			"one after another, from a file or standard input; the README shows both kinds. Nobody has approved\n" +
			"these rules yet; they support a physiotherapist and decide for nobody.",
		Example: "  cadans rules case.json\n  cadans rules --tables",
		RunE: func(cmd *cobra.Command, args []string) error {
			if tables {
				return ruleset.WriteTables(p.streams.Out)
			}
			return p.answer(cmd.InOrStdin(), args)
		},
	}
	cmd.Flags().BoolVar(&tables, "tables", false, "print what the rules read and do, as YAML")
	return cmd
}

// answer answers the cases in a file, or in the standard input.
func (p *program) answer(in io.Reader, args []string) error {
	contract, err := p.contract()
	if err != nil {
		return err
	}
	rules, err := ruleset.New(contract)
	if err != nil {
		return err
	}
	if len(args) == 1 {
		file, err := os.Open(args[0])
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	return rules.Answer(in, p.streams.Out)
}
