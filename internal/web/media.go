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

// addMedia adds a picture or film to one of the practice's own exercises. The content of the file decides which it is.
func (s *site) addMedia(r *request) error {
	slug := r.Params("slug")
	return r.answerForm(s.putMedia(r, slug), "media", "/library/"+slug, func() error { return s.exercise(r) })
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
		return fault.Within("/file", err)
	}
	if m.Type.IsFilm() {
		own.Film = m.Hash
	} else {
		own.Picture = m.Hash
	}
	_, _, err = s.parts.Exercises.Save(r.ctx, r.viewer, own, r.FormValue("based"))
	return err
}

// file returns the file uploaded in a field.
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

// removeMedia removes a picture or film from an exercise.
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
	return r.answerForm(err, "media", "/library/"+slug, func() error { return s.exercise(r) })
}

// room allows a signed-in member to send a film, and more time to download one. Other requests are left to the API.
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

// hasRoom makes the application call room before it reads the body of a request.
func (s *site) hasRoom(app *fiber.App) {
	server := app.Server()
	server.HeaderReceived = s.room(server.HeaderReceived)
}

// Archived reports whether the exercise is no longer offered.
func (v exerciseView) Archived() bool { return v.Own != nil && v.Own.Archived }

// Based is the Etag on which a change is based.
func (v exerciseView) Based() string { return v.Own.Etag() }

// MaxFilm is the maximum size of a film, in MB.
func (exerciseView) MaxFilm() int { return exercise.MaxFilm >> 20 }

// MaxPicture is the maximum size of a picture, in MB.
func (exerciseView) MaxPicture() int { return exercise.MaxPicture >> 20 }
