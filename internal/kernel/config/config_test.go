package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/config"
)

func TestDefaultsAreValid(t *testing.T) {
	t.Parallel()
	c, err := config.Load(map[string]string{})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8080", c.Addr)
	require.Equal(t, "cadans.db", c.DatabasePath)
	require.Equal(t, config.Required, c.SecondFactor, "nobody signs in by password alone unless that was asked for")
}

func TestEveryWrongValueIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := config.Load(map[string]string{
		"CADANS_ADDR": "8080", "CADANS_METRICS_ADDR": "x", "CADANS_PUBLIC_URL": "cadans.example",
		"CADANS_DATABASE_URL": "mysql://x", "CADANS_SWEEP_INTERVAL": "1h", "CADANS_DRAIN_WAIT": "-1s",
		"CADANS_SECOND_FACTOR": "off", "CADANS_DATABASE_CONNECTIONS": "3", "CADANS_DATABASE_IDLE": "0s",
		"CADANS_DATABASE_STATEMENT": "2h",
	})
	for _, name := range []string{
		"CADANS_ADDR", "CADANS_METRICS_ADDR", "CADANS_PUBLIC_URL", "CADANS_DATABASE_URL", "CADANS_SIGNING_KEY",
		"CADANS_SWEEP_INTERVAL", "CADANS_DRAIN_WAIT", "CADANS_SECOND_FACTOR",
		"CADANS_DATABASE_CONNECTIONS", "CADANS_DATABASE_IDLE", "CADANS_DATABASE_STATEMENT",
	} {
		require.ErrorContains(t, err, name)
	}
}

func TestUnreadableValuesStayOutOfTheError(t *testing.T) {
	t.Parallel()
	_, err := config.Load(map[string]string{"CADANS_BEHIND_PROXY": "hunter2", "CADANS_DRAIN_WAIT": "hunter2"})
	require.ErrorContains(t, err, "CADANS_BEHIND_PROXY")
	require.ErrorContains(t, err, "CADANS_DRAIN_WAIT")
	require.NotContains(t, err.Error(), "hunter2")
}

func TestSecretsComeFromFiles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(file, []byte("c2VjcmV0\n"), 0o600))
	c, err := config.Load(map[string]string{"CADANS_SIGNING_KEY_FILE": file})
	require.NoError(t, err)
	require.Equal(t, "c2VjcmV0", c.SigningKey)
}

func TestHelpNamesEveryVariable(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"CADANS_ADDR", "CADANS_SIGNING_KEY_FILE", "CADANS_DRAIN_WAIT"} {
		require.Contains(t, config.Describe(), name)
	}
}

func TestMetricsCanBeTurnedOff(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"": "127.0.0.1:9090", "off": "", "0.0.0.0:9100": "0.0.0.0:9100"} {
		c, err := config.Load(map[string]string{"CADANS_METRICS_ADDR": value})
		require.NoError(t, err)
		require.Equal(t, want, c.OperatorAddr)
	}
}
