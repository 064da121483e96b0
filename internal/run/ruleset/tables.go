package ruleset

import (
	"io"

	"go.yaml.in/yaml/v3"

	"cadans/internal/record/rulebook"
	"cadans/internal/screens/review"
)

// derived is what decides outside the rule book, as a reviewer reads it. It is made from the code that runs.
type derived struct {
	Versions    Versions `yaml:"rule_versions"`
	Gate        []line   `yaml:"gate"`
	Profile     []line   `yaml:"profile"`
	Instruments []line   `yaml:"instruments"`
	Ladders     []line   `yaml:"ladders"`
}

type line struct {
	Row    string `yaml:"row"`
	Rule   string `yaml:"rule"`
	Source string `yaml:"source"`
}

// WriteTables writes one document of YAML: the rule book as the program reads it, and then what else decides.
func WriteTables(out io.Writer) error {
	list, err := review.Current()
	if err != nil {
		return err
	}
	if _, err := out.Write(rulebook.File()); err != nil {
		return err
	}
	encoder := yaml.NewEncoder(out)
	encoder.SetIndent(2)
	return encoder.Encode(derived{
		Versions: versions(), Gate: lines(list.Of(review.Gate)), Profile: lines(review.ProfileRows()),
		Instruments: lines(list.Of(review.Instruments)), Ladders: lines(list.Of(review.Ladders)),
	})
}

func lines(rows []review.Row) []line {
	return each(rows, func(r review.Row) line { return line{r.Key, r.Rule, r.Source} })
}
