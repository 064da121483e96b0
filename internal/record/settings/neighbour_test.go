package settings_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/fault"
	"cadans/internal/record/settings"
	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// A practice has its own settings; one that set nothing has the defaults.
func TestSettingsAreOnePractices(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		service, ctx := settings.NewService(town.Guard), context.Background()
		wanted := settings.Defaults()
		wanted.MissedRun = 5
		require.NoError(t, service.Set(ctx, town.AsMember(testdb.Adri), wanted, settings.Defaults().Etag()))
		here, err := service.Get(ctx, town.AsMember(testdb.Tess))
		require.NoError(t, err)
		require.Equal(t, wanted, here)
		there, err := service.Get(ctx, town.AsMember(testdb.Elsa))
		require.NoError(t, err)
		require.Equal(t, settings.Defaults(), there)
	})
}

// Five weeks follow the start of a walking plan, each later than the one before. A
// week named twice does not count as one.
func TestContactWeeks(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		service := settings.NewService(town.Guard)
		for _, weeks := range [][]int{
			nil, {1, 2, 3, 4}, {1, 2, 3, 4, 5, 6}, {1, 1, 2, 3, 4, 5}, {1, 2, 3, 5, 4}, {0, 1, 2, 3, 4},
			{1, 2, 3, 4, 53},
		} {
			wanted := settings.Defaults()
			wanted.ContactWeeks = weeks
			err := service.Set(context.Background(), town.AsMember(testdb.Adri), wanted, settings.Defaults().Etag())
			var f *fault.Fault
			require.ErrorAs(t, err, &f, "%v", weeks)
			require.Equal(
				t, []fault.Violation{{Pointer: "/contact_weeks", Code: "not-five-weeks"}}, f.Violations, "%v", weeks,
			)
		}
	})
}
