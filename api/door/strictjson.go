package door

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"cadans/internal/kernel/fault"
)

// reading is how strictly a body is read.
type reading struct {
	depth     int  // of nesting; deeper could exhaust the parser
	asWritten bool // whether a number that is not whole, or too large, is returned as json.Number
}

var (
	strict = reading{depth: 8} // more than any request needs
	loose  = reading{depth: 64, asWritten: true}
)

// strictJSON parses a body strictly: no duplicate keys, nothing after the end, valid UTF-8, and whole numbers written
// as whole numbers. encoding/json alone accepts duplicate keys, of which the last one counts, and 7.0 for a pain score.
//
// encoding/json first decides whether the text is valid JSON; the reader then walks valid text.
func strictJSON(body []byte) (any, error) { return readJSON(body, strict) }

func readJSON(body []byte, how reading) (any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, fault.Input(fault.Violation{Code: "body-required"})
	}
	if !utf8.Valid(body) || !json.Valid(body) {
		return nil, fault.Input(fault.Violation{Code: "invalid-json"})
	}
	r := jsonReader{text: body, reading: how}
	value, err := r.value("", 0)
	if err != nil {
		return nil, fault.Input(fault.Violation{Code: "invalid-json"})
	}
	return value, fault.Input(r.wrong...)
}

var errTooDeep = errors.New("nested too deep")

// jsonReader collects errors while it walks, so that all invalid fields are named at once.
type jsonReader struct {
	reading
	text  []byte
	at    int
	wrong []fault.Violation
}

// peek returns the next byte that is not white space.
func (r *jsonReader) peek() byte {
	for strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
	return r.text[r.at]
}

func (r *jsonReader) value(pointer string, depth int) (any, error) {
	if depth > r.depth {
		return nil, errTooDeep
	}
	switch r.peek() {
	case '{':
		return r.object(pointer, depth)
	case '[':
		return r.array(pointer, depth)
	case '"':
		return r.string()
	case 't':
		r.at += len("true")
		return true, nil
	case 'f':
		r.at += len("false")
		return false, nil
	case 'n':
		r.at += len("null")
		return nil, nil
	default:
		return r.number(pointer), nil
	}
}

func (r *jsonReader) object(pointer string, depth int) (any, error) {
	object := map[string]any{}
	for r.at++; r.peek() != '}'; {
		if r.peek() == ',' {
			r.at++
			r.peek()
		}
		key, err := r.string()
		if err != nil {
			return nil, err
		}
		r.peek() // the colon
		r.at++
		field := pointer + "/" + escapePointer(key)
		if _, twice := object[key]; twice {
			r.wrong = append(r.wrong, fault.Violation{Pointer: field, Code: "duplicate-key"})
		}
		if object[key], err = r.value(field, depth+1); err != nil {
			return nil, err
		}
	}
	r.at++
	return object, nil
}

func (r *jsonReader) array(pointer string, depth int) (any, error) {
	array := []any{}
	for r.at++; r.peek() != ']'; {
		if r.peek() == ',' {
			r.at++
		}
		value, err := r.value(pointer+"/"+strconv.Itoa(len(array)), depth+1)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	r.at++
	return array, nil
}

// string reads a string. A string without escapes is used as it is.
func (r *jsonReader) string() (string, error) {
	start := r.at
	escaped := false
	for r.at++; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			escaped = true
			r.at++
		}
	}
	r.at++
	if !escaped {
		return string(r.text[start+1 : r.at-1]), nil
	}
	var value string
	err := json.Unmarshal(r.text[start:r.at], &value)
	return value, err
}

// number returns a whole number for the schema to check. The API has no fractions, so 7.0 and 7e0 are errors, or are
// returned as they are written.
func (r *jsonReader) number(pointer string) any {
	start := r.at
	for r.at < len(r.text) && strings.IndexByte("+-.0123456789eE", r.text[r.at]) >= 0 {
		r.at++
	}
	literal := string(r.text[start:r.at])
	n, err := strconv.ParseInt(literal, 10, 32)
	if err == nil {
		return float64(n)
	}
	if r.asWritten {
		return json.Number(literal)
	}
	code := "not-a-whole-number"
	if !strings.ContainsAny(literal, ".eE") {
		code = "out-of-range"
	}
	r.wrong = append(r.wrong, fault.Violation{Pointer: pointer, Code: code})
	return float64(0)
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func escapePointer(key string) string { return pointerEscapes.Replace(key) }
