package words

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed sources.yaml
var sourcesFile []byte

// Source is where a text that says something as a fact has it from, and for whom it was found. Checked tells whether a
// clinician has compared them.
type Source struct {
	From, Population string
	Checked          bool
}

// Sources returns the sources of texts by key; a source that is not named is an error. Most texts say nothing as a fact
// and have none.
func Sources() (map[string]Source, error) {
	var file struct {
		Sources map[string]string `yaml:"sources"`
		Texts   map[string]struct {
			Source     []string `yaml:"source"`
			Population string   `yaml:"population"`
			Checked    bool     `yaml:"checked"`
		} `yaml:"texts"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(sourcesFile))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("words: read sources: %w", err)
	}
	found := make(map[string]Source, len(file.Texts))
	for key, text := range file.Texts {
		var from []string
		for _, name := range text.Source {
			if file.Sources[name] == "" {
				return nil, fmt.Errorf("words: %s: unknown source %s", key, name)
			}
			from = append(from, file.Sources[name])
		}
		found[key] = Source{strings.Join(from, "; "), text.Population, text.Checked}
	}
	return found, nil
}
