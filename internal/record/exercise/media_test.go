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

	"cadans/internal/kernel/fault"
	"cadans/internal/record/exercise"
	"cadans/internal/run/testkit"
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

// beforeScan puts something between a picture's header and its data, where who only asks for its
// size, and finds JFIF, no longer looks.
func beforeScan(t *testing.T, added []byte) []byte {
	t.Helper()
	whole := jpegWith(t, segment(0xE0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")))
	at := bytes.Index(whole, []byte{0xFF, 0xDA})
	return slices.Concat(whole[:at], added, whole[at:])
}

// strayed has bytes before its pixels that belong to no segment, as some cameras write.
func strayed(t *testing.T) []byte {
	t.Helper()
	whole := jpegWith(t)
	at := bytes.Index(whole, []byte{0xFF, 0xDA})
	return slices.Concat(whole[:at], make([]byte, 4), whole[at:])
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

// filmSaying is a film with something in moov beside its track.
func filmSaying(what []byte) []byte {
	film := testkit.Film(10)
	at := bytes.Index(film, []byte("moov")) - 4
	return slices.Concat(film[:at], testkit.Box("moov", film[at+8:], what))
}

// filmWithout is a film in which one box has another name.
func filmWithout(kind string) []byte {
	return bytes.Replace(testkit.Film(10), []byte(kind), []byte("free"), 1)
}

// bomb is a PNG of a few kilobytes and many pixels.
func bomb(t *testing.T, height int) []byte {
	t.Helper()
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	require.NoError(t, encoder.Encode(&out, image.NewNRGBA(image.Rect(0, 0, 8192, height))))
	return out.Bytes()
}

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
		{"bytes that fill, as some cameras write",
			jpegWith(t, []byte{0xFF, 0xFF}, exif(binary.BigEndian, "MM", 1), []byte{0xFF}), 0},
		{"XMP, IPTC and a comment", jpegWith(
			t, segment(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00"+secret)), segment(0xED, []byte(secret)),
			segment(0xFE, []byte(secret)),
		), 0},
		{"bytes of no segment before the pixels", strayed(t), 0},
		{"bytes of no segment after another", jpegWith(t, segment(0xED, []byte(secret)), make([]byte, 4)), 0},
		{"properties of another kind where the colours stand",
			jpegWith(t, segment(0xE2, []byte("FPXR\x00"+secret))), 0},
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
	for chunk, stays := range map[string]bool{
		"tEXt": false,
		"eXIf": false,
		"iTXt": false,
		"tIME": false,
		"gAMA": true,
	} {
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
	located := func(place string) []byte { return filmSaying(testkit.Box("udta", []byte(place))) }
	film := testkit.Film(10)
	moov := bytes.Index(film, []byte("moov")) - 4
	moovFirst := slices.Concat(film[:24], film[moov:], film[24:moov])
	far := bytes.Replace(
		film, []byte("\x00\x00\x00\x01\x00\x00\x00\x20"), []byte("\x00\x00\x00\x01\x00\xFF\x00\x20"), 1,
	)
	destroyed := pngWith(t, "tEXt")
	destroyed[bytes.Index(destroyed, []byte("IDAT"))+20] ^= 0xFF
	wrongSum := pngWith(t, "tEXt")
	wrongSum[bytes.Index(wrongSum, []byte("IDAT"))-5] ^= 0xFF // of the chunk before, which is cleaned away
	noScan := jpegWith(t)
	noScan = append(noScan[:bytes.Index(noScan, []byte{0xFF, 0xDA})], 0xFF, 0xD9)
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
		{"a JPEG with a segment shorter than its own length", beforeScan(t, []byte{0xFF, 0xE1, 0, 1}),
			"unreadable-media"},
		{"half a PNG", pngWith(t, "tEXt")[:90], "unreadable-media"},
		{"a picture of more pixels than a telephone shows", wide.Bytes(), "unreadable-media"},
		{"a picture at the limit", append(jpegWith(t), make([]byte, exercise.MaxPicture-len(jpegWith(t)))...), ""},
		{"a picture beyond it", append(jpegWith(t), make([]byte, exercise.MaxPicture)...), "media-too-large"},
		{"a small file of many pixels", bomb(t, 2049), "too-many-pixels"},
		{"a PNG at the limit", bomb(t, 2048), ""},
		{"a PNG with destroyed pixels", destroyed, "unreadable-media"},
		{"a PNG whose comment, which is left out, has a wrong sum", wrongSum, ""},
		{"a JPEG without pixels", noScan, "unreadable-media"},
		{"half a JPEG", jpegWith(t)[:len(jpegWith(t))-100], "unreadable-media"},
		{"a film", film, ""},
		{"a film that has places by chance among its pictures",
			bytes.Replace(film, []byte("01234567"), []byte("loci\xa9xyz"), 1), ""},
		{"moov first, as for streaming", moovFirst, ""},
		{"a film to the end of the file",
			slices.Concat(film[:24], film[moov:], []byte("\x00\x00\x00\x00mdat"), make([]byte, 100)), ""},
		{"a film of a brand that browsers show as well", bytes.ReplaceAll(film, []byte("mp42"), []byte("iso2")), ""},
		{"a film as a telephone saves it for its own",
			bytes.ReplaceAll(bytes.ReplaceAll(film, []byte("isom"), []byte("qt  ")), []byte("mp42"), []byte("qt  ")),
			""},
		{"a film beyond the limit", testkit.Film(exercise.MaxFilm), "media-too-large"},
		{"H.265, which not every browser shows", testkit.FilmOf("hvc1", 0, 10), "unplayable-film"},
		{"H.264 of ten bits", testkit.FilmOf("avc1", 122, 10), "unplayable-film"},
		{"H.264 main", testkit.FilmOf("avc1", 77, 10), ""},
		{"a film without moov", filmWithout("moov"), "unreadable-media"},
		{"a film without pictures", filmWithout("mdat"), "unreadable-media"},
		{"sound alone", bytes.Replace(film, []byte("vide"), []byte("soun"), 1), "unreadable-media"},
		{"a film without a description of its pictures", filmWithout("stsd"), "unreadable-media"},
		{"a film whose pictures lie beyond its end", far, "unreadable-media"},
		{"moov that ends before it should", film[:len(film)-10], "unreadable-media"},
		{"a film that says where, as QuickTime does", located("\xa9xyz+52.37+004.89/"), "location-in-film"},
		{"as newer telephones do", located("com.apple.quicktime.location.ISO6709"), "location-in-film"},
		{"as 3GPP does", located("loci"), "location-in-film"},
		{"a film with a box of no length",
			slices.Concat(film[:24], []byte("\x00\x00\x00\x01moov\x00\x00\x00\x00\x00\x00\x00\x00")),
			"unreadable-media"},
		{"a film whose boxes do not add up", slices.Concat(film[:24], []byte("\x00\x00\xff\xffmoov    ")),
			"unreadable-media"},
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
		jpegWith(t, exif(binary.BigEndian, "MM", 6)), pngWith(t, "tEXt"), testkit.Film(10),
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
