package door

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gofiber/fiber/v2"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/fault"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Contract is openapi.yaml, parsed and validated.
type Contract struct {
	source     []byte
	document   *openapi3.T
	operations []operation
	asJSON     []byte
	page       []byte // the readable form
}

// operation is one method on one path of the contract.
type operation struct {
	id         access.Operation
	method     string
	path       string // in Fiber's syntax: /v1/patients/:patient_id
	parameters []*openapi3.Parameter
	body       *openapi3.Schema
	isRaw      bool // the body is a file, not JSON
	isTold     bool // a patient's phone tells something in the body
}

// rawType is the content type of an uploaded file; its real type is detected from its content.
const rawType = fiber.MIMEOctetStream

// ReadContract parses openapi.yaml. It refuses a document that is not valid OpenAPI.
func ReadContract(source []byte) (*Contract, error) {
	document, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		return nil, fmt.Errorf("door: read contract: %w", err)
	}
	if err := document.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("door: contract: %w", err)
	}
	c := &Contract{source: source, document: document}
	if c.asJSON, err = json.Marshal(document); err != nil {
		return nil, fmt.Errorf("door: contract: %w", err)
	}
	c.page = render("docs", c.pages())
	for _, path := range document.Paths.InMatchingOrder() {
		item := document.Paths.Find(path)
		for method, op := range item.Operations() {
			c.operations = append(c.operations, newOperation(method, path, item, op))
		}
	}
	return c, access.MustCover(c.operationIDs())
}

func newOperation(method, path string, item *openapi3.PathItem, op *openapi3.Operation) operation {
	o := operation{id: access.Operation(op.OperationID), method: method, path: fiberPath(path)}
	o.isTold = op.Extensions[toldBy] == true
	for _, list := range []openapi3.Parameters{item.Parameters, op.Parameters} {
		for _, parameter := range list {
			o.parameters = append(o.parameters, parameter.Value)
		}
	}
	if op.RequestBody == nil {
		return o
	}
	content := op.RequestBody.Value.Content
	if _, o.isRaw = content[rawType]; !o.isRaw {
		o.body = content.Get(fiber.MIMEApplicationJSON).Schema.Value
	}
	return o
}

func (c *Contract) operationIDs() []access.Operation {
	ids := make([]access.Operation, len(c.operations))
	for i, o := range c.operations {
		ids[i] = o.id
	}
	return ids
}

// Check refuses a body that the contract does not allow for an operation, so that the same rules apply to forms of a
// page and requests of a phone.
func (c *Contract) Check(operation access.Operation, body map[string]any) error {
	for _, o := range c.operations {
		if o.id == operation {
			return fault.Input(schemaViolations(o.body.VisitJSON(body, visitOptions...))...)
		}
	}
	return fault.New(fault.Internal, "internal", "no such operation: "+string(operation))
}

// CheckPractice applies the rules for members to a first practice and its admin, and names all invalid fields at once.
func (c *Contract) CheckPractice(practice string, admin people.NewMember) error {
	const operation = "createMember"
	body := map[string]any{"id": string(admin.ID), "name": admin.Name, "email": admin.Email, "password": admin.Password,
		"role": string(admin.Role)}
	wrong, err := violationsIn(c.Check(operation, body))
	if err != nil {
		return err
	}
	body["name"] = practice
	named, err := violationsIn(c.Check(operation, body))
	if err != nil {
		return err
	}
	for _, v := range named {
		if v.Pointer == "/name" {
			wrong = append(wrong, fault.Violation{Pointer: "/practice", Code: v.Code})
		}
	}
	return fault.Input(wrong...)
}

// violationsIn returns the violations in an error; it returns any other error unchanged.
func violationsIn(err error) ([]fault.Violation, error) {
	var refused *fault.Fault
	if errors.As(err, &refused) && refused.Kind == fault.Invalid {
		return refused.Violations, nil
	}
	return nil, err
}

// Document returns the parsed contract, for tests that check answers against it.
func (c *Contract) Document() *openapi3.T { return c.document }

var pathParameter = regexp.MustCompile(`\{([a-z_]+)\}`)

func fiberPath(path string) string { return pathParameter.ReplaceAllString(path, ":$1") }

// isGet reports whether Fiber also answers HEAD for the operation.
func (o operation) isGet() bool { return o.method == http.MethodGet }

// formats are string formats that a pattern alone cannot describe.
var formats = []openapi3.SchemaValidationOption{
	withFormat("local-date", func(s string) error { _, err := localtime.ParseDate(s); return err }),
	withFormat("time-of-day", func(s string) error { _, err := localtime.ParseTimeOfDay(s); return err }),
	withFormat("time-zone", func(s string) error { _, err := localtime.LoadZone(s); return err }),
	withFormat("plain-text", func(s string) error { return checkText(s, "\n") }),
	withFormat("single-line", func(s string) error { return checkText(s, "") }),
	withFormat("email-address", checkEmail),
	withFormat("date-time", checkInstant),
}

func withFormat(name string, check func(string) error) openapi3.SchemaValidationOption {
	return openapi3.WithStringFormatValidator(name, openapi3.NewCallbackValidator(check))
}

// checkText refuses control characters, which could forge log lines, and bidirectional overrides, which make a text
// look different from what is stored.
func checkText(s, allowed string) error {
	for _, r := range s {
		isOverride := r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
		if isOverride || r == unicode.ReplacementChar || unicode.IsControl(r) && !strings.ContainsRune(allowed, r) {
			return fmt.Errorf("character %U is not allowed", r)
		}
	}
	if s != "" && strings.TrimSpace(s) == "" {
		return fmt.Errorf("only blanks")
	}
	return nil
}

var emailAddress = regexp.MustCompile(`^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$`)

func checkEmail(s string) error {
	if !emailAddress.MatchString(s) {
		return fmt.Errorf("not an e-mail address")
	}
	return nil
}
