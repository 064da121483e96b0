package words

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
)

// factsFile holds what a language is; every other file of its folder holds texts.
const factsFile = "language.yaml"

// catalog is one language, ready to be read.
type catalog struct {
	facts
	messages map[string]message
	plurals  plurals
}

// mustRead reads the catalogs that are built in. A program with a broken one does not start.
func mustRead(folders fs.FS) map[Language]*catalog {
	found, err := read(folders)
	if err != nil {
		panic(err)
	}
	return found
}

// read reads every folder as a language, and fills what the others lack from English.
func read(folders fs.FS) (map[Language]*catalog, error) {
	entries, err := fs.ReadDir(folders, ".")
	if err != nil {
		return nil, fmt.Errorf("words: list languages: %w", err)
	}
	found := map[Language]*catalog{}
	for _, entry := range entries {
		if found[Language(entry.Name())], err = readOne(folders, entry.Name()); err != nil {
			return nil, err
		}
	}
	if found[English] == nil {
		return nil, fmt.Errorf("words: there is no folder %q", English)
	}
	for _, c := range found {
		c.fillFrom(found[English])
	}
	return found, nil
}

func readOne(folders fs.FS, name string) (*catalog, error) {
	entries, err := fs.ReadDir(folders, name)
	if err != nil {
		return nil, fmt.Errorf("words: list %s: %w", name, err)
	}
	c := &catalog{messages: map[string]message{}}
	for _, entry := range entries {
		content, err := fs.ReadFile(folders, path.Join(name, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("words: read %s: %w", name, err)
		}
		if entry.Name() == factsFile {
			err = yaml.Unmarshal(content, &c.facts)
		} else {
			err = c.add(content)
		}
		if err != nil {
			return nil, fmt.Errorf("words: %s/%s: %w", name, entry.Name(), err)
		}
	}
	if err = c.isComplete(); err != nil {
		return nil, fmt.Errorf("words: %s/%s: %w", name, factsFile, err)
	}
	c.plurals, err = pluralsOf(name)
	return c, err
}

// add reads a file of texts: a key and a text, or a key and its plural forms, on every line.
func (c *catalog) add(content []byte) error {
	read, err := i18n.ParseMessageBytes(content, yaml.Unmarshal)
	if err != nil {
		return err
	}
	for _, m := range read {
		if _, twice := c.messages[m.ID]; twice {
			return fmt.Errorf("%s stands in two files", m.ID)
		}
		if c.messages[m.ID], err = messageOf(m); err != nil {
			return err
		}
	}
	return nil
}

// fillFrom takes over the texts that this language lacks.
func (c *catalog) fillFrom(other *catalog) {
	for key, m := range other.messages {
		if _, has := c.messages[key]; !has {
			c.messages[key] = m
		}
	}
}

// KeysIn returns the keys of a file of texts, such as rules.yaml, in order; none for a file that does not exist.
func KeysIn(name string) []string {
	content, err := fs.ReadFile(files, path.Join(string(English), name))
	if err != nil {
		return nil
	}
	c := &catalog{messages: map[string]message{}}
	if err := c.add(content); err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.messages))
}
