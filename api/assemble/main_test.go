package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The published contract is what its parts say.
func TestTheContractIsItsParts(t *testing.T) {
	t.Parallel()
	whole, err := assemble("..")
	require.NoError(t, err)
	published, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	require.Equal(t, string(published), string(whole), "make generate was forgotten")
}

func TestParts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		files map[string]string
		want  string
		err   string
	}{
		"paths and schemas": {
			map[string]string{
				"contract.yaml": "info: x\n\npaths:\n\ncomponents:\n  schemas:\n    Id:\n",
				"b.yaml":        "paths:\n  /b:\n", "b.go": "",
				"a.yaml": "paths:\n  /a:\n\ncomponents:\n  schemas:\n    A:\n", "a.go": "",
				"overlay.yaml": "no part",
			},
			header + "info: x\n\npaths:\n  /a:\n  /b:\n\ncomponents:\n  schemas:\n    Id:\n    A:\n", "",
		},
		"a part that is none": {
			map[string]string{"contract.yaml": "\npaths:\n", "a.yaml": "schemas:\n", "a.go": ""}, "",
			"a.yaml does not begin with its paths",
		},
		"a part without handlers": {
			map[string]string{"contract.yaml": "\npaths:\n", "a.yaml": "paths:\n"}, "", "a.yaml has no handlers",
		},
		"no frame":  {map[string]string{"contract.yaml": "info: x\n"}, "", "contract.yaml has no paths"},
		"no folder": {nil, "", "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for file, content := range tc.files {
				require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600))
			}
			whole, err := assemble(dir)
			if tc.err != "" {
				require.ErrorContains(t, err, tc.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.want, string(whole))
		})
	}
}
