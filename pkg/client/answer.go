package client

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/oapi-codegen/runtime"
)

// Answer holds what the answers of all operations share.
type Answer struct {
	Body         []byte // as it came
	HTTPResponse *http.Response
}

// Status returns the status as text, such as "200 OK".
func (a Answer) Status() string {
	if a.HTTPResponse == nil {
		return ""
	}
	return a.HTTPResponse.Status
}

// StatusCode returns the status, or 0 without an answer.
func (a Answer) StatusCode() int {
	if a.HTTPResponse == nil {
		return 0
	}
	return a.HTTPResponse.StatusCode
}

// form is one way in which an operation may answer in JSON: a status, or "default" for all others.
type form struct {
	status string
	decode func([]byte) error
}

func (f form) fits(response *http.Response) bool {
	isJSON := strings.Contains(response.Header.Get("Content-Type"), "json")
	return isJSON && (f.status == "default" || f.status == strconv.Itoa(response.StatusCode))
}

// read takes the body, and decodes it the first way that fits.
func (a *Answer) read(response *http.Response, forms ...form) (err error) {
	defer func() { _ = response.Body.Close() }()
	a.HTTPResponse = response
	if a.Body, err = io.ReadAll(response.Body); err != nil {
		return err
	}
	for _, f := range forms {
		if f.fits(response) {
			return f.decode(a.Body)
		}
	}
	return nil
}

func into[T any](field **T) func([]byte) error {
	return func(body []byte) error {
		var value T
		if err := json.Unmarshal(body, &value); err != nil {
			return err
		}
		*field = &value
		return nil
	}
}

// header reads one header; where it is missing the value stays as it is.
func header[T any](response *http.Response, name, kind string, value *T) error {
	text := response.Header.Get(name)
	if text == "" {
		return nil
	}
	options := runtime.BindStyledParameterOptions{ParamLocation: runtime.ParamLocationHeader, Type: kind}
	return runtime.BindStyledParameterWithOptions("simple", name, text, value, options)
}

func optionalHeader[T any](response *http.Response, name, kind string, value **T) error {
	if response.Header.Get(name) == "" {
		return nil
	}
	*value = new(T)
	return header(response, name, kind, *value)
}

// unless returns an answer, or an error and none.
func unless[T any](err error, answer *T) (*T, error) {
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// parsed reads what a call was answered.
func parsed[T any](response *http.Response, err error, parse func(*http.Response) (*T, error)) (*T, error) {
	if err != nil {
		return nil, err
	}
	return parse(response)
}
