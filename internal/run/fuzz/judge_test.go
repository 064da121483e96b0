package fuzz_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
)

// What follows reads the contract anew, and not with the program's own reader: one that skips a check would skip it
// here as well.

// longestWindow is how many days since and until may lie apart.
const longestWindow = 1830

var (
	datePattern  = regexp.MustCompile(`^(19|20|21)\d\d-\d\d-\d\d$`)
	clockPattern = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
	emailPattern = regexp.MustCompile(`^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$`)
)

var judgeOptions = []openapi3.SchemaValidationOption{
	openapi3.VisitAsRequest(), openapi3.EnableFormatValidation(),
	judged("local-date", isDate), judged("time-of-day", clockPattern.MatchString), judged("email-address",
		emailPattern.MatchString),
	judged("time-zone", func(s string) bool {
		_,
			err := time.LoadLocation(s)
		return err == nil && s != "" && s != "Local"
	}),
	judged("single-line", func(s string) bool { return isText(s, false) }), judged("plain-text",
		func(s string) bool { return isText(s, true) }),
	judged("date-time", func(s string) bool {
		at, err := time.Parse(time.RFC3339, s)
		return err == nil && at.Year() >= 1900 && at.Year() < 2200
	}),
}

func judged(format string, good func(string) bool) openapi3.SchemaValidationOption {
	return openapi3.WithStringFormatValidator(format, openapi3.NewCallbackValidator(func(s string) error {
		if !good(s) {
			return errors.New("not a " + format)
		}
		return nil
	}))
}

func isDate(s string) bool {
	_, err := time.Parse("2006-01-02", s)
	return err == nil && datePattern.MatchString(s)
}

func isText(s string, lines bool) bool {
	for _, r := range s {
		isOverride := r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
		if unicode.IsControl(r) && !(lines && r == '\n') || r == unicode.ReplacementChar || isOverride {
			return false
		}
	}
	return s == "" || strings.TrimSpace(s) != ""
}

// isInvalid reports whether the contract forbids the request, whatever is stored. What a phone tells is mended, as long
// as it is an object.
func (r request) isInvalid() bool {
	if r.operation.isTold {
		return r.hasBadParameter() || !isObject(r.body)
	}
	return r.hasBadParameter() || r.hasBadWindow() || r.hasBadBody()
}

func isObject(body any) bool {
	var object map[string]any
	plain := strings.TrimPrefix(strings.ToValidUTF8(string(encoded(body)), "?"), "\ufeff")
	numbers := json.NewDecoder(strings.NewReader(plain))
	numbers.UseNumber() // some are too large for any type
	return json.Valid([]byte(plain)) && numbers.Decode(&object) == nil && object != nil
}

func (r request) hasBadBody() bool {
	if r.operation.body == nil {
		return false
	}
	var v any
	if err := json.Unmarshal(encoded(r.body), &v); err != nil {
		return true
	}
	return r.operation.body.VisitJSON(v, judgeOptions...) != nil
}

// encoded is the body as it is sent.
func encoded(body any) []byte {
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		return []byte(b)
	case []byte:
		return b
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return text
}

func (r request) hasBadParameter() bool {
	given := map[string][]string{}
	for _, pair := range r.query {
		given[pair[0]] = append(given[pair[0]], pair[1])
	}
	for _, p := range r.operation.parameters {
		values := given[p.Name]
		switch p.In {
		case "path":
			values = []string{r.path[p.Name]}
		case "header":
			if values = nil; r.headers[p.Name] != "" {
				values = []string{r.headers[p.Name]}
			}
		}
		delete(given, p.Name)
		if isBad(p, values) {
			return true
		}
	}
	return len(given) > 0
}

func isBad(p *openapi3.Parameter, values []string) bool {
	s := p.Schema.Value
	isArray := s.Type.Is(openapi3.TypeArray)
	if isArray {
		s = s.Items.Value
	}
	if p.Required && len(values) == 0 || len(values) > 1 && !isArray {
		return true
	}
	for _, text := range values {
		var v any = text
		if s.Type.Is(openapi3.TypeInteger) {
			n, err := number(text)
			if err != nil {
				return true
			}
			v = float64(n)
		}
		if s.VisitJSON(v, judgeOptions...) != nil {
			return true
		}
	}
	return false
}

// hasBadWindow reports whether a request asks for days that run backwards, or for more of them than anybody looks at.
func (r request) hasBadWindow() bool {
	days := map[string]time.Time{}
	for _, pair := range r.query {
		if day, err := time.Parse("2006-01-02", pair[1]); err == nil && (pair[0] == "since" || pair[0] == "until") {
			days[pair[0]] = day
		}
	}
	if len(days) < 2 {
		return false
	}
	length := days["until"].Sub(days["since"])
	return length < 0 || length > longestWindow*24*time.Hour && !strings.HasSuffix(r.operation.path, "/sessions")
}
