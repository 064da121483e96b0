package door

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gofiber/fiber/v2"

	"cadans/internal/record/people"
)

var (
	//go:embed docs.html
	docsPage string
	//go:embed docs.css
	docsStyle []byte
)

// public serves the contract and its readable form, without content from other hosts.
func (d *Door) public(app *fiber.App) {
	contract := d.parts.Contract
	app.Get("/v1/openapi.yaml", Public("application/yaml", contract.source))
	app.Get("/v1/openapi.json", Public(fiber.MIMEApplicationJSON, contract.asJSON))
	app.Get("/docs", Public(fiber.MIMETextHTMLCharsetUTF8, contract.page))
	app.Get("/docs/style.css", Public("text/css; charset=utf-8", docsStyle))
	app.Get("/problems/:code", problemPage)
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString(alive) })
	app.Get("/readyz", func(c *fiber.Ctx) error {
		status, text := d.parts.Probes.ready()
		return c.Status(status).SendString(text)
	})
}

// Public returns a handler for content that is the same for everybody.
func Public(mimeType string, body []byte) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if strings.HasPrefix(c.Path(), "/v1/") {
			c.Set(fiber.HeaderAccessControlAllowOrigin, "*") // anybody's tools may read the contract
		}
		c.Set(fiber.HeaderCacheControl, "public, max-age=300")
		c.Set(fiber.HeaderContentType, mimeType)
		return c.Send(body)
	}
}

// problemPage explains a problem code in both languages.
func problemPage(c *fiber.Ctx) error {
	code := c.Params("code")
	if !isProblem(code) {
		return ErrNoRoute
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	page := map[string]string{"Code": code}
	page["TitleEN"], page["DetailEN"] = problemText(code, people.English)
	page["TitleNL"], page["DetailNL"] = problemText(code, people.Dutch)
	return c.Send(render("problem", page))
}

var docsTemplate = template.Must(template.New("").Funcs(template.FuncMap{"prose": prose}).Parse(docsPage))

var (
	strongText = regexp.MustCompile(`\*\*(.+?)\*\*`)
	codeText   = regexp.MustCompile("`(.+?)`")
)

// prose renders the two Markdown marks that the contract uses. It escapes everything else first.
func prose(text string) template.HTML {
	escaped := template.HTMLEscapeString(text)
	escaped = strongText.ReplaceAllString(escaped, "<strong>$1</strong>")
	return template.HTML(codeText.ReplaceAllString(escaped, "<code>$1</code>"))
}

func render(name string, data any) []byte {
	var page bytes.Buffer
	if err := docsTemplate.ExecuteTemplate(&page, name, data); err != nil {
		panic(err) // template and data are both ours
	}
	return page.Bytes()
}

// docs is the data of the page.
type docs struct {
	Title, Version string
	Intro          []string
	Groups         []docsGroup
	Schemas        []docsSchema
}

type docsGroup struct {
	Name, About string
	Operations  []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Summary string
	About                     []string
	Parameters                []docsField
	Body                      string
	Example                   string
	Answers                   []docsAnswer
}

type docsAnswer struct{ Status, About, Schema string }

type docsSchema struct {
	Name, About string
	Fields      []docsField
}

type docsField struct{ Name, Type, Required, About string }

func (c *Contract) pages() docs {
	d := docs{
		Title:   c.document.Info.Title,
		Version: c.document.Info.Version,
		Intro:   paragraphs(c.document.Info.Description),
	}
	for _, tag := range c.document.Tags {
		group := docsGroup{Name: tag.Name, About: tag.Description}
		for _, path := range c.document.Paths.InMatchingOrder() {
			item := c.document.Paths.Find(path)
			for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
				if op := item.GetOperation(method); op != nil && slices.Contains(op.Tags, tag.Name) {
					group.Operations = append(group.Operations, describe(method, path, item, op))
				}
			}
		}
		slices.SortStableFunc(group.Operations, func(a, b docsOperation) int { return strings.Compare(a.Path, b.Path) })
		d.Groups = append(d.Groups, group)
	}
	for name, schema := range c.document.Components.Schemas {
		d.Schemas = append(d.Schemas, describeSchema(name, schema.Value))
	}
	slices.SortFunc(d.Schemas, func(a, b docsSchema) int { return strings.Compare(a.Name, b.Name) })
	return d
}

func describe(method, path string, item *openapi3.PathItem, op *openapi3.Operation) docsOperation {
	d := docsOperation{
		ID:      op.OperationID,
		Method:  method,
		Path:    path,
		Summary: op.Summary,
		About:   paragraphs(op.Description),
	}
	for _, p := range slices.Concat(item.Parameters, op.Parameters) {
		d.Parameters = append(d.Parameters, docsField{
			Name:     p.Value.Name,
			Type:     typeOf(p.Value.Schema) + ", " + p.Value.In,
			Required: yes(p.Value.Required),
			About:    p.Value.Description,
		})
	}
	if op.RequestBody != nil {
		content := op.RequestBody.Value.Content
		media := cmp.Or(content[fiber.MIMEApplicationJSON], content[rawType])
		d.Body = typeOf(media.Schema)
		if media.Example != nil {
			text, _ := json.MarshalIndent(media.Example, "", "  ")
			d.Example = string(text)
		}
	}
	for _, status := range op.Responses.Keys() {
		answer := docsAnswer{Status: status, About: *op.Responses.Value(status).Value.Description}
		for _, media := range op.Responses.Value(status).Value.Content {
			if media.Schema.Ref != "" { // only components have an anchor to link to
				answer.Schema = typeOf(media.Schema)
			}
		}
		d.Answers = append(d.Answers, answer)
	}
	return d
}

func describeSchema(name string, schema *openapi3.Schema) docsSchema {
	d := docsSchema{Name: name, About: schema.Description}
	for field, property := range schema.Properties {
		d.Fields = append(d.Fields, docsField{
			Name:     field,
			Type:     typeOf(property),
			Required: yes(slices.Contains(schema.Required, field)),
			About:    property.Value.Description,
		})
	}
	slices.SortFunc(d.Fields, func(a, b docsField) int { return strings.Compare(a.Name, b.Name) })
	if len(d.Fields) == 0 {
		d.About = strings.TrimSpace(typeOf(&openapi3.SchemaRef{Value: schema}) + ". " + d.About)
	}
	return d
}

// typeOf names a type for readers: its component, or its kind with its range.
func typeOf(ref *openapi3.SchemaRef) string {
	if ref == nil {
		return ""
	}
	if ref.Ref != "" {
		return ref.Ref[strings.LastIndex(ref.Ref, "/")+1:]
	}
	schema := ref.Value
	switch {
	case len(schema.AllOf) == 1:
		return typeOf(schema.AllOf[0])
	case schema.Type.Is(openapi3.TypeArray):
		return "list of " + typeOf(schema.Items)
	case len(schema.Enum) > 0:
		return oneOf(schema.Enum)
	case schema.Min != nil && schema.Max != nil:
		return fmt.Sprintf("whole number %v to %v", *schema.Min, *schema.Max)
	case schema.Type == nil:
		return "any"
	default:
		return strings.Join(schema.Type.Slice(), ", ")
	}
}

func oneOf(values []any) string {
	named := make([]string, len(values))
	for i, v := range values {
		named[i] = fmt.Sprint(v)
	}
	return strings.Join(named, " | ")
}

func paragraphs(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSpace(text), "\n\n")
}

func yes(required bool) string {
	if required {
		return "yes"
	}
	return ""
}
