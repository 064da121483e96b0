package testkit

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"slices"
)

// Film is an MP4 with H.264 that a browser would accept, with that many empty bytes instead of pictures.
func Film(bytesLong int) []byte { return FilmOf("avc1", 100, bytesLong) }

// FilmOf is a film of another kind: its sample entry, and for H.264 its profile.
func FilmOf(entry string, profile byte, bytesLong int) []byte {
	description := Box(entry, make([]byte, 78), Box("avcC", []byte{1, profile, 0, 30}))
	table := Box(
		"stbl", Box("stsd", []byte{0, 0, 0, 0, 0, 0, 0, 1}, description),
		Box("stco", []byte{0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 32}),
	)
	media := Box("mdia", Box("hdlr", []byte("\x00\x00\x00\x00\x00\x00\x00\x00vide")), Box("minf", table))
	return slices.Concat(Box("ftyp", []byte("isom\x00\x00\x02\x00isommp42")),
		Box("mdat", bytes.Repeat([]byte("0123456789"), 1+bytesLong/10)),
		Box("moov", Box("trak", media)))
}

// Box is a part of a film.
func Box(kind string, content ...[]byte) []byte {
	inside := slices.Concat(content...)
	return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(8+len(inside))), []byte(kind), inside)
}

// Picture is a unique PNG.
func Picture() []byte {
	const side = 4
	picture := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		picture.Set(
			i%side, i/side, color.RGBA{uint8(rand.IntN(256)), uint8(rand.IntN(256)), uint8(rand.IntN(256)), 255},
		)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.Bytes()
}
