package door

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/valyala/fasthttp"

	"cadans/internal/kernel/admission"
	"cadans/internal/kernel/clock"
	"cadans/internal/record/people"
)

// gate stands before everything else. Refusing a request must be cheap, so a refused request is not routed, gets no log
// line of its own, and is answered with a prepared text.
type gate struct {
	next    fasthttp.RequestHandler
	limiter *admission.Limiter
	kinds   *kinds
	refusal map[people.Language]refusal // for programs
	page    map[people.Language]refusal // for people
	// languages caches the language of Accept-Language headers, because parsing them would cost more than the rest of a
	// refusal.
	languages *lru.Cache[string, people.Language]
	told      refusalLog
}

// headersKept limits that cache; browsers and phones send few different headers.
const headersKept = 256

// newGate returns the gate in front of a handler.
func newGate(p Parts, next fasthttp.RequestHandler) *gate {
	languages, err := lru.New[string, people.Language](headersKept)
	if err != nil {
		panic(err) // it fails only for a size that is not positive
	}
	return &gate{
		next: next, languages: languages, limiter: p.Limiter, kinds: kindsOf(p.Contract),
		told: refusalLog{log: p.Log, clock: p.Clock},
		refusal: map[people.Language]refusal{
			people.English: newRefusal(p.Contract, people.English), people.Dutch: newRefusal(p.Contract, people.Dutch),
		},
		page: map[people.Language]refusal{
			people.English: newPage(p.Contract, people.English), people.Dutch: newPage(p.Contract, people.Dutch),
		},
	}
}

func (g *gate) handle(c *fasthttp.RequestCtx) {
	k := g.kinds.of(c.Method(), c.URI().PathOriginal()) // undecoded, as in the router
	if k.probe {
		g.next(c)
		return
	}
	ticket, ok := g.limiter.Enter(k.class)
	if !ok {
		g.refuse(c)
		return
	}
	defer g.leave(c, ticket, k)
	g.next(c)
}

func (g *gate) leave(c *fasthttp.RequestCtx, ticket admission.Ticket, k kind) {
	if !k.queues && indicatesLoad(c) {
		g.limiter.Leave(ticket, k.number)
	} else {
		g.limiter.LeaveUnmeasured(ticket)
	}
}

// indicatesLoad reports whether the duration of a request indicates how busy the server is. Streams, uploads, downloads
// and invalid requests do not.
func indicatesLoad(c *fasthttp.RequestCtx) bool {
	const file = 1 << 20
	status := c.Response.StatusCode()
	return len(c.Request.Body()) <= bodyLimit && !c.Response.IsBodyStream() && len(c.Response.Body()) < file &&
		(status < fiber.StatusBadRequest || status >= fiber.StatusInternalServerError)
}

// refusal is the answer to a refused request, except for its id.
type refusal struct {
	language      string
	version       string
	kind          string // of the content
	before, after []byte
}

func newRefusal(c *Contract, l people.Language) refusal {
	const mark = "the id"
	body, err := json.Marshal(problemOf(errOverloaded, fiber.StatusServiceUnavailable, mark, l))
	if err != nil {
		panic(err) // problems are ours
	}
	before, after, _ := bytes.Cut(body, []byte(mark))
	return refusal{
		language: string(l),
		version:  c.document.Info.Version,
		kind:     "application/problem+json",
		before:   before,
		after:    after,
	}
}

// newPage returns a refusal for browsers. It has no style sheet, because that would be one more request.
func newPage(c *Contract, l people.Language) refusal {
	title, detail := problemText(errOverloaded.Code, l)
	number := l.Say("trouble.request")
	before := `<!doctype html><html lang="` + string(l) + `"><meta charset="utf-8">` +
		`<meta name="viewport" content="width=device-width, initial-scale=1"><title>` + title +
		` – Cadans</title><h1>` + title +
		`</h1><p>` + detail + `</p><p>` + number + `: `
	return refusal{
		language: string(l), version: c.document.Info.Version, kind: fiber.MIMETextHTMLCharsetUTF8,
		before: []byte(before), after: []byte("</p></html>\n"),
	}
}

// longestWait is the longest wait that a refused client is asked for, in seconds. The wait is random, so that clients
// do not all return at the same time.
const longestWait = 3

// SetRetryAfter tells a client when to try again. A browser retries a page automatically; it does not retry a form,
// whose content would be lost.
func SetRetryAfter(c *fiber.Ctx) { setRetryAfter(c.Context()) }

func setRetryAfter(c *fasthttp.RequestCtx) {
	wait := strconv.Itoa(retryTransient + rand.IntN(longestWait))
	c.Response.Header.Set(fiber.HeaderRetryAfter, wait)
	if c.IsGet() && wantsPage(c) {
		c.Response.Header.Set("Refresh", wait)
	}
}

func (g *gate) refuse(c *fasthttp.RequestCtx) {
	h := &c.Response.Header
	request := requestID(string(c.Request.Header.Peek(fiber.HeaderXRequestID)))
	l := g.language(string(c.Request.Header.Peek(fiber.HeaderAcceptLanguage)))
	r := g.refusal[l]
	if wantsPage(c) {
		r = g.page[l]
	}
	setHeaders(h.Set, r.version, request)
	h.Set(fiber.HeaderCacheControl, "no-store")
	h.Set(fiber.HeaderContentLanguage, r.language)
	setRetryAfter(c)
	c.SetContentType(r.kind)
	c.SetStatusCode(fiber.StatusServiceUnavailable)
	c.Response.AppendBody(r.before)
	c.Response.AppendBodyString(request)
	c.Response.AppendBody(r.after)
	g.told.tell(g.limiter)
}

// wantsPage reports whether a person will read the answer in a browser.
func wantsPage(c *fasthttp.RequestCtx) bool {
	return !bytes.HasPrefix(c.URI().PathOriginal(), []byte("/v1/")) &&
		bytes.Contains(c.Request.Header.Peek(fiber.HeaderAccept), []byte(fiber.MIMETextHTML))
}

func (g *gate) language(header string) people.Language {
	known, ok := g.languages.Get(header)
	if !ok {
		known = preferred(header)
		g.languages.Add(header, known)
	}
	return known
}

// refusalLogInterval is the interval of log lines about refused requests.
const refusalLogInterval = time.Minute

// refusalLog logs refused requests, many in one line.
type refusalLog struct {
	log   *slog.Logger
	clock clock.Clock
	last  atomic.Int64
}

func (t *refusalLog) tell(l *admission.Limiter) {
	now, last := t.clock.Now().UnixNano(), t.last.Load()
	if last != 0 && now-last < int64(refusalLogInterval) || !t.last.CompareAndSwap(last, now) {
		return
	}
	t.log.Warn("more is asked than can be answered in time; requests are refused", "limit", l.Limit(), "in_flight",
		l.InFlight(), "writes", l.Shed(admission.Writes), "reads", l.Shed(admission.Reads), "rest",
		l.Shed(admission.Rest))
}
