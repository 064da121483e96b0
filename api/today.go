package api

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/database"
	"cadans/internal/record/education"
	"cadans/internal/record/session"
	"cadans/internal/screens/today"
)

// GetToday implements StrictServerInterface.
func (s *Server) GetToday(ctx context.Context, r wire.GetTodayRequestObject) (wire.GetTodayResponseObject, error) {
	screen, err := s.parts.Today.Of(ctx, door.ViewerOf(ctx), date(r.Params.Date))
	if err != nil {
		return nil, err
	}
	return todayResponse(s.toToday(screen)), nil
}

// todayResponse answers 304 if the app already has this screen.
type todayResponse wire.Today

// VisitGetTodayResponse implements GetTodayResponseObject.
func (t todayResponse) VisitGetTodayResponse(c *fiber.Ctx) error {
	body, err := json.Marshal(wire.Today(t))
	if err != nil {
		return fmt.Errorf("api: encode today: %w", err)
	}
	tag := *etag(database.TextHash(body))
	c.Set(fiber.HeaderETag, tag)
	if door.HasTag(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(body)
}

func (s *Server) toToday(screen today.Screen) wire.Today {
	t := wire.Today{
		LocalDate: screen.Date.String(), TimeZone: screen.Zone, Language: wire.Language(screen.Language),
		State:    wire.TodayState(screen.State),
		Headline: screen.Headline, Note: optional(screen.Note), Minutes: screen.Minutes, UnreadFeedback: screen.Unread,
		Items: mapped(screen.Items, func(i today.Item) wire.TodayItem {
			return wire.TodayItem{Item: s.toItem(i.Item, screen.Language), Expected: i.Expected, Done: i.Done}
		}),
		Sessions: mapped(screen.Sessions, func(s session.Session) wire.SessionBrief {
			return wire.SessionBrief{
				ID:          wire.ID(s.ID),
				PerformedAt: s.PerformedAt.UTC(),
				Status:      wire.SessionStatus(s.Status),
			}
		}),
	}
	if screen.Version != nil {
		t.ProgramVersionID = optional(wire.ID(screen.Version.ID))
		t.Week = &wire.WeekSoFar{Done: screen.WeekDone, Planned: screen.WeekPlan}
	}
	if screen.Pause != nil {
		pause := toPause(*screen.Pause)
		t.Pause = &pause
	}
	if screen.Flare {
		t.Flare, t.EducationCard = &screen.Flare, optional(education.FlareCard)
	}
	if screen.Stop != nil {
		t.SafetyAdvice = &wire.SafetyAdvice{
			Level: wire.SafetyLevel(screen.Stop.Level),
			Text:  screen.Stop.Advice(screen.Language),
		}
	}
	return t
}
