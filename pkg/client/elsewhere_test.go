package client_test

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A program in another module is built with the client, and reads what the API answers.
func TestAnotherModuleUsesTheClient(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "elsewhere")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = filepath.Join("testdata", "elsewhere")
	said, err := build.CombinedOutput()
	require.NoError(t, err, string(said))

	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/v1/auth/sessions" {
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(`{"access_token":"a","refresh_token":"r"}`))
			return
		}
		_, _ = w.Write([]byte(`{"data":[{"needs_attention":true},{"needs_attention":false}]}`))
	}))
	t.Cleanup(api.Close)
	said, err = exec.Command(program, api.URL, "t@praktijk.example", "geheim").CombinedOutput()
	require.NoError(t, err, string(said))
	require.Equal(t, "1 of 2 need attention\n", string(said))
}
