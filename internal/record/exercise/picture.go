package exercise

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	_ "image/jpeg" // the accepted picture formats
	_ "image/png"
	"slices"

	"cadans/internal/kernel/fault"
)

// maxSide is the longest side of a picture, in pixels: more than phone cameras produce, less than what exhausts the
// phone that shows it.
const maxSide = 8192

// maxDecoded is how many bytes a decoded picture may take: 16 million pixels in colour. A file of a few kilobytes can
// decode to a thousand times its size. Decoding a progressive JPEG takes some four times as much, so only one picture
// is decoded at a time.
const maxDecoded = 64 << 20

// maxPixels is the limit for a JPEG: the resolution of the best phone cameras. Above maxDecoded a JPEG is not decoded;
// only its size and its segments are checked, because its file is about as large as it looks.
const maxPixels = 50 << 20

// cleanPicture returns a picture without its metadata: where, when and with what it was made, thumbnails, embedded
// films. Only the orientation stays. A picture that cannot be decoded completely is refused.
func cleanPicture(content []byte, kind MediaType) ([]byte, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || config.Width > maxSide || config.Height > maxSide {
		return nil, errUnreadable
	}
	pixels := config.Width * config.Height
	decoded := pixels * bytesPerPixel(config.ColorModel)
	var clean []byte
	switch {
	case kind == PNG && decoded > maxDecoded, pixels > maxPixels:
		return nil, errPixels
	case kind == PNG:
		clean, err = cleanPNG(content)
	default:
		clean, err = cleanJPEG(content)
	}
	if err != nil || decoded > maxDecoded {
		return clean, err
	}
	if _, _, err := image.Decode(bytes.NewReader(clean)); err != nil {
		return nil, errUnreadable
	}
	return clean, nil
}

func bytesPerPixel(m color.Model) int {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.NRGBA64Model, color.RGBA64Model:
		return 8
	}
	if _, isPaletted := m.(color.Palette); isPaletted {
		return 1
	}
	return 4
}

var errPixels = fault.Input(fault.Violation{Code: "too-many-pixels"})

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	startOfImage = 0xD8
	endOfImage   = 0xD9
	startOfScan  = 0xDA
	comment      = 0xFE
	app0         = 0xE0
	app1         = 0xE1 // Exif and XMP
	app2         = 0xE2 // colour profile
	app14        = 0xEE // how to interpret the colours
	app15        = 0xEF
	fill         = 0xFF // may be repeated before a marker
)

// cleanJPEG copies the segments that affect the image, and stops at its end. It drops stray bytes between segments,
// which every decoder skips.
func cleanJPEG(content []byte) ([]byte, error) {
	clean, scans := []byte{0xFF, startOfImage}, 0
	for rest := nextMarker(content[2:]); len(rest) >= 4 && rest[1] != endOfImage; rest = nextMarker(rest) {
		marker := rest[1]
		length := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if length < 4 || length > len(rest) {
			return nil, errUnreadable
		}
		switch {
		case marker == app1:
			clean = append(clean, orientationSegment(rest[4:length])...)
		case marker == startOfScan:
			scans++
			length += entropyLength(rest[length:])
			clean = append(clean, rest[:length]...)
		case affectsImage(rest[:length]):
			clean = append(clean, rest[:length]...)
		}
		rest = rest[length:]
	}
	if scans == 0 {
		return nil, errUnreadable
	}
	return append(clean, 0xFF, endOfImage), nil
}

var iccHead = []byte("ICC_PROFILE\x00")

// affectsImage reports whether a segment affects how the picture looks. Cameras put more than colour profiles into
// app2, such as thumbnails.
func affectsImage(segment []byte) bool {
	switch marker := segment[1]; {
	case marker == app2:
		return bytes.HasPrefix(segment[4:], iccHead)
	case marker == comment, marker > app0 && marker <= app15 && marker != app14:
		return false
	default:
		return true
	}
}

// nextMarker skips stray and fill bytes up to the next marker.
func nextMarker(rest []byte) []byte {
	for len(rest) >= 2 && (rest[0] != 0xFF || rest[1] == fill || rest[1] == 0) {
		rest = rest[1:]
	}
	return rest
}

// entropyLength returns the number of bytes of coded data before the next marker that is not part of them.
func entropyLength(data []byte) int {
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

// orientationSegment returns an Exif segment that holds only the orientation, or nothing if the given segment has none.
func orientationSegment(exif []byte) []byte {
	orientation, ok := orientationOf(bytes.TrimPrefix(exif, exifHead))
	if !bytes.HasPrefix(exif, exifHead) || !ok || orientation == 1 {
		return nil
	}
	tiff := []byte("MM\x00\x2A\x00\x00\x00\x08\x00\x01")
	tiff = binary.BigEndian.AppendUint16(tiff, orientationTag)
	tiff = append(tiff, 0, 3, 0, 0, 0, 1) // one value of type short
	tiff = binary.BigEndian.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)   // padding, and no further directory
	length := 2 + len(exifHead) + len(tiff) // the length includes itself
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, app1}, uint16(length))
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

// keptChunks are the ancillary chunks of PNG that affect the colours.
var keptChunks = []string{"tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "pHYs"}

// cleanPNG copies the chunks that affect the image (PNG specification, section 11).
func cleanPNG(content []byte) ([]byte, error) {
	clean := slices.Clone(pngHead)
	for rest := content[len(pngHead):]; len(rest) >= 12; {
		length := 12 + uint64(binary.BigEndian.Uint32(rest))
		if length > uint64(len(rest)) {
			return nil, errUnreadable
		}
		name := string(rest[4:8])
		if isCritical := name[0] >= 'A' && name[0] <= 'Z'; isCritical || slices.Contains(keptChunks, name) {
			clean = append(clean, rest[:length]...)
		}
		if name == "IEND" {
			return clean, nil
		}
		rest = rest[length:]
	}
	return nil, errUnreadable
}
