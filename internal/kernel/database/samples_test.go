package database

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What may be missing is everything after the last sample that the server still has.
func TestHowMuchMayBeMissing(t *testing.T) {
	t.Parallel()
	at := func(second int) time.Time { return time.Unix(int64(second), 0) }
	var s samples
	s.add(sample{commits: 0, flushed: 100, at: at(0)})
	s.add(sample{commits: 4, flushed: 200, at: at(1)})
	s.add(sample{commits: 4, flushed: 250, at: at(2)}) // nothing was committed: no news
	s.add(sample{commits: 9, flushed: 300, at: at(3)})
	require.Len(t, s, 3)
	for name, tc := range map[string]struct {
		flushed, missing int64
		since            *time.Time
	}{
		"all was there":              {300, 1, new(at(3))},
		"between two samples":        {299, 6, new(at(1))},
		"exactly a sample":           {200, 6, new(at(1))},
		"at the start":               {100, 10, new(at(0))},
		"before the process started": {99, 10, nil},
	} {
		l := s.since(tc.flushed, 10)
		require.Equal(t, tc.missing, *l.missing, name)
		require.Equal(t, tc.since, l.since, name)
	}
}

// However long a process runs, it keeps a bounded number of samples, from the first to the last.
func TestSamplesAreBounded(t *testing.T) {
	t.Parallel()
	var s samples
	const all = 50_000
	for i := range int64(all) {
		s.add(sample{commits: i, flushed: i, at: time.Unix(i, 0)})
	}
	require.Len(t, s, mostSamples)
	require.Zero(t, s[0].commits)
	require.Equal(t, int64(all-1), s[len(s)-1].commits)
	for _, missing := range []float64{1, 5, 10, 100, 1000, 10_000, 40_000} {
		said := float64(*s.since(all-int64(missing), all).missing)
		require.GreaterOrEqual(t, said, missing, "never less than there is")
		require.LessOrEqual(t, said, missing*1.2+2)
	}
}

// A standby matters only where commits are answered before it has them.
func TestWhichServersMayLose(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		standbys      int
		names, commit string
		says          string
	}{
		"none follows":        {0, "", "on", ""},
		"none is waited for":  {1, "", "on", "synchronous_standby_names is empty"},
		"in step":             {1, "beside", "on", ""},
		"in step and applied": {2, "beside", "remote_apply", ""},
		"only in memory":      {1, "beside", "remote_write", "synchronous_commit is remote_write"},
		"not at all":          {1, "beside", "local", "synchronous_commit is local"},
	} {
		says := riskOf(tc.standbys, tc.names, tc.commit)
		require.Equal(t, tc.says == "", says == "", name)
		require.Contains(t, says, tc.says, name)
	}
}

// What several processes miss adds up; with one that does not know, nobody does.
func TestLossesAddUp(t *testing.T) {
	t.Parallel()
	early, late := time.Unix(1, 0), time.Unix(2, 0)
	unknown, nothing := loss{}, loss{missing: new(int64)}
	three, five, since := loss{new(int64(3)), &late}, loss{new(int64(5)), &early}, loss{new(int64(2)), nil}
	for name, tc := range map[string]struct{ one, other, total loss }{
		"unknown and some":   {unknown, three, unknown},
		"some and unknown":   {three, unknown, unknown},
		"nothing and some":   {nothing, three, three},
		"some and more":      {three, five, loss{new(int64(8)), &early}},
		"the other way":      {five, three, loss{new(int64(8)), &early}},
		"since nobody knows": {three, since, loss{new(int64(5)), nil}},
	} {
		require.Equal(t, tc.total, tc.one.plus(tc.other), name)
	}
}

// A server tells how far it has a history only of its own, and of the one that it took over from.
func TestHowFarAServerHasAHistory(t *testing.T) {
	t.Parallel()
	known := position{system: "s", timeline: "00000009", flushed: 100}
	followed := new(int64(70))
	for name, tc := range map[string]struct {
		at  position
		has *int64
	}{
		"the same":           {position{"s", "00000009", 200, nil}, new(int64(200))},
		"the next":           {position{"s", "0000000A", 200, followed}, followed},
		"after a restart":    {position{"s", "0000000A", 200, nil}, nil},
		"two further":        {position{"s", "0000000B", 200, followed}, nil},
		"another cluster":    {position{"t", "0000000A", 200, followed}, nil},
		"no timeline at all": {position{"s", "", 200, followed}, nil},
	} {
		require.Equal(t, tc.has, tc.at.knownUpTo(known), name)
	}
	require.Nil(t, known.knownUpTo(position{}), "nothing was known")
}
