package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"

	"cadans/api/door"
	"cadans/internal/run/testdb"
	"cadans/pkg/client"
)

// Contract is openapi.yaml, read once for all tests of a package.
func Contract(t testing.TB) *door.Contract {
	t.Helper()
	contract, err := readContract()
	require.NoError(t, err)
	return contract
}

var readContract = sync.OnceValues(func() (*door.Contract, error) {
	source, err := os.ReadFile(filepath.Join(testdb.Root(), "openapi.yaml"))
	if err != nil {
		return nil, err
	}
	return door.ReadContract(source)
})

// tokens are the tokens of a client. After a refused access token it refreshes once, as an app would. A member whose
// session has ended signs in again.
type tokens struct {
	mu      sync.Mutex
	access  string
	refresh string
	signIn  string // body of a log-in
}

func (t *tokens) set(access, refresh string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.access, t.refresh = access, refresh
}

func (t *tokens) get() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.access
}

// client returns a client that sends the tokens and checks each answer against the contract.
func (s *System) client(t *tokens) *client.ClientWithResponses {
	c, err := client.NewClientWithResponses(
		s.URL, client.WithHTTPClient(&phoneClient{sys: s, tokens: t, check: s.checker()}),
	)
	require.NoError(s.t, err)
	return c
}

// Stranger returns a client without any token.
func (s *System) Stranger() *client.ClientWithResponses { return s.client(&tokens{}) }

type phoneClient struct {
	sys    *System
	tokens *tokens
	check  routers.Router
}

// Do implements client.HttpRequestDoer.
func (c *phoneClient) Do(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	response, err := c.send(r, body)
	if err != nil || response.StatusCode != http.StatusUnauthorized || c.tokens.get() == "" || !c.refresh() {
		return response, err
	}
	return c.send(r, body)
}

func (c *phoneClient) send(r *http.Request, body []byte) (*http.Response, error) {
	r.Body = io.NopCloser(bytes.NewReader(body))
	if token := c.tokens.get(); token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	return response, c.sys.checkResponse(c.check, r, response)
}

func (c *phoneClient) refresh() bool {
	c.tokens.mu.Lock()
	defer c.tokens.mu.Unlock()
	if c.tokens.refresh == "" {
		return false
	}
	return c.renew("/v1/auth/token-refreshes", fmt.Sprintf(`{"refresh_token":%q}`, c.tokens.refresh)) ||
		c.tokens.signIn != "" && c.renew("/v1/auth/sessions", c.tokens.signIn)
}

// renew exchanges what is in the body for new tokens.
func (c *phoneClient) renew(path, body string) bool {
	answer, err := http.Post(c.sys.URL+path, "application/json", strings.NewReader(body))
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	var fresh client.Tokens
	if err := json.NewDecoder(answer.Body).Decode(&fresh); err != nil || fresh.AccessToken == "" {
		return false
	}
	c.tokens.access, c.tokens.refresh = fresh.AccessToken, fresh.RefreshToken
	return true
}

// pages lets the checker read answers that are pages, pictures and films.
var pages = sync.OnceFunc(func() {
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder)
	for _, kind := range []string{"image/jpeg", "image/png", "video/mp4"} {
		openapi3filter.RegisterBodyDecoder(kind, openapi3filter.FileBodyDecoder)
	}
})

// checker finds the operation of a request. It is created once per system, because that takes longer than most
// requests.
func (s *System) checker() routers.Router {
	s.routes.Do(func() {
		pages()
		var err error
		s.router, err = gorillamux.NewRouter(s.App.Contract.Document())
		require.NoError(s.t, err)
	})
	return s.router
}

// checkResponse returns an error if an answer violates the contract.
func (s *System) checkResponse(router routers.Router, r *http.Request, response *http.Response) error {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := router.FindRoute(r)
	if err != nil {
		return nil // not a path of the contract
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 response.StatusCode, Header: response.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	input.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(context.Background(), input); err != nil {
		return fmt.Errorf("%s %s answered %d against the contract: %w", r.Method, route.Path, response.StatusCode, err)
	}
	return nil
}
