package door

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
)

// What is wrong with the program is an error each time; a database that is away is a warning once; what callers did
// wrong, and what was shed under overload, is no failure.
func TestFailures(t *testing.T) {
	t.Parallel()
	away := fault.New(fault.Transient, "unavailable", "the database is away").Because(errors.New("refused"))
	for name, tc := range map[string]struct {
		err  error
		want []string
	}{
		"a fault of the program": {errors.New("no such column"), []string{
			`level=ERROR msg="request failed"`, `level=ERROR msg="request failed"`, `level=ERROR msg="request failed"`,
		}},
		"a database that is away": {away, []string{
			`level=WARN msg="requests cannot be answered now" cause="the database is away" left_out=0`,
		}},
		"a write of which nobody knows": {database.ErrPerhapsStored, []string{
			`level=WARN msg="a write may have been stored"`, `level=WARN msg="a write may have been stored"`,
			`level=WARN msg="a write may have been stored"`,
		}},
		"nothing there": {fault.New(fault.NotFound, "not-found", "nothing there"), nil},
		"overload":      {errOverloaded, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var written strings.Builder
			failures := NewFailures(clock.NewManual(time.Now()), slog.New(slog.NewTextHandler(&written, nil)))
			app := fiber.New()
			app.Get("/", func(c *fiber.Ctx) error { failures.Note(c, tc.err); return nil })
			for range 3 {
				_, err := app.Test(httptest.NewRequest(http.MethodGet, "/", nil))
				require.NoError(t, err)
			}
			var found []string
			for line := range strings.Lines(written.String()) {
				_, line, _ = strings.Cut(line, " ")
				require.Contains(t, line, " request_id=")
				require.Contains(t, line, " operation=")
				line, _, _ = strings.Cut(line, " request_id")
				line, _, _ = strings.Cut(line, " error=")
				found = append(found, strings.TrimSpace(line))
			}
			require.Equal(t, tc.want, found)
		})
	}
}
