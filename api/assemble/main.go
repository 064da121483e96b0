// Command assemble writes openapi.yaml from its parts: contract.yaml, which all features share, and for each feature a
// file next to its handlers, with its paths and the schemas that no other feature uses. It joins text, so comments and
// formatting are preserved. It refuses a file that is not such a part, or has no handlers.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	shared  = "contract.yaml"
	header  = "# Assembled by make generate from api/contract.yaml and the parts beside the handlers: edit those.\n"
	paths   = "paths:\n"
	schemas = "components:\n  schemas:\n"
)

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: assemble DIRECTORY FILE"))
	}
	whole, err := assemble(os.Args[1])
	fail(err)
	fail(os.WriteFile(os.Args[2], whole, 0o644))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "assemble:", err)
		os.Exit(1)
	}
}

// assemble joins the parts in the order of their names: paths after the shared ones, schemas at the end.
func assemble(dir string) ([]byte, error) {
	frame, err := os.ReadFile(filepath.Join(dir, shared))
	if err != nil {
		return nil, err
	}
	before, after, found := strings.Cut(string(frame), "\n"+paths)
	if !found {
		return nil, fmt.Errorf("%s has no paths", shared)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var inPaths, inSchemas bytes.Buffer
	for _, file := range files {
		if err := add(file, &inPaths, &inSchemas); err != nil {
			return nil, err
		}
	}
	return []byte(header + before + "\n" + paths + inPaths.String() + after + inSchemas.String()), nil
}

// notParts are the other YAML files in the folder: the frame, and the input of the code generator.
var notParts = []string{shared, "oapi-codegen.yaml", "overlay.yaml"}

// add splits a part and appends its sections.
func add(file string, inPaths, inSchemas *bytes.Buffer) error {
	name := filepath.Base(file)
	if slices.Contains(notParts, name) {
		return nil
	}
	if _, err := os.Stat(strings.TrimSuffix(file, ".yaml") + ".go"); err != nil {
		return fmt.Errorf("%s has no handlers: %w", name, err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	rest, isPart := strings.CutPrefix(string(text), paths)
	if !isPart {
		return fmt.Errorf("%s does not begin with its paths", name)
	}
	own, described, _ := strings.Cut(rest, "\n"+schemas)
	inPaths.WriteString(own)
	inSchemas.WriteString(described)
	return nil
}
