package exercise_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/exercise"
	"cadans/internal/fault"
)

// secret stands for where a picture was made, and by whom.
const secret = "GPS 52.3702 N 4.8952 E"

func drawn() image.Image {
	picture := image.NewRGBA(image.Rect(0, 0, 32, 16))
	for i := range 32 * 16 {
		picture.Set(i%32, i/32, color.RGBA{uint8(i), uint8(i / 2), 90, 255})
	}
	return picture
}

func segment(marker byte, payload []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(payload)+2)), payload...)
}

// exif is what a camera writes: how the picture is turned, in one of two orders of bytes, and the secret.
func exif(order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	tiff := append([]byte(mark), order.AppendUint32(order.AppendUint16(nil, 42), 8)...)
	tiff = order.AppendUint16(tiff, 2)
	for tag, value := range []uint16{6, orientation} { // tag 0x0111 goes before 0x0112
		tiff = order.AppendUint16(tiff, 0x0111+uint16(tag))
		tiff = order.AppendUint32(order.AppendUint16(tiff, 3), 1)
		tiff = append(order.AppendUint16(tiff, value), 0, 0)
	}
	return segment(0xE1, slices.Concat([]byte("Exif\x00\x00"), tiff, []byte(secret)))
}

func jpegWith(t *testing.T, segments ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, jpeg.Encode(&out, drawn(), nil))
	return slices.Concat(out.Bytes()[:2], slices.Concat(segments...), out.Bytes()[2:])
}

// beforeScan puts something between a picture's header and its data, where who only asks for its size, and finds JFIF, no longer looks.
func beforeScan(t *testing.T, added []byte) []byte {
	t.Helper()
	whole := jpegWith(t, segment(0xE0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")))
	at := bytes.Index(whole, []byte{0xFF, 0xDA})
	return slices.Concat(whole[:at], added, whole[at:])
}

func pngWith(t *testing.T, chunk string) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, drawn()))
	const header = 8 + 25 // the signature, and IHDR
	data := []byte(chunk + secret)
	added := binary.BigEndian.AppendUint32(nil, uint32(len(data)-4))
	added = binary.BigEndian.AppendUint32(append(added, data...), crc32.ChecksumIEEE(data))
	return slices.Concat(out.Bytes()[:header], added, out.Bytes()[header:])
}

func box(kind string, content ...[]byte) []byte {
	inside := slices.Concat(content...)
	return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(8+len(inside))), []byte(kind), inside)
}

var fileType = box("ftyp", []byte("isom\x00\x00\x02\x00isomiso2mp41"))

// A picture keeps its pixels and loses what a camera wrote beside them; only how it is turned stays.
func TestPicturesAreCleaned(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	require.NoError(t, jpeg.Encode(&want, drawn(), nil))
	for _, tc := range []struct {
		name    string
		content []byte
		turned  byte // 0 for not
	}{
		{"nothing beside it", jpegWith(t), 0},
		{"Exif, upright", jpegWith(t, exif(binary.BigEndian, "MM", 1)), 0},
		{"Exif of a telephone on its side", jpegWith(t, exif(binary.BigEndian, "MM", 6)), 6},
		{"Exif, the other order of bytes", jpegWith(t, exif(binary.LittleEndian, "II", 3)), 3},
		{"Exif with a turn that is none", jpegWith(t, exif(binary.BigEndian, "MM", 9)), 0},
		{"bytes that fill, as some cameras write", jpegWith(t, []byte{0xFF, 0xFF}, exif(binary.BigEndian, "MM", 1), []byte{0xFF}), 0},
		{"XMP, IPTC and a comment", jpegWith(t, segment(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00"+secret)), segment(0xED, []byte(secret)), segment(0xFE, []byte(secret))), 0},
		{"a film behind the picture", append(jpegWith(t), secret...), 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m, err := exercise.NewMedia(tc.content)
			require.NoError(t, err)
			require.Equal(t, exercise.JPEG, m.Type)
			require.Len(t, m.Hash, 64)
			require.NotContains(t, string(m.Content), "GPS")
			got, err := jpeg.Decode(bytes.NewReader(m.Content))
			require.NoError(t, err)
			original, err := jpeg.Decode(bytes.NewReader(want.Bytes()))
			require.NoError(t, err)
			require.Equal(t, original, got, "the same pixels")
			if tc.turned == 0 {
				require.Equal(t, want.Bytes(), m.Content)
				return
			}
			require.Equal(t, []byte{0xFF, 0xE1}, m.Content[2:4])
			require.Contains(t, string(m.Content), string([]byte{0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, tc.turned}))
			again, err := exercise.NewMedia(m.Content)
			require.NoError(t, err)
			require.Equal(t, m, again, "what is clean stays as it is")
		})
	}
	adobe := segment(0xEE, []byte("Adobe\x00\x64\x00\x00\x00\x00\x01"))
	colours, err := exercise.NewMedia(jpegWith(t, adobe))
	require.NoError(t, err)
	require.Contains(t, string(colours.Content), string(adobe), "what the numbers mean")
	for chunk, stays := range map[string]bool{"tEXt": false, "eXIf": false, "iTXt": false, "tIME": false, "gAMA": true} {
		m, err := exercise.NewMedia(pngWith(t, chunk))
		require.NoError(t, err)
		require.Equal(t, exercise.PNG, m.Type)
		require.Equal(t, stays, bytes.Contains(m.Content, []byte("GPS")), chunk)
		got, err := png.Decode(bytes.NewReader(pngWith(t, "tEXt")))
		require.NoError(t, err)
		require.Equal(t, drawn(), got)
	}
}

// What is no picture or film, too large, or a film that says where it was made, is refused with the reason.
func TestMediaThatIsRefused(t *testing.T) {
	t.Parallel()
	var wide bytes.Buffer
	require.NoError(t, png.Encode(&wide, image.NewGray(image.Rect(0, 0, 8193, 1))))
	located := func(place string) []byte {
		return slices.Concat(fileType, box("mdat", []byte("pictures")), box("moov", box("udta", []byte(place))))
	}
	for _, tc := range []struct {
		name    string
		content []byte
		code    string // empty where it is taken
	}{
		{"nothing", nil, "unreadable-media"},
		{"a page", []byte("<html><script>alert(1)</script>"), "unreadable-media"},
		{"a drawing that can hold scripts", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "unreadable-media"},
		{"a GIF", []byte("GIF89a\x01\x00\x01\x00"), "unreadable-media"},
		{"the beginning of a JPEG", jpegWith(t)[:40], "unreadable-media"},
		{"a JPEG with a segment shorter than its own length", beforeScan(t, []byte{0xFF, 0xE1, 0, 1}), "unreadable-media"},
		{"half a PNG", pngWith(t, "tEXt")[:90], "unreadable-media"},
		{"a picture of more pixels than a telephone shows", wide.Bytes(), "unreadable-media"},
		{"a picture at the limit", append(jpegWith(t), make([]byte, exercise.MaxPicture-len(jpegWith(t)))...), ""},
		{"a picture beyond it", append(jpegWith(t), make([]byte, exercise.MaxPicture)...), "media-too-large"},
		{"a film", slices.Concat(fileType, box("moov", box("udta")), box("mdat", []byte("loci and \xa9xyz by chance"))), ""},
		{"a film to the end of the file", slices.Concat(fileType, []byte("\x00\x00\x00\x00mdat pictures")), ""},
		{"a film beyond the limit", slices.Concat(fileType, box("mdat", make([]byte, exercise.MaxFilm))), "media-too-large"},
		{"a film that says where, as QuickTime does", located("\xa9xyz+52.37+004.89/"), "location-in-film"},
		{"as newer telephones do", located("com.apple.quicktime.location.ISO6709"), "location-in-film"},
		{"as 3GPP does", located("loci"), "location-in-film"},
		{"a film with a box of no length", slices.Concat(fileType, []byte("\x00\x00\x00\x01moov\x00\x00\x00\x00\x00\x00\x00\x00")), "unreadable-media"},
		{"a film whose boxes do not add up", slices.Concat(fileType, []byte("\x00\x00\xff\xffmoov    ")), "unreadable-media"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := exercise.NewMedia(tc.content)
			if tc.code == "" {
				require.NoError(t, err)
				return
			}
			var refused *fault.Fault
			require.True(t, errors.As(err, &refused), "%v", err)
			require.Equal(t, tc.code, refused.Violations[0].Code)
		})
	}
}

// Files that are broken anywhere are refused or cleaned, and never more than that.
func TestBrokenMedia(t *testing.T) {
	t.Parallel()
	whole := [][]byte{
		jpegWith(t, exif(binary.BigEndian, "MM", 6)), pngWith(t, "tEXt"), slices.Concat(fileType, box("moov", box("udta")), box("mdat", []byte("x"))),
	}
	rapid.Check(t, func(t *rapid.T) {
		content := slices.Clone(rapid.SampledFrom(whole).Draw(t, "file"))
		for range rapid.IntRange(1, 8).Draw(t, "faults") {
			content[rapid.IntRange(0, len(content)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		content = content[:rapid.IntRange(0, len(content)).Draw(t, "length")]
		m, err := exercise.NewMedia(content)
		if err == nil && m.Type != exercise.MP4 {
			again, err := exercise.NewMedia(m.Content)
			if err == nil && !bytes.Equal(m.Content, again.Content) {
				t.Fatalf("cleaning again changes it")
			}
		}
	})
}
