package exercise

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// MediaType is the type of a file, detected from its content.
type MediaType string

// The types.
const (
	JPEG MediaType = "image/jpeg"
	PNG  MediaType = "image/png"
	MP4  MediaType = "video/mp4"
)

// IsFilm reports whether the file is a film rather than a picture.
func (t MediaType) IsFilm() bool { return t == MP4 }

// Limits, in bytes. A film of 20 seconds from a phone fits.
const (
	MaxPicture = 6 << 20
	MaxFilm    = 16 << 20
	MaxMedia   = 1 << 30 // per practice
)

// Errors of media.
var (
	ErrNoMedia    = fault.New(fault.NotFound, "not-found", "no such picture or film")
	ErrMediaFull  = fault.New(fault.Conflict, "media-full", "the practice has no room for more pictures and films")
	errUnreadable = fault.Input(fault.Violation{Code: "unreadable-media"})
	errLarge      = fault.Input(fault.Violation{Code: "media-too-large"})
)

// Media is a picture or film of an exercise. Its name is the SHA-256 of its content, so it never changes.
type Media struct {
	Hash    string
	Type    MediaType
	Content []byte
}

// NewMedia reads an uploaded file. It strips a picture of its metadata, and refuses a film that contains a location.
func NewMedia(content []byte) (Media, error) {
	m := Media{Type: MediaType(http.DetectContentType(content)), Content: content}
	if isFilm(content) {
		m.Type = MP4
	}
	var err error
	switch {
	case m.Type != JPEG && m.Type != PNG && m.Type != MP4:
		return Media{}, errUnreadable
	case m.Type.IsFilm() && len(content) > MaxFilm, !m.Type.IsFilm() && len(content) > MaxPicture:
		return Media{}, errLarge
	case m.Type.IsFilm():
		err = checkFilm(content)
	default:
		m.Content, err = cleanPicture(content, m.Type)
	}
	sum := sha256.Sum256(m.Content)
	m.Hash = hex.EncodeToString(sum[:])
	return m, err
}

// AddMedia stores a picture or film for the viewer's practice. It returns false if the same content is already stored.
func (s *Service) AddMedia(ctx context.Context, v access.Viewer, content []byte) (Media, bool, error) {
	m, err := s.read(ctx, content)
	if err != nil {
		return Media{}, false, err
	}
	created, err := s.storeFile(ctx, v, m)
	return m, created, err
}

// read is NewMedia for one file at a time, because decoding a picture takes many times its size.
func (s *Service) read(ctx context.Context, content []byte) (Media, error) {
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
		return NewMedia(content)
	case <-ctx.Done():
		return Media{}, ctx.Err()
	}
}

// Media returns a picture or film of the viewer's practice, or ErrNoMedia.
func (s *Service) Media(ctx context.Context, v access.Viewer, hash string) (Media, error) {
	return access.Read(ctx, s.guard, v.Enters(access.GetMedia), func(tx *database.Tx) (Media, error) {
		return newStore(tx).media(v.Practice, hash)
	})
}

// checkMedia refuses an exercise whose picture or film does not exist in this practice.
func (s store) checkMedia(practice id.Practice, e Exercise) error {
	var wrong []fault.Violation
	for _, file := range []struct {
		pointer, hash string
		film          bool
	}{{"/picture", e.Picture, false}, {"/film", e.Film, true}} {
		if file.hash == "" {
			continue
		}
		var kind MediaType
		err := s.tx.Value(&kind, "SELECT type FROM media WHERE practice_id = ? AND hash = ?", practice, file.hash)
		switch {
		case fault.Is(err, fault.NotFound), err == nil && kind.IsFilm() != file.film:
			wrong = append(wrong, fault.Violation{Pointer: file.pointer, Code: "unknown-media"})
		case err != nil:
			return database.Wrap("exercise: look for media", err)
		}
	}
	return fault.Input(wrong...)
}
