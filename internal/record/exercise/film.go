package exercise

import (
	"bytes"
	"encoding/binary"
	"slices"

	"cadans/internal/kernel/fault"
)

// A film is an ISO base media file (ISO 14496-12) or the QuickTime file that it was made from. It consists of boxes:
// moov describes the film and mdat holds it. The brands in ftyp are unreliable. Browsers play H.264 with 8 bits and
// 4:2:0; some play nothing else.

var (
	errUnplayable = fault.Input(fault.Violation{Code: "unplayable-film"})
	errLocated    = fault.Input(fault.Violation{Code: "location-in-film"})
)

// isFilm reports whether a file starts like a film.
func isFilm(content []byte) bool { return len(content) >= boxHead+4 && string(content[4:8]) == "ftyp" }

const boxHead = 8 // size and kind

// box is a part of a film.
type box struct {
	kind string
	body []byte
}

// boxesIn reads boxes until the end of the content.
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

// locationTags are the keys under which a film stores its location: QuickTime's user data and metadata, and 3GPP's.
var locationTags = [][]byte{[]byte("\xa9xyz"), []byte("com.apple.quicktime.location"), []byte("loci")}

// checkFilm refuses a broken film, one that some browsers cannot play, and one that contains a location, because
// removing the location would shift all data after it. It does not search mdat, where any few bytes occur by chance.
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
		if b.kind != "mdat" && slices.ContainsFunc(locationTags, isPlace) {
			return errLocated
		}
	}
	return checkTracks(boxes, len(content))
}

// checkTracks checks the video tracks: there is at least one, all are H.264, and their data lies within the file.
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
			if track.kind != "trak" || !track.isVideo() {
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

// isVideo reports whether a track is video.
func (b box) isVideo() bool {
	handler := b.within("mdia", "hdlr") // version and flags, a type that QuickTime sets, and the kind of track
	return len(handler) >= 12 && string(handler[8:12]) == "vide"
}

// Offsets in a sample entry and what follows it (ISO 14496-12, 12.1.3; 14496-15, 5.3.3).
const (
	listHead  = 8  // version, flags and a count
	entryHead = 78 // of a picture's sample entry
)

// profiles of H.264 that every browser plays: baseline, main and high. Other profiles have more bits or colours, or are
// rare.
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

// checkOffsets refuses a truncated film whose moov came first.
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
