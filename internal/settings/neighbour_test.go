package settings_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/settings"
	"cadans/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.Suite{M: m}.Run()) }

// A practice has its own settings; one that set nothing has the defaults.
func TestSettingsAreOnePractices(t *testing.T) {
	testkit.InTown(t, func(t *testing.T, town *testkit.Town) {
		service, ctx := settings.NewService(town.DB), context.Background()
		wanted := settings.Defaults()
		wanted.MissedRun = 5
		require.NoError(t, service.Set(ctx, town.AsMember(testkit.Adri), wanted, settings.Defaults().Etag()))
		here, err := service.Get(ctx, town.AsMember(testkit.Tess))
		require.NoError(t, err)
		require.Equal(t, wanted, here)
		there, err := service.Get(ctx, town.AsMember(testkit.Elsa))
		require.NoError(t, err)
		require.Equal(t, settings.Defaults(), there)
	})
}
