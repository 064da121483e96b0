package exercise

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/jpeg" // what pictures may be
	_ "image/png"
	"slices"
)

// maxSide is the longest side of a picture, in pixels: more than a telephone's camera makes, less than what exhausts one that shows it.
const maxSide = 8192

// cleanPicture returns a picture without what a camera writes beside it: where and when it was made, with what, a smaller picture, a
// whole film. Only how it is to be turned stays.
func cleanPicture(content []byte, kind MediaType) ([]byte, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || config.Width > maxSide || config.Height > maxSide {
		return nil, errUnreadable
	}
	if kind == PNG {
		return cleanPNG(content)
	}
	return cleanJPEG(content)
}

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	startOfImage = 0xD8
	endOfImage   = 0xD9
	startOfScan  = 0xDA
	comment      = 0xFE
	app0         = 0xE0
	app1         = 0xE1 // Exif and XMP
	app2         = 0xE2 // colour profile
	app14        = 0xEE // which colours the numbers mean
	app15        = 0xEF
	fill         = 0xFF // any number of them before a marker
)

// cleanJPEG copies the segments that make the picture, and ends where the picture does.
func cleanJPEG(content []byte) ([]byte, error) {
	clean := []byte{0xFF, startOfImage}
	for rest := content[2:]; len(rest) >= 4 && rest[0] == 0xFF; {
		marker := rest[1]
		if marker == fill {
			rest = rest[1:]
			continue
		}
		if marker == endOfImage {
			break
		}
		length := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if length < 4 || length > len(rest) {
			return nil, errUnreadable
		}
		segment := rest[:length]
		switch {
		case marker == app1:
			clean = append(clean, turned(segment[4:])...)
		case marker == comment, marker > app0 && marker <= app15 && marker != app2 && marker != app14:
		case marker == startOfScan:
			length += entropy(rest[length:])
			clean = append(clean, rest[:length]...)
		default:
			clean = append(clean, segment...)
		}
		rest = rest[length:]
	}
	return append(clean, 0xFF, endOfImage), nil
}

// entropy is how many bytes of coded data come before the next marker that is not part of them.
func entropy(data []byte) int {
	for i := 0; i+1 < len(data); i++ {
		isRestart := data[i+1] >= 0xD0 && data[i+1] <= 0xD7
		if data[i] == 0xFF && data[i+1] != 0 && !isRestart && data[i+1] != 0xFF {
			return i
		}
	}
	return len(data)
}

var exifHead = []byte("Exif\x00\x00")

const orientationTag = 0x0112

// turned is an Exif segment that says nothing but how the picture is to be turned; nothing where the one given does not say it.
func turned(exif []byte) []byte {
	orientation, ok := orientationOf(bytes.TrimPrefix(exif, exifHead))
	if !bytes.HasPrefix(exif, exifHead) || !ok || orientation == 1 {
		return nil
	}
	tiff := []byte("MM\x00\x2A\x00\x00\x00\x08\x00\x01")
	tiff = binary.BigEndian.AppendUint16(tiff, orientationTag)
	tiff = append(tiff, 0, 3, 0, 0, 0, 1)                                                           // one short
	tiff = append(binary.BigEndian.AppendUint16(tiff, orientation), 0, 0, 0, 0, 0, 0)               // and no further directory
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, app1}, uint16(2+len(exifHead)+len(tiff))) // the length counts itself
	return slices.Concat(segment, exifHead, tiff)
}

// orientationOf reads the tag from the first directory of a TIFF header (TIFF 6.0, section 2).
func orientationOf(tiff []byte) (orientation uint16, ok bool) {
	if len(tiff) < 8 {
		return 0, false
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0, false
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0, false
		}
		if order.Uint16(entries) == orientationTag {
			value := order.Uint16(entries[8:])
			return value, value >= 1 && value <= 8
		}
		entries = entries[12:]
	}
	return 0, false
}

var pngHead = []byte("\x89PNG\r\n\x1a\n")

// kept are the chunks of PNG beside the critical ones that make the colours right.
var kept = []string{"tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "pHYs"}

// cleanPNG copies the chunks that make the picture (PNG specification, section 11).
func cleanPNG(content []byte) ([]byte, error) {
	clean := slices.Clone(pngHead)
	for rest := content[len(pngHead):]; len(rest) >= 12; {
		length := 12 + uint64(binary.BigEndian.Uint32(rest))
		if length > uint64(len(rest)) {
			return nil, errUnreadable
		}
		name := string(rest[4:8])
		if isCritical := name[0] >= 'A' && name[0] <= 'Z'; isCritical || slices.Contains(kept, name) {
			clean = append(clean, rest[:length]...)
		}
		if name == "IEND" {
			return clean, nil
		}
		rest = rest[length:]
	}
	return nil, errUnreadable
}
