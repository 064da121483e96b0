// Package client is a Go client of the Cadans API, generated from openapi.yaml. It drives the end-to-end tests of the
// server itself, so what it can do works.
package client

//go:generate go tool oapi-codegen -config types.yaml ../../openapi.yaml
//go:generate go tool oapi-codegen -config oapi-codegen.yaml ../../openapi.yaml
