package api_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

// The contract and its page are open, complete, and ask no other host for anything.
func TestDocs(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	source, err := os.ReadFile(filepath.Join(testdb.Root(), "openapi.yaml"))
	require.NoError(t, err)
	asYAML := sys.Call("GET", "/v1/openapi.yaml", "", nil)
	require.Equal(t, string(source), string(asYAML.Body))
	require.Equal(t, "*", asYAML.Header.Get("Access-Control-Allow-Origin"))
	var asJSON map[string]any
	require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/openapi.json", "", nil).Body, &asJSON))
	require.Equal(t, "3.0.3", asJSON["openapi"])

	page := sys.Call("GET", "/docs", "", nil)
	require.Equal(t, http.StatusOK, page.Status)
	for path := range sys.App.Contract.Document().Paths.Map() {
		require.Contains(t, string(page.Body), "<code>"+path+"</code>")
	}
	require.NotRegexp(t, `(src|href)="(https?:)?//`, string(page.Body))
	require.NotContains(t, string(page.Body), "<script")
	require.NotContains(t, string(page.Body), "style=")
	require.Contains(t, page.Header.Get("Content-Security-Policy"), "default-src 'none'")
	require.Equal(t, http.StatusOK, sys.Call("GET", "/docs/style.css", "", nil).Status)
	for _, link := range regexp.MustCompile(`href="#(schema-[^"]+)"`).FindAllStringSubmatch(string(page.Body), -1) {
		require.Contains(t, string(page.Body), `id="`+link[1]+`"`)
	}
	problems, _ := codesInSource(t)
	for _, code := range problems {
		require.Equal(t, http.StatusOK, sys.Call("GET", "/problems/"+code, "", nil).Status)
	}
	require.Equal(t, http.StatusNotFound, sys.Call("GET", "/problems/nonsense", "", nil).Status)
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	for path, status := range map[string]int{
		"/v1/me":   401,
		"/nowhere": 404,
		"/docs":    200,
		"/healthz": 200,
		"/readyz":  200,
	} {
		got := sys.Call("GET", path, "", nil)
		require.Equal(t, status, got.Status, path)
		require.Equal(t, "nosniff", got.Header.Get("X-Content-Type-Options"))
		require.Equal(t, "DENY", got.Header.Get("X-Frame-Options"))
		require.Equal(t, "1.0.0", got.Header.Get("API-Version"))
		require.Len(t, got.Header.Get("X-Request-Id"), 36)
		require.Empty(t, got.Header.Get("Access-Control-Allow-Origin"))
	}
	const id = "019aa0c4-7d00-7000-8000-0000000000a1"
	require.Equal(t, id, sys.Call("GET", "/v1/me", "", nil, "X-Request-Id", id).Header.Get("X-Request-Id"))
	require.NotEqual(
		t, "forged", sys.Call("GET", "/v1/me", "", nil, "X-Request-Id", "forged").Header.Get("X-Request-Id"),
	)
	me := sys.Call("GET", "/v1/me", sys.Admin.Token(), nil)
	require.Equal(t, "no-store", me.Header.Get("Cache-Control"))
}
