// Package client is a Go client of the Cadans API, generated from openapi.yaml. The server's own end-to-end tests use
// it.
package client

//go:generate go tool oapi-codegen -config types.yaml ../../openapi.yaml
//go:generate go tool oapi-codegen -config oapi-codegen.yaml ../../openapi.yaml
