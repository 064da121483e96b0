// Package wire holds what the contract says in Go: the types that requests and answers consist of, the operations a
// server implements, and their routes. All of it is generated from openapi.yaml; nothing is written here by hand.
package wire
