package localtime_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/pkg/localtime"
)

// What the systems of phones call a zone, with its difference to UTC in winter and in summer.
func TestToldZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, winter, summer string }{
		{"Europe/Amsterdam", "+01:00", "+02:00"},
		{"GMT", "+00:00", "+00:00"},
		{"CET", "+01:00", "+02:00"},
		{"EST5EDT", "-05:00", "-04:00"},
		{"Japan", "+09:00", "+09:00"},
		{"Etc/GMT-2", "+02:00", "+02:00"},
		{"Zulu", "+00:00", "+00:00"},
		{"UCT", "+00:00", "+00:00"},
		{"GMT+02:00", "+02:00", "+02:00"},
		{"GMT+2", "+02:00", "+02:00"},
		{"GMT+0200", "+02:00", "+02:00"},
		{"GMT-03:30", "-03:30", "-03:30"},
		{"UTC+05:45", "+05:45", "+05:45"},
		{"+0530", "+05:30", "+05:30"},
		{"-08:00", "-08:00", "-08:00"},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "+01:00", "+02:00"},
		{"<+0330>-3:30", "+03:30", "+03:30"},
		{"EST5EDT,M3.2.0,M11.1.0", "-05:00", "-04:00"},
		{"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "-03:00", "-02:00"},
	} {
		zone, err := localtime.ToldZone(c.name)
		require.NoError(t, err, c.name)
		require.Equal(t, c.name, zone.String())
		offset := func(month time.Month) string {
			return time.Date(2026, month, 15, 12, 0, 0, 0, zone).Format("-07:00")
		}
		require.Equal(t, [2]string{c.winter, c.summer}, [2]string{offset(time.January), offset(time.July)}, c.name)
	}
}

func TestNoZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "Local", "Factory", "localtime", "posixrules", "posix/Europe/Amsterdam", "right/Europe/Amsterdam",
		"W. Europe",
		"Europe/Amsterdamm", "GMT+25", "AAA-167", "GMT+01:60", "../etc/passwd", "CET-1CEST,M3", "a b", "ABC", "<x>1",
	} {
		_, err := localtime.ToldZone(name)
		require.ErrorIs(t, err, localtime.ErrUnknownZone, name)
	}
}

// A zone made from an instant's offset is known by its name.
func TestFixedZoneIsKnown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		quarters := rapid.IntRange(-64, 64).Draw(t, "quarters of an hour")
		at := time.Unix(0, 0).In(time.FixedZone("", quarters*15*60))
		zone, err := localtime.ToldZone(localtime.FixedZone(at).String())
		require.NoError(t, err)
		require.Equal(t, at.Format(time.RFC3339), at.In(zone).Format(time.RFC3339))
	})
}
