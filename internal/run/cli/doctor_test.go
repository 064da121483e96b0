package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A wrong bit in the file ends the check with 1 and its page's number; a database from before gets its checksums.
func TestDoctorChecksTheFile(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	v.run(t, "create-admin", "--practice", "Praktijk", "--name", "A. Beheer", "--email", "admin@praktijk.example")
	path := filepath.Join(v.dir, "cadans.db")
	require.NoError(t, os.Remove(path+".pages"))
	check := func() (string, error) {
		out, err := v.command("doctor", "--file").CombinedOutput()
		return string(out), err
	}
	said, err := check()
	require.NoError(t, err, said)
	require.Regexp(t, `^file: 0 pages as written, \d+ unknown, 0 wrong\n\d+ pages have a checksum from now on\n$`, said)
	said, err = check()
	require.NoError(t, err, said)
	require.Regexp(t, `^file: [1-9]\d+ pages as written, 0 unknown, 0 wrong\n$`, said)

	content, err := os.ReadFile(path)
	require.NoError(t, err)
	content[len(content)-100] ^= 4
	require.NoError(t, os.WriteFile(path, content, 0o600))
	said, err = check()
	require.ErrorContains(t, err, "exit status 1")
	require.Regexp(
		t,
		`^file: \d+ pages as written, 0 unknown, 1 wrong\n`+
			`page \d+ is not as it was written\ncadans: the file is damaged`,
		said,
	)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, content, after, "nothing is written to a damaged file")
}
