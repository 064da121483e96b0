package web

import (
	"context"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"cadans/api/door"
	"cadans/internal/kernel/fault"
	"cadans/internal/record/exercise"
)

// media answers with a picture or film of an exercise.
func (s *site) media(r *request) error {
	m, err := s.parts.Exercises.Media(r.ctx, r.viewer, r.Params("media_hash"))
	if err != nil {
		return err
	}
	return door.SendMedia(r.Ctx, m)
}

// addMedia puts a picture or film on an exercise of the practice's own; by what is in the file it is one or the other.
func (s *site) addMedia(r *request) error {
	slug := r.Params("slug")
	return r.again(s.putMedia(r, slug), "media", "/library/"+slug, func() error { return s.exercise(r) })
}

func (s *site) putMedia(r *request, slug string) error {
	content, err := r.file("file")
	if err != nil {
		return err
	}
	own, err := s.parts.Exercises.Own(r.ctx, r.viewer, slug)
	if err != nil {
		return err
	}
	m, _, err := s.parts.Exercises.AddMedia(r.ctx, r.viewer, content)
	if err != nil {
		return err
	}
	if m.Type.IsFilm() {
		own.Film = m.Hash
	} else {
		own.Picture = m.Hash
	}
	_, _, err = s.parts.Exercises.Save(r.ctx, r.viewer, own, r.FormValue("based"))
	return err
}

// file is what was sent in a field.
func (r *request) file(field string) ([]byte, error) {
	header, err := r.FormFile(field)
	if err != nil {
		return nil, fault.Input(fault.Violation{Pointer: "/" + field, Code: "required"})
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return content, file.Close()
}

// removeMedia takes a picture or film from an exercise.
func (s *site) removeMedia(r *request) error {
	slug := r.Params("slug")
	own, err := s.parts.Exercises.Own(r.ctx, r.viewer, slug)
	if err == nil {
		if r.FormValue("which") == "film" {
			own.Film = ""
		} else {
			own.Picture = ""
		}
		_, _, err = s.parts.Exercises.Save(r.ctx, r.viewer, own, r.FormValue("based"))
	}
	return r.again(err, "media", "/library/"+slug, func() error { return s.exercise(r) })
}

// room gives a film room when a signed-in member sends one, and time when one is
// shown; of other requests the API decides.
func (s *site) room(others door.Room) door.Room {
	return func(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
		path := string(h.RequestURI())
		switch {
		case strings.HasPrefix(path, "/library/media/"):
			return s.parts.Timeouts.MediaOut()
		case !h.IsPost() || !strings.HasPrefix(path, "/library/") || !strings.HasSuffix(path, "/media"):
			return others(h)
		}
		ctx, cancel := context.WithTimeout(context.Background(), deadline)
		defer cancel()
		if _, err := s.parts.Auth.StillSignedIn(ctx, string(h.Cookie(sessionCookie))); err != nil {
			return others(h)
		}
		return s.parts.Timeouts.MediaIn()
	}
}

// hasRoom makes the application ask before it reads the body of a request.
func (s *site) hasRoom(app *fiber.App) {
	server := app.Server()
	server.HeaderReceived = s.room(server.HeaderReceived)
}

// Archived reports whether the exercise is no longer offered.
func (v exerciseView) Archived() bool { return v.Own != nil && v.Own.Archived }

// Based is the Etag on which a change builds.
func (v exerciseView) Based() string { return v.Own.Etag() }

// MaxFilm is how large a film may be, in MB.
func (exerciseView) MaxFilm() int { return exercise.MaxFilm >> 20 }

// MaxPicture is how large a picture may be, in MB.
func (exerciseView) MaxPicture() int { return exercise.MaxPicture >> 20 }
