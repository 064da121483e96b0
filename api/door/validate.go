package door

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gofiber/fiber/v2"

	"cadans/internal/kernel/fault"
	"cadans/pkg/localtime"
)

// The generated handlers check neither required fields nor ranges, and would answer 201 to an empty object. So every
// request is validated here first.

var visitOptions = append([]openapi3.SchemaValidationOption{
	openapi3.MultiErrors(), openapi3.VisitAsRequest(), openapi3.EnableFormatValidation(),
}, formats...)

// ParameterPrefix marks a violation of a parameter rather than of the body.
const ParameterPrefix = "?"

// validate refuses a request that the contract does not allow, and names all invalid fields at once.
func (o operation) validate(c *fiber.Ctx) error {
	wrong := o.checkParameters(c)
	if o.body == nil && !o.isRaw {
		return fault.Input(wrong...)
	}
	if o.isRaw {
		return cmp.Or(fault.Input(wrong...), checkBodyType(c, rawType))
	}
	if err := checkBodyType(c, fiber.MIMEApplicationJSON); err != nil {
		return err
	}
	value, err := strictJSON(c.Request().Body())
	var input *fault.Fault
	switch {
	case errors.As(err, &input):
		wrong = append(wrong, input.Violations...)
	case err != nil:
		return err
	}
	if value != nil || err == nil { // a null body parses to nil, and the schema has to refuse it
		wrong = append(wrong, newViolations(wrong, schemaViolations(o.body.VisitJSON(value, visitOptions...)))...)
	}
	return fault.Input(wrong...)
}

// newViolations leaves out fields that already have a violation: a fractional number is not also out of range.
func newViolations(known, more []fault.Violation) []fault.Violation {
	named := map[string]bool{}
	for _, v := range known {
		named[v.Pointer] = true
	}
	var fresh []fault.Violation
	for _, v := range more {
		if !named[v.Pointer] {
			fresh = append(fresh, v)
			named[v.Pointer] = true
		}
	}
	return fresh
}

// checkBodyType accepts a single type, uncompressed. Fiber would decompress a body without limiting the result.
func checkBodyType(c *fiber.Ctx, wanted string) error {
	encoding := c.Get(fiber.HeaderContentEncoding)
	if encoding != "" && !strings.EqualFold(encoding, "identity") {
		return errUnsupportedMedia
	}
	mediaType, parameters, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	charset := strings.ToLower(strings.TrimSpace(parameters))
	if !strings.EqualFold(strings.TrimSpace(mediaType), wanted) || charset != "" && charset != "charset=utf-8" {
		return errUnsupportedMedia
	}
	return nil
}

func (o operation) checkParameters(c *fiber.Ctx) (wrong []fault.Violation) {
	query := map[string][]string{}
	for key, value := range c.Context().QueryArgs().All() {
		query[string(key)] = append(query[string(key)], string(value))
	}
	for _, p := range o.parameters {
		var values []string
		switch p.In {
		case openapi3.ParameterInPath:
			values = []string{c.Params(p.Name)}
		case openapi3.ParameterInQuery:
			values = query[p.Name]
			delete(query, p.Name)
		case openapi3.ParameterInHeader:
			if value := c.Get(p.Name); value != "" {
				values = []string{value}
			}
		}
		wrong = append(wrong, checkParameter(p, values)...)
	}
	if len(wrong) == 0 {
		wrong = o.checkWindow(c.Query("since"), c.Query("until"))
	}
	for name := range query { // otherwise a misspelt filter would silently return everything
		wrong = append(wrong, fault.Violation{Pointer: ParameterPrefix + name, Code: "unknown-parameter"})
	}
	return wrong
}

// longestWindow is the maximum number of days between since and until: five years, longer than any course. Paged lists
// have no such limit.
const longestWindow = 1830

// checkWindow refuses a range that ends before it starts, or is too long for one answer.
func (o operation) checkWindow(since, until string) []fault.Violation {
	if since == "" || until == "" {
		return nil
	}
	first, _ := localtime.ParseDate(since) // formats were already checked, and errors named
	last, _ := localtime.ParseDate(until)
	isPaged := slices.ContainsFunc(o.parameters, func(p *openapi3.Parameter) bool { return p.Name == "limit" })
	switch days := last.DaysSince(first); {
	case days < 0:
		return []fault.Violation{{Pointer: ParameterPrefix + "until", Code: "before-start"}}
	case days >= longestWindow && !isPaged: // both ends count
		return []fault.Violation{{Pointer: ParameterPrefix + "since", Code: "period-too-long"}}
	}
	return nil
}

func checkParameter(p *openapi3.Parameter, values []string) []fault.Violation {
	at := ParameterPrefix + p.Name
	schema := p.Schema.Value
	switch {
	case len(values) == 0:
		return nil // path parameters always have a value; no other parameter is required
	case schema.Type.Is(openapi3.TypeArray):
		array := make([]any, len(values))
		for i, v := range values {
			array[i] = v
		}
		return firstViolation(at, schema.VisitJSON(array, visitOptions...))
	case len(values) > 1:
		return []fault.Violation{{Pointer: at, Code: "duplicate"}}
	case schema.Type.Is(openapi3.TypeInteger):
		n, err := strconv.ParseInt(values[0], 10, 32)
		if err != nil {
			return []fault.Violation{{Pointer: at, Code: "wrong-type"}}
		}
		return firstViolation(at, schema.VisitJSON(float64(n), visitOptions...))
	default:
		return firstViolation(at, schema.VisitJSON(values[0], visitOptions...))
	}
}

func firstViolation(at string, err error) []fault.Violation {
	found := schemaViolations(err)
	if len(found) == 0 {
		return nil
	}
	return []fault.Violation{{Pointer: at, Code: found[0].Code}}
}

// schemaViolations flattens the errors of the schema.
func schemaViolations(err error) []fault.Violation {
	if err == nil {
		return nil
	}
	var many openapi3.MultiError
	if errors.As(err, &many) {
		var all []fault.Violation
		for _, one := range many {
			all = append(all, schemaViolations(one)...)
		}
		return all
	}
	var schemaError *openapi3.SchemaError
	if !errors.As(err, &schemaError) {
		return []fault.Violation{{Code: "invalid-input"}}
	}
	return violationsOf(schemaError)
}

func violationsOf(e *openapi3.SchemaError) []fault.Violation {
	pointer := ""
	for _, key := range e.JSONPointer() {
		pointer += "/" + escapePointer(key)
	}
	code, known := codesBySchemaField[e.SchemaField]
	if !known {
		code = "invalid-format"
	}
	if e.SchemaField == "format" && e.Schema.Format == "time-zone" {
		code = "unknown-time-zone"
	}
	if e.SchemaField == "properties" { // an unknown field: the pointer names the object, the reason names the field
		pointer += "/" + escapePointer(quoted(e.Reason))
	}
	return []fault.Violation{{Pointer: pointer, Code: code}}
}

var codesBySchemaField = map[string]string{
	"required":    "required",
	"properties":  "unknown-field",
	"type":        "wrong-type",
	"nullable":    "wrong-type",
	"minimum":     "out-of-range",
	"maximum":     "out-of-range",
	"enum":        "unknown-value",
	"minLength":   "too-short",
	"maxLength":   "too-long",
	"pattern":     "invalid-format",
	"format":      "invalid-format",
	"minItems":    "too-few",
	"maxItems":    "too-many",
	"uniqueItems": "duplicate",
}

// quoted returns the text between the first pair of double quotes.
func quoted(reason string) string {
	_, rest, _ := strings.Cut(reason, `"`)
	name, _, _ := strings.Cut(rest, `"`)
	return name
}

// checkInstant requires RFC 3339 with an offset, because a phone's local time alone is not an instant.
func checkInstant(s string) error {
	var at time.Time
	err := at.UnmarshalText([]byte(s)) // as the body is read, and stricter than time.Parse
	if day := localtime.DateOf(at); err == nil && day != day.Clamp() {
		err = errors.New("outside of the years that the contract names")
	}
	return err
}
