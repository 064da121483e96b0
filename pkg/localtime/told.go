package localtime

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// ToldZone returns the zone that the system of a phone names: an IANA name or alias, a difference to UTC such as
// GMT+02:00, +0530 or UTC-3 (east of Greenwich is plus), or a POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3 (where west
// is plus, as POSIX has it). The zone's name is what was told. It refuses with ErrUnknownZone what is none of them.
func ToldZone(name string) (*time.Location, error) {
	if zone, err := LoadZone(name); err == nil {
		return zone, nil
	}
	read := ruledZone
	if difference.MatchString(name) {
		read = fixedZone
	}
	if zone, ok := read(name); ok {
		return zone, nil
	}
	return nil, fmt.Errorf("%q: %w", name, ErrUnknownZone)
}

var difference = regexp.MustCompile(`^(?:GMT|UTC|UT)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?$`)

// furthest is the largest difference to UTC that any place has had, in hours.
const furthest = 16

func fixedZone(name string) (*time.Location, bool) {
	parts := difference.FindStringSubmatch(name)
	hours, _ := strconv.Atoi(parts[2])
	minutes, _ := strconv.Atoi("0" + parts[3])
	if hours > furthest || minutes >= 60 {
		return nil, false
	}
	seconds := hours*3600 + minutes*60
	if parts[1] == "-" {
		seconds = -seconds
	}
	return time.FixedZone(name, seconds), true
}

// FixedZone returns the zone that is always as far from UTC as an instant told with that offset. ToldZone knows its
// name.
func FixedZone(at time.Time) *time.Location {
	_, seconds := at.Zone()
	return time.FixedZone("UTC"+at.Format("-07:00"), seconds)
}

// ruleless is how a zone calls itself when its rule could not be read.
const ruleless = "?"

var rule = regexp.MustCompile(`^(<[A-Za-z0-9+-]{3,}>|[A-Za-z]{3,})[+-]?[0-9].*$`)

// ruledZone lets the reader of zone files read a POSIX rule, as the last line of a file that says nothing else.
func ruledZone(name string) (*time.Location, bool) {
	if !rule.MatchString(name) {
		return nil, false
	}
	zone, err := time.LoadLocationFromTZData(name, zoneFile(name))
	if err != nil {
		return nil, false
	}
	for _, month := range []time.Month{time.January, time.July} {
		called, seconds := time.Date(2026, month, 1, 0, 0, 0, 0, zone).Zone()
		if called == ruleless || max(seconds, -seconds) > furthest*3600 {
			return nil, false
		}
	}
	return zone, true
}

// zoneFile returns a file of RFC 9636, version 2, with one kind of local time, called ruleless, and a rule.
func zoneFile(rule string) []byte {
	const kinds, letters = 1, len(ruleless) + 1
	header := append([]byte("TZif2"), make([]byte, 15)...)
	for _, count := range []uint32{0, 0, 0, 0, kinds, uint32(letters)} {
		header = binary.BigEndian.AppendUint32(header, count)
	}
	content := append(make([]byte, 6), ruleless+"\x00"...)  // no difference, no summer time, the first letter
	file := append(append([]byte{}, header...), content...) // version 1, which is passed over
	file = append(append(file, header...), content...)
	return append(file, "\n"+rule+"\n"...)
}
