// Package mend makes what a phone told fit the contract.
//
// A phone cannot correct what it told: a record that is refused is lost. So what can be understood is kept, and each
// thing that was changed or left out is named by its pointer and a code. Absent stays absent; nothing is guessed. A
// score that the contract marks as exact is never changed: a wrong one refuses the record. Members' forms and machines
// are not mended.
//
// It is pure. It knows the contract's schemas and no operation; it stores nothing.
package mend

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"cadans/internal/kernel/fault"
	"cadans/pkg/localtime"
)

// Body is what is understood of what a phone told.
type Body struct {
	Value    map[string]any
	Warnings []fault.Violation // what was changed or left out
	Refused  []fault.Violation // why there is no record in it; then Value is of no use
}

// exact marks a schema whose values are never changed.
const exact = "x-exact"

// Told is an object as a phone told it. Numbers are float64 when they are whole and of 32 bits, otherwise json.Number
// with what was written. Twice are the pointers of fields that were told twice: the last one counts, but not of an
// exact field.
type Told struct {
	Object map[string]any
	Twice  []string
	Now    time.Time // no day on which something happened is later than tomorrow
}

// Object mends what was told. The options check the formats of the contract's texts.
func Object(schema *openapi3.Schema, told Told, formats ...openapi3.SchemaValidationOption) Body {
	m := mender{twice: told.Twice, now: told.Now, formats: append(formats, openapi3.EnableFormatValidation())}
	if name, ok := told.Object["time_zone"].(string); ok {
		m.zone, _ = localtime.ToldZone(name)
	}
	value, _ := m.object("", schema, told.Object)
	return Body{Value: value, Warnings: m.warnings, Refused: m.refused}
}

type mender struct {
	twice             []string
	now               time.Time
	zone              *time.Location // of the phone; nil when that is not known
	formats           []openapi3.SchemaValidationOption
	warnings, refused []fault.Violation
}

// most is how many changes are named. A body that needs more is nothing that an app wrote.
const most = 200

func (m *mender) warn(at, code string) {
	if len(m.warnings) < most {
		m.warnings = append(m.warnings, fault.Violation{Pointer: at, Code: code})
	}
}

func (m *mender) refuse(at, code string) {
	if len(m.refused) < most {
		m.refused = append(m.refused, fault.Violation{Pointer: at, Code: code})
	}
}

// object returns the fields that are understood; ok is false when a required one is not among them.
func (m *mender) object(at string, schema *openapi3.Schema, told map[string]any) (map[string]any, bool) {
	mended := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(told)) {
		place := at + "/" + escaped(name)
		field := fieldOf(schema, name)
		if field == nil {
			m.warn(place, "unknown-field")
			continue
		}
		if value, ok := m.value(place, field, told[name]); ok {
			mended[name] = value
		}
	}
	return mended, m.complete(at, schema, mended)
}

func fieldOf(schema *openapi3.Schema, name string) *openapi3.Schema {
	if field := schema.Properties[name]; field != nil {
		return field.Value
	}
	if others := schema.AdditionalProperties.Schema; others != nil {
		return others.Value
	}
	return nil
}

// complete adds what the contract says for a field that was not told, and reports whether nothing is missing. What is
// missing in the record itself refuses it.
func (m *mender) complete(at string, schema *openapi3.Schema, mended map[string]any) bool {
	whole := true
	for _, name := range schema.Required {
		place := at + "/" + escaped(name)
		if _, told := mended[name]; told {
			continue
		}
		if value, ok := otherwise(schema)[name]; ok {
			if value == today {
				value = m.now.UTC().Format(time.DateOnly)
			}
			mended[name] = value
			m.missing(place)
			continue
		}
		whole = false
		if at == "" {
			m.refuse(place, m.missing(place))
		} else {
			m.missing(place)
		}
	}
	return whole
}

// instead is what the contract says for required fields that were not told: the record is made without them.
const instead = "x-instead"

// today stands for the day on which the record arrived.
const today = "today"

func otherwise(schema *openapi3.Schema) map[string]any {
	values, _ := schema.Extensions[instead].(map[string]any)
	return values
}

// missing warns that a field is missing, unless something was said about it, and returns the code.
func (m *mender) missing(at string) string {
	for _, said := range m.warnings {
		if said.Pointer == at {
			return said.Code
		}
	}
	m.warn(at, "required")
	return "required"
}

// value returns what is understood of a value; ok is false when nothing is.
func (m *mender) value(at string, schema *openapi3.Schema, told any) (any, bool) {
	isExact := schema.Extensions[exact] != nil
	if told == nil && !(isExact && slices.Contains(m.twice, at)) {
		return nil, schema.Nullable
	}
	if isExact {
		return m.exactly(at, schema, told)
	}
	if slices.Contains(m.twice, at) {
		m.warn(at, "duplicate-key")
	}
	switch {
	case schema.Type.Is(openapi3.TypeObject):
		return m.asObject(at, schema, told)
	case schema.Type.Is(openapi3.TypeArray):
		return m.asArray(at, schema, told)
	case schema.Format == "date-time":
		return m.asInstant(at, schema, told)
	case schema.Type.Is(openapi3.TypeString):
		return m.asString(at, schema, told)
	case schema.Type.Is(openapi3.TypeInteger):
		return m.asInteger(at, schema, told)
	default:
		yes, ok := told.(bool)
		if !ok {
			m.warn(at, "wrong-type")
		}
		return yes, ok
	}
}

// exactly takes a whole number of the range as it is, and refuses the record for anything else.
func (m *mender) exactly(at string, schema *openapi3.Schema, told any) (any, bool) {
	number, isWhole := told.(float64)
	written, isNumber := told.(json.Number)
	switch {
	case slices.Contains(m.twice, at):
		m.refuse(at, "duplicate-key")
	case isNumber && strings.ContainsAny(string(written), ".eE"):
		m.refuse(at, "not-a-whole-number")
	case isNumber:
		m.refuse(at, "out-of-range")
	case !isWhole:
		m.refuse(at, "wrong-type")
	case outside(schema, number):
		m.refuse(at, "out-of-range")
	default:
		return number, true
	}
	return nil, false
}

func outside(schema *openapi3.Schema, number float64) bool {
	return schema.Min != nil && number < *schema.Min || schema.Max != nil && number > *schema.Max
}

// asInteger leaves out a number that cannot be: a timer that was left on says nothing.
func (m *mender) asInteger(at string, schema *openapi3.Schema, told any) (any, bool) {
	number, ok := told.(float64)
	if written, isNumber := told.(json.Number); isNumber {
		read, err := strconv.ParseFloat(string(written), 64)
		if ok = err == nil && read == float64(int64(read)); !ok {
			m.warn(at, "not-a-whole-number")
			return nil, false
		}
		number = read
	}
	switch {
	case !ok:
		m.warn(at, "wrong-type")
	case outside(schema, number), !fits(schema, number):
		m.warn(at, "out-of-range")
	default:
		return number, true
	}
	return nil, false
}

// fits reports whether the number fits the type that the contract names, without loss.
func fits(schema *openapi3.Schema, number float64) bool {
	if schema.Format == "int64" {
		return number >= -1<<53 && number <= 1<<53
	}
	return number >= math.MinInt32 && number <= math.MaxInt32
}

func (m *mender) asObject(at string, schema *openapi3.Schema, told any) (any, bool) {
	object, ok := told.(map[string]any)
	if !ok {
		m.warn(at, "wrong-type")
		return nil, false
	}
	return m.object(at, schema, object)
}

// asArray leaves out what is not understood and what is there already, and keeps the rest in its order.
func (m *mender) asArray(at string, schema *openapi3.Schema, told any) (any, bool) {
	list, ok := told.([]any)
	if !ok {
		m.warn(at, "wrong-type")
		list = []any{told} // one, for a list of one
	}
	kept := []any{}
	for i, element := range list {
		place := at + "/" + strconv.Itoa(i)
		value, ok := m.value(place, schema.Items.Value, element)
		switch {
		case !ok && schema.Extensions[each] != nil:
			kept = append(kept, nil)
		case !ok && element == nil:
			m.warn(place, "required")
		case !ok: // said already
		case schema.UniqueItems && slices.ContainsFunc(kept, func(k any) bool { return same(k, value) }):
			m.warn(place, "duplicate")
		case schema.MaxItems != nil && uint64(len(kept)) == *schema.MaxItems:
			m.warn(place, "too-many")
		default:
			kept = append(kept, value)
		}
	}
	return kept, (ok || len(kept) > 0) && uint64(len(kept)) >= schema.MinItems
}

// each marks a list in which every element keeps its place: one that is not understood becomes null.
const each = "x-each"

func same(a, b any) bool {
	first, _ := json.Marshal(a)
	second, _ := json.Marshal(b)
	return string(first) == string(second)
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func escaped(name string) string { return pointerEscapes.Replace(name) }
