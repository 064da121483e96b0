package trouble_test

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

var released = flag.String("released", "", "a released program to upgrade from")

// Two replicas of a released version are replaced one after the other, and share the database with new ones meanwhile.
// Phones, which try nothing twice here, notice nothing. Afterwards the released version refuses to start.
func TestRollingUpgrade(t *testing.T) {
	if *released == "" {
		t.Skip("make upgrade FROM=revision builds the version to upgrade from")
	}
	current := build(t)
	first := startProgram(
		t, *released, "CADANS_DATABASE_URL="+testdb.EmptyPostgres(t), "CADANS_DRAIN_WAIT=5s", signingKey,
	)
	_, phones := first.people(16)
	second := first.beside()
	c, end := visiting(t, newBalancer(t, first, second), phones)
	c.goesOn()
	for _, s := range []*server{second, first} {
		s.replace(current)
		c.goesOn()
		c.goesOn()
	}
	end()

	first.binary = *released
	said, err := first.command("serve", "--push=console").CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(said), "migrated by a newer version")
}
