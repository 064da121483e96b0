package door

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"cadans/api/door/mend"
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/fault"
	"cadans/internal/record/safety"
	"cadans/internal/record/told"
)

// toldBy marks an operation in which a patient's phone tells something: what can be understood of it is stored.
const toldBy = "x-told"

// Listener keeps what a phone told in a record that was mended or refused.
type Listener interface {
	Keep(ctx context.Context, v access.Viewer, r told.Record, mended string) (string, error)
	Refuse(ctx context.Context, v access.Viewer, r told.Record) (safety.Verdict, error)
}

// heard is what a phone told, and what is understood of it.
type heard struct {
	told.Record
	mended []byte
}

// hear reads the body of an operation in which a phone tells something. Only what is no JSON object, or has a score
// that cannot be, is refused.
func (d *Door) hear(c *fiber.Ctx, o operation) (h heard, err error) {
	text := string(c.Request().Body())
	h.Record = told.Record{
		Operation: o.id, Text: text, ID: mend.ID(text, c.Params("session_id")), Signs: mend.Signs(text),
	}
	if err := fault.Input(o.checkParameters(c)...); err != nil {
		return h, err
	}
	if err := checkBodyType(c, fiber.MIMEApplicationJSON); err != nil {
		return h, err
	}
	object, err := looseJSON(c.Request().Body())
	if err != nil {
		return h, err
	}
	object.Now = d.parts.Clock.Now()
	mended := mend.Object(o.body, object, formats...)
	if err := fault.Input(mended.Refused...); err != nil {
		return h, err
	}
	h.ID, _ = mended.Value["id"].(string)
	h.ID = cmp.Or(h.ID, c.Params("session_id"))
	o.addSigns(mended.Value, h.Signs)
	h.Findings = mended.Warnings
	h.mended, err = json.Marshal(mended.Value)
	return h, err
}

// addSigns adds signs that were told in another form than a list.
func (o operation) addSigns(mended map[string]any, signs []safety.Sign) {
	if len(signs) == 0 || o.body.Properties[newSigns] == nil {
		return
	}
	told, _ := mended[newSigns].([]any)
	for _, sign := range signs {
		if !slices.Contains(told, any(string(sign))) {
			told = append(told, string(sign))
		}
	}
	mended[newSigns] = told
}

// newSigns is the field with the answers to "anything new?".
const newSigns = "new_signs"

// listen lets a handler store what a phone told. When there is no record in it, or the handler refuses it, it is kept
// as it was told, and the safety gate sees its signs: a phone does not tell them a second time.
func (d *Door) listen(ctx context.Context, c *fiber.Ctx, o operation, who caller) error {
	h, err := d.hear(c, o)
	if err == nil {
		err = d.pass(ctx, c, h, who)
	}
	if !isRefusal(err) || h.Text == "" {
		return err
	}
	h.Findings = classify(err).Violations
	verdict, unkept := d.parts.Listener.Refuse(ctx, who.viewer, h.Record)
	if unkept != nil {
		return unkept
	}
	c.Locals(adviceKey, verdict.Advice(who.language))
	return err
}

// pass hands what is understood to the handler. What was mended is kept first, as it was told.
func (d *Door) pass(ctx context.Context, c *fiber.Ctx, h heard, who caller) error {
	body := string(h.mended)
	if len(h.Findings) > 0 {
		var err error
		if body, err = d.parts.Listener.Keep(ctx, who.viewer, h.Record, body); err != nil {
			return err
		}
	}
	c.Request().SetBodyString(body)
	who.told = told.Body{Text: h.Text, Warnings: h.Findings}
	c.SetUserContext(withCaller(ctx, who))
	return c.Next()
}

// isRefusal reports whether a record will never be stored as it is.
func isRefusal(err error) bool {
	return fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) ||
		fault.Is(err, unsupportedMedia)
}

// looseJSON reads an object as phones write it: a byte order mark before it, a field twice, characters that are no
// text.
func looseJSON(body []byte) (mend.Told, error) {
	plain := strings.TrimPrefix(strings.ToValidUTF8(string(body), "\uFFFD"), "\uFEFF")
	value, err := readJSON([]byte(plain), loose)
	var input *fault.Fault
	said := mend.Told{}
	if errors.As(err, &input) && value != nil {
		for _, v := range input.Violations {
			said.Twice = append(said.Twice, v.Pointer)
		}
		err = nil
	}
	if err != nil {
		return said, err
	}
	object, isObject := value.(map[string]any)
	if !isObject {
		return said, fault.Input(fault.Violation{Code: "wrong-type"})
	}
	said.Object = object
	return said, nil
}
