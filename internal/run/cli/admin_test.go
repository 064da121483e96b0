package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the API would refuse of a practice and its admin, the command refuses as well: it names every field, and makes
// nothing.
func TestCreateAdminNamesEveryField(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 121)
	for _, tc := range []struct {
		name                                 string
		practice, person, email, secretGiven string
		named                                []string
	}{
		{"an e-mail address that is none", "Praktijk", "A. Beheer", "admin", password, []string{"email"}},
		{"an e-mail address with a name", "Praktijk", "A. Beheer", "A <a@praktijk.example>", password,
			[]string{"email"}},
		{"no practice", "", "A. Beheer", "a@praktijk.example", password, []string{"practice"}},
		{"a practice of blanks", "  ", "A. Beheer", "a@praktijk.example", password, []string{"practice"}},
		{"a practice in two lines", "Praktijk\nZuid", "A. Beheer", "a@praktijk.example", password,
			[]string{"practice"}},
		{"a short password", "Praktijk", "A. Beheer", "a@praktijk.example", "kort", []string{"password"}},
		{"everything", long, "", "@", "", []string{"email", "name", "password", "practice"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v := newVictim(t)
			cmd := v.command("create-admin", "--practice", tc.practice, "--name", tc.person, "--email", tc.email)
			cmd.Stdin = strings.NewReader(tc.secretGiven + "\n")
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			require.True(t, errors.As(err, &exit), "accepted: %s", out)
			require.Equal(t, 2, exit.ExitCode(), string(out))
			var named []string
			for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n")[1:] {
				field, _, _ := strings.Cut(line, ":")
				named = append(named, field)
			}
			require.Equal(t, tc.named, named, string(out))
			_, err = os.Stat(filepath.Join(v.dir, "cadans.db"))
			require.ErrorIs(t, err, os.ErrNotExist)
		})
	}
}
