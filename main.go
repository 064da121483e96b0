// Command cadans is the backend of a home-exercise app for people with back or neck pain. See README.md.
package main

import (
	_ "embed"
	"os"

	"cadans/internal/run/cli"
)

//go:embed openapi.yaml
var contract []byte

func main() {
	os.Exit(cli.Run(contract, os.Args[1:], cli.Streams{Out: os.Stdout, Err: os.Stderr}))
}
