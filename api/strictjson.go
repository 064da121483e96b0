package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"cadans/internal/fault"
)

// maxDepth is more than any request needs; deeper nesting is an attack on the parser.
const maxDepth = 8

// strictJSON reads a body the way a clinic must: no key twice, nothing after the end, valid UTF-8, and whole numbers
// written as whole numbers. encoding/json alone takes the last of two keys, and 7.0 for a pain score.
func strictJSON(body []byte) (any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, fault.Input(fault.Violation{Code: "body-required"})
	}
	if !utf8.Valid(body) {
		return nil, fault.Input(fault.Violation{Code: "invalid-json"})
	}
	r := jsonReader{decoder: json.NewDecoder(bytes.NewReader(body))}
	r.decoder.UseNumber()
	value, err := r.value("", 0)
	if err == nil {
		if _, end := r.decoder.Token(); !errors.Is(end, io.EOF) {
			err = errInvalidJSON
		}
	}
	if err != nil {
		return nil, fault.Input(fault.Violation{Code: "invalid-json"})
	}
	return value, fault.Input(r.wrong...)
}

var errInvalidJSON = errors.New("invalid JSON")

// jsonReader collects what is wrong while it reads, so that every field is named at once.
type jsonReader struct {
	decoder *json.Decoder
	wrong   []fault.Violation
}

func (r *jsonReader) value(at string, depth int) (any, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if depth >= maxDepth {
			return nil, errInvalidJSON
		}
		if t == '{' {
			return r.object(at, depth+1)
		}
		return r.array(at, depth+1)
	case json.Number:
		return r.number(at, t.String()), nil
	default:
		return token, nil
	}
}

func (r *jsonReader) object(at string, depth int) (any, error) {
	object := map[string]any{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return nil, err
		}
		key, isKey := token.(string)
		if !isKey {
			return nil, errInvalidJSON
		}
		pointer := at + "/" + escapePointer(key)
		if _, twice := object[key]; twice {
			r.wrong = append(r.wrong, fault.Violation{Pointer: pointer, Code: "duplicate-key"})
		}
		if object[key], err = r.value(pointer, depth); err != nil {
			return nil, err
		}
	}
	_, err := r.decoder.Token()
	return object, err
}

func (r *jsonReader) array(at string, depth int) (any, error) {
	array := []any{}
	for r.decoder.More() {
		value, err := r.value(at+"/"+strconv.Itoa(len(array)), depth)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	_, err := r.decoder.Token()
	return array, err
}

// number returns a whole number for the schema to judge. The API knows no fractions, so 7.0 and 7e0 are mistakes.
func (r *jsonReader) number(at, literal string) any {
	n, err := strconv.ParseInt(literal, 10, 32)
	if err == nil {
		return float64(n)
	}
	code := "not-a-whole-number"
	if !strings.ContainsAny(literal, ".eE") {
		code = "out-of-range"
	}
	r.wrong = append(r.wrong, fault.Violation{Pointer: at, Code: code})
	return float64(0)
}

func escapePointer(key string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(key) }
