package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"cadans/internal/kernel/words"
	"cadans/internal/screens/review"
)

func (p *program) clinicalReview() *cobra.Command {
	var format, language string
	cmd := &cobra.Command{
		Use: "clinical-review", Short: "Print every clinical rule and text, to be signed", Args: cobra.NoArgs,
		Long: "Print every clinical rule and text with its source, in both languages, for a physiotherapist and\n" +
			"a doctor to sign: as a document (html) or as a table (csv). Verdicts go into\n" +
			"internal/screens/review/signed.yaml.",
		Example: "  cadans clinical-review --language nl > review.html",
		RunE: func(*cobra.Command, []string) error {
			list, err := review.Current()
			switch l := words.Language(language); {
			case err != nil:
				return err
			case !l.IsKnown():
				return usageError{errors.New("--language is not known")}
			case format == "html":
				return list.WriteHTML(p.streams.Out, l)
			case format == "csv":
				return list.WriteCSV(p.streams.Out)
			default:
				return usageError{errors.New("--format is html or csv")}
			}
		},
	}
	cmd.Flags().StringVar(&format, "format", "html", "html or csv")
	cmd.Flags().StringVar(&language, "language", "en", "of the headings in the document")
	return cmd
}
