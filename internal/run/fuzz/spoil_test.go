package fuzz_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// place is where a body can be spoilt.
type place struct {
	schema   *openapi3.Schema
	name     string
	required bool
	put      func(any)
	remove   func() // nil where nothing can be taken away
}

// placesIn lists every place of a body, those of what is left out too.
func placesIn(value any, s *openapi3.Schema, name string, put func(any)) []place {
	if len(s.AllOf) > 0 {
		s = s.AllOf[0].Value
	}
	places := []place{{schema: s, name: name, put: put}}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range properties(s) {
			inner := placesIn(v[key], s.Properties[key].Value, key, func(x any) { v[key] = x })
			inner[0].required = slices.Contains(s.Required, key)
			inner[0].remove = func() { delete(v, key) }
			places = append(places, inner...)
		}
	case []any:
		for i := range v {
			places = append(places, placesIn(v[i], s.Items.Value, name, func(x any) { v[i] = x })...)
		}
	}
	return places
}

// literal is JSON that no Go value stands for.
func literal(text string) json.RawMessage { return json.RawMessage(text) }

// hostileTexts are what programs stumble over.
var hostileTexts = []any{
	"", " ", "\x00", "a\x00b", literal(`"\ud800"`), literal(`"\udfff\ud800"`), "\u202egnp.exe", "e\u0301\u0323",
	"👩‍👩‍👧‍👦🏳️‍🌈", "a\r\nSet-Cookie: x", "\ufffd", "\ufeff",
	"' OR 1=1 --", "<script>alert(1)</script>", "{{.}}", "%s%n", "../../etc/passwd", "null", "NaN", "0", "true",
	strings.Repeat("x", 5000), strings.Repeat("\U0001F600", 2001), strings.Repeat("z\u0310", 1200),
}

var hostileNumbers = []any{
	literal("1e400"), literal("-1e400"), literal("7.0"), literal("0.5"), literal("99999999999999999999999"),
	literal("2147483648"), literal("-2147483649"),
	literal("9223372036854775808"), literal("-0"), literal("1E1"), "5", true, []any{}, map[string]any{}, nil,
}

var hostileDates = []any{
	"0001-01-01", "9999-12-31", "0000-00-00", "1899-12-31", "2200-01-01", "1900-01-01", "2199-12-31", "2026-02-30",
	"2026-2-3", "10000-01-01", "-0001-01-01",
	"2026-03-02T00:00:00Z", "", "today", 20260302,
}

var hostileInstants = []any{
	"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-03-02T09:00:00", "2026-03-02T24:00:00Z",
	"2026-03-02T09:00:00+24:00", "2026-03-02T09:00:60Z",
	"1969-12-31T23:59:59-14:00", "292277026596-12-04T15:30:08Z", "", 0,
}

// wrongRoots are whole bodies that nobody asked for.
var wrongRoots = []string{
	"null", " null ", "[]", `""`, "0", "true", "{}", "", " ", "{", `{"id":}`, "[null]", `{"":""}`, "\xff\xfe",
	"\ufeff{}", "{}{}", "nul", "/**/{}", "NaN", `{"id":null}`,
	strings.Repeat("[", 3000) + strings.Repeat("]", 3000), `"` + strings.Repeat("x", bodyLimit+1) + `"`,
	strings.Repeat(`{"a":`, 500) + "1" + strings.Repeat("}", 500),
}

// spoilBody changes one place of a body.
func (m maker) spoilBody(r *request) {
	places := placesIn(r.body, r.operation.body, "", func(x any) { r.body = x })
	p := places[m.IntN(len(places))]
	switch {
	case p.remove != nil && m.chance(20):
		p.remove()
	case m.chance(15):
		p.put(nil)
	default:
		p.put(m.hostile(p))
	}
}

// hostile returns something near what the place wants, or far from it.
func (m maker) hostile(p place) any {
	s := p.schema
	switch {
	case m.chance(15):
		return oneOf[any](m, oneOf(m, hostileTexts...), oneOf(m, hostileNumbers...), true, []any{}, map[string]any{},
			nested(9), nested(200))
	case len(s.Enum) > 0:
		return oneOf[any](m, "", "nothing", strings.ToUpper(asText(s.Enum[0])), asText(s.Enum[0])+" ", s.Enum[0], 0)
	case s.Type.Is(openapi3.TypeInteger):
		return m.nearInteger(s)
	case s.Type.Is(openapi3.TypeBoolean):
		return oneOf[any](m, "true", 0, 1, "", nil)
	case s.Type.Is(openapi3.TypeArray):
		return m.nearArray(s, p.name)
	case s.Type.Is(openapi3.TypeObject):
		return m.nearObject(s)
	case s.Format == "local-date":
		return oneOf(m, hostileDates...)
	case s.Format == "date-time":
		return oneOf(m, hostileInstants...)
	case s.Pattern != "":
		return oneOf[any](m, m.named(s, p.name), m.w.pick(m.Rand, p.name), strings.ToUpper(m.w.NewID()), "x",
			m.w.NewID()+" ", "019aa0c4-7d00-4000-8000-0000000000a1", "")
	}
	return m.nearText(s)
}

func asText(v any) string { text, _ := v.(string); return text }

func nested(depth int) any {
	return literal(strings.Repeat("[", depth) + strings.Repeat("]", depth))
}

func (m maker) nearInteger(s *openapi3.Schema) any {
	near := []any{oneOf(m, hostileNumbers...)}
	if s.Min != nil {
		near = append(near, int(*s.Min)-1, int(*s.Min))
	}
	if s.Max != nil {
		near = append(near, int(*s.Max)+1, int(*s.Max))
	}
	return oneOf(m, near...)
}

func (m maker) nearText(s *openapi3.Schema) any {
	near := []any{oneOf(m, hostileTexts...), oneOf(m, hostileTexts...)}
	if s.MaxLength != nil {
		most := int(min(*s.MaxLength, 5000))
		near = append(near, strings.Repeat("é", most+1), strings.Repeat("é", most))
	}
	if s.MinLength > 0 {
		near = append(near, strings.Repeat("é", int(s.MinLength)-1))
	}
	return oneOf(m, near...)
}

func (m maker) nearArray(s *openapi3.Schema, name string) any {
	one := m.value(s.Items.Value, name)
	if m.chance(30) {
		return []any{one, one}
	}
	many := []any{}
	for range min(int(value(s.MaxItems, 5))+1, 300) {
		many = append(many, m.value(s.Items.Value, name))
	}
	return oneOf[any](m, many, []any{}, []any{nil}, []any{one, nil}, map[string]any{"0": one})
}

func value(n *uint64, otherwise uint64) uint64 {
	if n == nil {
		return otherwise
	}
	return *n
}

func (m maker) nearObject(s *openapi3.Schema) any {
	object, _ := m.object(s).(map[string]any)
	object[oneOf(m, "unknown", "Id", "id ", "__proto__", "", "\x00", "practice_id")] = 1
	return oneOf[any](m, object, m.object(s), []any{}, map[string]any{})
}

// twice repeats a key of the body with another value.
func (m maker) twice(r *request) {
	object, ok := r.body.(map[string]any)
	if !ok || len(object) == 0 {
		return
	}
	keys := slices.Sorted(maps.Keys(object))
	key := keys[m.IntN(len(keys))]
	name, _ := json.Marshal(key)
	text, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	first, _ := json.Marshal(object[key])
	r.body = "{" + string(name) + ":" + string(first) + "," + string(text[1:])
}

// spoilParameter changes the path, the query or a header.
func (m maker) spoilParameter(r *request) {
	parameters := r.operation.parameters
	if len(parameters) == 0 || m.chance(15) {
		r.query = append(r.query, oneOf(m, [2]string{"untill", "2026-03-01"}, [2]string{"practice_id", m.w.NewID()},
			[2]string{"\x00", "1"}))
		return
	}
	p := parameters[m.IntN(len(parameters))]
	v := m.parameter(p)
	switch p.In {
	case "path":
		r.path[p.Name] = v
	case "header":
		if !strings.ContainsAny(v, "\x00\r\n") {
			r.headers[p.Name] = v
		}
	default:
		r.query = append(r.query, [2]string{p.Name, v})
		if m.chance(15) {
			r.query = append(r.query, [2]string{p.Name, m.parameter(p)})
		}
		if p.Name == "since" && m.chance(50) {
			r.query = append(r.query, [2]string{"until", m.day()})
		}
	}
}

// day is any of this life, or the ends of all time.
func (m maker) day() string {
	if m.chance(40) {
		return asText(oneOf(m, hostileDates...))
	}
	return m.w.patient.Today().AddDays(m.IntN(800) - 400).String()
}

// parameter returns a text that may be right.
func (m maker) parameter(p *openapi3.Parameter) string {
	s := p.Schema.Value
	switch {
	case s.Format == "local-date":
		return m.day()
	case p.Name == "cursor":
		return oneOf(m, "", "!!", base64.RawURLEncoding.EncodeToString([]byte(`{}`)),
			base64.RawURLEncoding.EncodeToString([]byte("null")),
			base64.RawURLEncoding.EncodeToString([]byte(`{"PerformedAt":-1,"Session":"x"}`)),
			base64.RawURLEncoding.EncodeToString([]byte(`[1,"\u0000"]`)), strings.Repeat("A", 401))
	case p.Name == "topic":
		return oneOf(
			m, "patient:"+m.w.pick(m.Rand, "patient_id"), "caseload", "", "patient:", "practice:"+m.w.NewID(), "*",
		)
	case p.In == "path" && m.chance(50):
		return m.w.pick(m.Rand, p.Name)
	case p.Name == "patient_id":
		return m.w.pick(m.Rand, p.Name)
	case s.Type.Is(openapi3.TypeInteger):
		return oneOf(m, "0", "1", "2", "50", "200", "1000000", "1000001", "-1", "1e3", "9223372036854775808", "", "١",
			" 1", "0x1", "6", "7")
	case s.Type.Is(openapi3.TypeArray) && m.chance(50):
		return asText(oneOf(m, s.Items.Value.Enum...))
	case len(s.Enum) > 0 && m.chance(50):
		return asText(oneOf(m, s.Enum...))
	}
	return oneOf(m, "x", "1 OR 1=1", strings.ToUpper(m.w.NewID()), "019aa0c4-7d00-7000-8000-0000000000a1", "%00", "a/b",
		strings.Repeat("x", 500), `"x"`, "*", `W/"x"`)
}

// spoilHeaders says something odd about the request. It returns whether that must be refused.
func (m maker) spoilHeaders(r *request) (refused bool) {
	hasBody := r.operation.body != nil || r.operation.isRaw
	odd := oneOf(m, [2]string{"Content-Type", "text/plain"}, [2]string{"Content-Type",
		"application/x-www-form-urlencoded"},
		[2]string{"Content-Type", "application/json; charset=latin1"}, [2]string{"Content-Encoding",
			"gzip"}, [2]string{"If-Match", "*"}, [2]string{"If-Match", `"x"`},
		[2]string{"If-Match", strings.Repeat("x", 100)}, [2]string{"Accept-Language",
			"\xff;q=9,,,*"}, [2]string{"Accept-Language", strings.Repeat("nl,", 2000)},
		[2]string{"Accept", "image/gif"}, [2]string{"Range", "bytes=-1,0-,5-2"}, [2]string{"Last-Event-ID",
			"-1"}, [2]string{"X-Forwarded-For", "1.2.3.4"},
		[2]string{"X-HTTP-Method-Override", "DELETE"}, [2]string{"If-None-Match", "*"})
	r.headers[odd[0]] = odd[1]
	return hasBody && (odd[0] == "Content-Type" || odd[0] == "Content-Encoding")
}

// spoilToken shows a token that nobody issued.
func (m maker) spoilToken(r *request) {
	parts := strings.Split(r.token, ".")
	if len(parts) != 3 {
		parts = []string{"e30", "e30", "AA"}
	}
	encode := base64.RawURLEncoding.EncodeToString
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	changed := func(name string, v any) string {
		claims := map[string]any{}
		_ = json.Unmarshal(payload, &claims)
		claims[name] = v
		text, _ := json.Marshal(claims)
		return parts[0] + "." + encode(text) + "." + parts[2]
	}
	none := encode([]byte(`{"alg":"none","typ":"JWT"}`))
	r.token = oneOf(m, changed("exp", "4102444800"), changed("exp", literal("1e400")), changed("exp", nil),
		changed("sub", 7), changed("role", "admin"), changed("role", []any{}),
		changed("aud", map[string]any{}), changed("iat", "x"), changed("sid",
			nil), none+"."+parts[1]+".", none+"."+parts[1]+"."+parts[2], "x", "..", "null",
		parts[0]+"."+encode([]byte("null"))+"."+parts[2], parts[0]+"."+encode([]byte("[]"))+"."+parts[2],
		encode([]byte("null"))+"."+parts[1]+"."+parts[2],
		encode([]byte(`{"alg":"EdDSA","kid":7}`))+"."+parts[1]+"."+parts[2],
		encode([]byte(`{"alg":7}`))+"."+parts[1]+"."+parts[2], strings.Repeat("a", 9000),
		parts[0]+"."+parts[1]+".", parts[0]+"."+parts[1]+"."+encode(make([]byte, 64)))
}

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func number(s string) (int64, error) { return strconv.ParseInt(s, 10, 32) }
