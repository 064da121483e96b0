package education

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"cadans/internal/kernel/words"
)

// Claim is what a text says as a fact: its sentence in both languages, where that was found, and for whom. Checked
// tells whether a clinician has compared them.
type Claim struct {
	Excerpt    words.Pair
	Source     string
	Population string
	Checked    bool
}

// statements is content/sources.yaml. A source has a short name, which claims use.
type statements struct {
	Sources map[string]string      `yaml:"sources"`
	Texts   map[string][]statement `yaml:"texts"`
}

type statement struct {
	NL         string   `yaml:"nl"`
	EN         string   `yaml:"en"`
	Source     []string `yaml:"source"`
	Population string   `yaml:"population"`
	Checked    bool     `yaml:"checked"`
}

// readClaims returns the claims of each text by its file name.
func readClaims() (map[string][]Claim, error) {
	file, err := content.ReadFile("content/sources.yaml")
	if err != nil {
		return nil, fmt.Errorf("education: %w", err)
	}
	var all statements
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	if err := decoder.Decode(&all); err != nil {
		return nil, fmt.Errorf("education: read sources: %w", err)
	}
	claims := make(map[string][]Claim, len(all.Texts))
	for text, said := range all.Texts {
		for _, s := range said {
			claim, err := s.claim(all.Sources)
			if err != nil {
				return nil, fmt.Errorf("education: %s: %w", text, err)
			}
			claims[text] = append(claims[text], claim)
		}
	}
	return claims, nil
}

// claim writes the sources out in full.
func (s statement) claim(sources map[string]string) (Claim, error) {
	found := make([]string, len(s.Source))
	for i, name := range s.Source {
		if found[i] = sources[name]; found[i] == "" {
			return Claim{}, fmt.Errorf("unknown source %q", name)
		}
	}
	return Claim{
		Excerpt: words.Pair{NL: s.NL, EN: s.EN}, Source: strings.Join(found, "; "),
		Population: s.Population, Checked: s.Checked,
	}, nil
}
