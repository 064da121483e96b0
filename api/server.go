// Package api answers the operations of the contract. It converts between the wire types and the domain, and contains
// no rules.
//
// Every operation stands behind the checks of package door. Without a handler for an operation the package does not
// compile; without a row in the rule table the program does not start.
package api

import (
	"github.com/gofiber/fiber/v2"

	"cadans/api/door"
	"cadans/api/services"
	"cadans/api/wire"
)

//go:generate go run ./assemble . ../openapi.yaml
//go:generate go tool oapi-codegen -config oapi-codegen.yaml ../openapi.yaml

// Parts holds the dependencies of the server. New gives the door the services that it needs.
type Parts struct {
	services.Set
	Door    door.Parts
	Streams door.Streams
}

// Server implements the operations of the contract.
type Server struct{ parts Parts }

var _ wire.StrictServerInterface = (*Server)(nil)

// New returns the application with all routes. It fails if a route has no rule.
func New(p Parts) (*fiber.App, error) {
	p.Door.Auth, p.Door.Audit, p.Door.Listener = p.Auth, p.Audit, p.Told
	d, app := door.Open(p.Door)
	app.Get("/docs/brief.css", door.Public("text/css; charset=utf-8", briefStyle))
	wire.RegisterHandlers(app, wire.NewStrictHandler(&Server{p}, nil))
	return app, d.CheckRoutes(app)
}
