package api_test

import (
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// bodiesOf returns the schema of each operation's body.
func bodiesOf(document *openapi3.T) map[string]*openapi3.Schema {
	bodies := map[string]*openapi3.Schema{}
	for _, item := range document.Paths.Map() {
		for _, op := range item.Operations() {
			if op.RequestBody != nil && op.RequestBody.Value.Content.Get("application/json") != nil {
				bodies[op.OperationID] = op.RequestBody.Value.Content.Get("application/json").Schema.Value
			}
		}
	}
	return bodies
}

// propertiesOf returns a schema's properties, with those of the parts that it is made of.
func propertiesOf(s *openapi3.Schema) map[string]*openapi3.Schema {
	all := map[string]*openapi3.Schema{}
	for _, part := range s.AllOf {
		maps.Copy(all, propertiesOf(part.Value))
	}
	for name, property := range s.Properties {
		all[name] = property.Value
	}
	return all
}

// placesOf returns every field of a schema, as pointers without the numbers of lists.
func placesOf(s *openapi3.Schema, at string) (places []string) {
	if s.Items != nil {
		return placesOf(s.Items.Value, at)
	}
	for name, property := range propertiesOf(s) {
		places = append(append(places, at+"/"+name), placesOf(property, at+"/"+name)...)
	}
	return places
}

// filling makes a value for every field of a schema, no two numbers alike where there is room.
type filling struct {
	w       *world
	set     map[string]any
	without []string
	sent    map[string]bool
	n       int
}

func (f *filling) object(s *openapi3.Schema, at string) any {
	made, properties := map[string]any{}, propertiesOf(s)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if place := at + "/" + name; !slices.Contains(f.without, place) {
			f.sent[place] = true
			made[name] = f.value(properties[name], place)
		}
	}
	return made
}

func (f *filling) value(s *openapi3.Schema, at string) any {
	f.n++
	if value, is := f.set[at]; is {
		return value
	}
	switch {
	case len(s.Enum) > 0:
		return lastNamed(s.Enum)
	case s.Items != nil:
		return []any{f.value(s.Items.Value, at)}
	case len(propertiesOf(s)) > 0:
		return f.object(s, at)
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("integer"):
		return f.number(s)
	default:
		return f.text(s)
	}
}

func lastNamed(enum []any) any {
	named := slices.DeleteFunc(slices.Clone(enum), func(one any) bool { return one == nil })
	return named[len(named)-1]
}

func (f *filling) number(s *openapi3.Schema) int {
	least, most := 0, 100
	if s.Min != nil {
		least = int(*s.Min)
	}
	if s.Max != nil {
		most = int(*s.Max)
	}
	return least + f.n%(most-least) + 1
}

func (f *filling) text(s *openapi3.Schema) string {
	switch s.Format {
	case "local-date":
		return f.w.patient.Today().String()
	case "time-of-day":
		return "10:15"
	case "time-zone":
		return "Europe/Amsterdam"
	case "plain-text", "single-line":
		return fmt.Sprint("Woord ", f.n)
	}
	if len(s.AllOf) > 0 {
		return f.text(s.AllOf[0].Value)
	}
	return f.w.NewID()
}
