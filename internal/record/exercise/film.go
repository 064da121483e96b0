package exercise

import (
	"bytes"
	"encoding/binary"
	"slices"

	"cadans/internal/kernel/fault"
)

// A film is an ISO base media file (ISO 14496-12) or the QuickTime file that it was made from: boxes, of which moov
// says what the film is and mdat holds it. Brands in ftyp say little: what counts is that browsers show H.264 of 8
// bits and 4:2:0, and that some of them show nothing else.

var (
	errUnplayable = fault.Input(fault.Violation{Code: "unplayable-film"})
	errLocated    = fault.Input(fault.Violation{Code: "location-in-film"})
)

// isFilm reports whether a file begins as a film does.
func isFilm(content []byte) bool { return len(content) >= boxHead+4 && string(content[4:8]) == "ftyp" }

const boxHead = 8 // size and kind

// box is a part of a film.
type box struct {
	kind string
	body []byte
}

// boxesIn reads boxes that fill the content to its end.
func boxesIn(content []byte) ([]box, error) {
	var boxes []box
	for rest := content; len(rest) > 0; {
		if len(rest) < boxHead {
			return nil, errUnreadable
		}
		size, head := uint64(binary.BigEndian.Uint32(rest)), uint64(boxHead)
		switch {
		case size == 0: // to the end
			size = uint64(len(rest))
		case size == 1 && len(rest) >= 2*boxHead:
			size, head = binary.BigEndian.Uint64(rest[boxHead:]), 2*boxHead
		}
		if size < head || size > uint64(len(rest)) {
			return nil, errUnreadable
		}
		boxes = append(boxes, box{string(rest[4:8]), rest[head:size]})
		rest = rest[size:]
	}
	return boxes, nil
}

// places are how a film says where it was made: QuickTime's user data and metadata, and 3GPP's.
var places = [][]byte{[]byte("\xa9xyz"), []byte("com.apple.quicktime.location"), []byte("loci")}

// checkFilm refuses what is broken, what some browser does not show, and a film that says where it was made: cutting
// that out would move everything behind it. The pictures themselves, in mdat, hold every few bytes by chance.
func checkFilm(content []byte) error {
	boxes, err := boxesIn(content)
	if err != nil {
		return err
	}
	has := func(kind string) bool {
		return slices.ContainsFunc(boxes, func(b box) bool { return b.kind == kind && len(b.body) > 0 })
	}
	if !has("mdat") || !has("moov") {
		return errUnreadable
	}
	for _, b := range boxes {
		isPlace := func(place []byte) bool { return bytes.Contains(b.body, place) }
		if b.kind != "mdat" && slices.ContainsFunc(places, isPlace) {
			return errLocated
		}
	}
	return checkTracks(boxes, len(content))
}

// checkTracks looks at the pictures' tracks: there is one, all are H.264, and what they point at lies in the file.
func checkTracks(boxes []box, length int) error {
	films := 0
	for _, b := range boxes {
		if b.kind != "moov" {
			continue
		}
		tracks, err := boxesIn(b.body)
		if err != nil {
			return err
		}
		for _, track := range tracks {
			if track.kind != "trak" || !track.shows() {
				continue
			}
			films++
			if err := track.check(length); err != nil {
				return err
			}
		}
	}
	if films == 0 {
		return errUnreadable
	}
	return nil
}

// within returns the body of the first box on a path, or nil.
func (b box) within(path ...string) []byte {
	body := b.body
	for _, kind := range path {
		inner, err := boxesIn(body)
		i := slices.IndexFunc(inner, func(b box) bool { return b.kind == kind })
		if err != nil || i < 0 {
			return nil
		}
		body = inner[i].body
	}
	return body
}

// shows reports whether a track is of pictures rather than of sound or times.
func (b box) shows() bool {
	handler := b.within("mdia", "hdlr") // version and flags, a type that QuickTime fills in, and the kind of track
	return len(handler) >= 12 && string(handler[8:12]) == "vide"
}

// Where things stand in a sample entry and what follows it (ISO 14496-12, 12.1.3; 14496-15, 5.3.3).
const (
	listHead  = 8  // version, flags and a count
	entryHead = 78 // of a picture's sample entry
)

// profiles of H.264 that every browser shows: baseline, main and high. The others have more bits, more colours or
// less use.
var profiles = []byte{66, 77, 100}

func (b box) check(length int) error {
	entries := b.within("mdia", "minf", "stbl", "stsd")
	if len(entries) < listHead {
		return errUnreadable
	}
	kinds, err := boxesIn(entries[listHead:])
	if err != nil || len(kinds) == 0 {
		return errUnreadable
	}
	for _, kind := range kinds {
		if kind.kind != "avc1" && kind.kind != "avc3" {
			return errUnplayable
		}
		if len(kind.body) < entryHead {
			return errUnreadable
		}
		config := box{body: kind.body[entryHead:]}.within("avcC") // version, profile, …
		if len(config) < 2 || !slices.Contains(profiles, config[1]) {
			return errUnplayable
		}
	}
	return b.checkOffsets(length)
}

// checkOffsets refuses a film of which only the beginning arrived, where moov came first.
func (b box) checkOffsets(length int) error {
	for kind, wide := range map[string]int{"stco": 4, "co64": 8} {
		table := b.within("mdia", "minf", "stbl", kind)
		if len(table) < listHead {
			continue
		}
		for rest := table[listHead:]; len(rest) >= wide; rest = rest[wide:] {
			offset := uint64(binary.BigEndian.Uint32(rest))
			if wide == 8 {
				offset = binary.BigEndian.Uint64(rest)
			}
			if offset >= uint64(length) {
				return errUnreadable
			}
		}
	}
	return nil
}
