package fuzz_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// maker makes values that a schema allows.
type maker struct {
	*rand.Rand
	w *world
}

func oneOf[T any](m maker, values ...T) T { return values[m.IntN(len(values))] }

// chance is true in so many of a hundred cases.
func (m maker) chance(percent int) bool { return m.IntN(100) < percent }

// value returns one that the schema allows; name is that of the property, which decides whose id it may be.
func (m maker) value(s *openapi3.Schema, name string) any {
	switch {
	case len(s.AllOf) > 0:
		return m.value(s.AllOf[0].Value, name)
	case s.Nullable && m.chance(10):
		return nil
	case len(s.Enum) > 0:
		return oneOf(m, s.Enum...)
	}
	switch {
	case s.Type.Is(openapi3.TypeInteger):
		return m.integer(s)
	case s.Type.Is(openapi3.TypeBoolean):
		return m.chance(50)
	case s.Type.Is(openapi3.TypeArray):
		return m.array(s, name)
	case s.Type.Is(openapi3.TypeObject):
		return m.object(s)
	default:
		return m.text(s, name)
	}
}

func (m maker) integer(s *openapi3.Schema) any {
	least, most := -1000, 1000
	if s.Min != nil {
		least = int(*s.Min)
	}
	if s.Max != nil {
		most = int(*s.Max)
	}
	return oneOf(m, least, most, least+m.IntN(most-least+1), min(least+1, most))
}

func (m maker) array(s *openapi3.Schema, name string) any {
	most := 3
	if s.MaxItems != nil {
		most = int(min(*s.MaxItems, 4))
	}
	array := []any{}
	for range int(s.MinItems) + m.IntN(most+1) {
		v := m.value(s.Items.Value, strings.TrimSuffix(name, "s"))
		if len(array) < most && (!s.UniqueItems || !slices.Contains(array, v)) {
			array = append(array, v)
		}
	}
	return array
}

func (m maker) object(s *openapi3.Schema) any {
	object := map[string]any{}
	for _, name := range properties(s) {
		if slices.Contains(s.Required, name) || m.chance(40) {
			object[name] = m.value(s.Properties[name].Value, name)
		}
	}
	if s.AdditionalProperties.Schema != nil {
		object["average"] = m.value(s.AdditionalProperties.Schema.Value, "")
	}
	return object
}

// properties are the names in an order that does not change.
func properties(s *openapi3.Schema) (names []string) {
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// text follows the format, the pattern, or the length.
func (m maker) text(s *openapi3.Schema, name string) any {
	today := m.w.patient.Today()
	switch s.Format {
	case "local-date":
		return today.AddDays(oneOf(m, 0, 0, 1, -1, -7, 30, -400, 4000)).String()
	case "date-time":
		return m.w.Clock.Now().Add(time.Duration(m.IntN(2000)-1000) * time.Hour).Format(time.RFC3339)
	case "time-of-day":
		return oneOf(m, "00:00", "09:30", "23:59")
	case "time-zone":
		return oneOf(m, "Europe/Amsterdam", "Pacific/Apia", "America/New_York", "UTC")
	case "email-address":
		return m.w.NewID() + "@x.example"
	}
	if s.Pattern != "" {
		return m.named(s, name)
	}
	length := int(s.MinLength) + m.IntN(12)
	if s.MaxLength != nil {
		length = oneOf(
			m, max(1, int(s.MinLength)), int(min(*s.MaxLength, uint64(length)+1)), int(min(*s.MaxLength, 3000)),
		)
	}
	return string([]rune(strings.Repeat("één woord ", length/10+1))[:length-1]) + "."
}

// named is an id, or a name that a pattern describes.
func (m maker) named(s *openapi3.Schema, name string) any {
	switch {
	case name == "id":
		return m.w.NewID()
	case strings.Contains(s.Pattern, "{64}"):
		return oneOf(m, append(m.w.mine["media_hash"], m.w.others["media_hash"]...)...)
	case strings.Contains(s.Pattern, "-[89ab]"):
		return m.w.pick(m.Rand, name)
	case name == "exercise" && m.chance(40):
		return m.w.pick(m.Rand, "exercise_id")
	case name == "instrument":
		return "odi"
	case name == "equipment" || name == "equipmen":
		return oneOf(m, "chair", "mat", "wall")
	}
	return oneOf(m, "bridge", "bird-dog-leg", "walk-easy", "knee-rolls-lying")
}

// copied is a deep copy of what JSON can say.
func copied(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return decoded(text)
}
