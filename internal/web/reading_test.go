package web_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/internal/web"
)

// The access log names the operation of a page. A page that only shows something has an operation that reads, or else
// the log would say that something was made.
func TestPagesThatAreReadHaveOperationsThatRead(t *testing.T) {
	t.Parallel()
	reads := map[string]bool{"": true}
	for _, path := range testkit.Contract(t).Document().Paths.Map() {
		if path.Get != nil {
			reads[path.Get.OperationID] = true
		}
	}
	for _, page := range web.Pages() {
		if page.Method == http.MethodGet {
			require.True(t, reads[string(page.Operation)], "%s asks for %s", page.Path, page.Operation)
		}
	}
}
