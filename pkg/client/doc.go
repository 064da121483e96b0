// Package client is a Go client of the Cadans API, generated from openapi.yaml. The end-to-end tests of the server
// use it, so every call in it is exercised or compiled there.
package client

//go:generate go tool oapi-codegen -config types.yaml ../../openapi.yaml
//go:generate go tool oapi-codegen -config oapi-codegen.yaml ../../openapi.yaml
