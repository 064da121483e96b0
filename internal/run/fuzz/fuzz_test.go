package fuzz_test

import (
	"encoding/base64"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

var (
	seed = flag.Uint64("seed", 1, "from which requests are made; the same seed makes the same ones")
	only = flag.String("only", "", "one operation instead of all")
)

const (
	worlds       = 4  // programs beside each other
	perAllowed   = 78 // requests of an operation by who may send it
	perForbidden = 7  // and by who may not
	perFixture   = 12 // requests between two fixtures
	mostFindings = 400
	bodyShown    = 1500
)

// finding is a request that was answered as it never may be.
type finding struct {
	kind, detail string
	by           role
	number       int
	request      request
	status       int
	answer       string
}

// String says how to send the request again.
func (f finding) String() string {
	return fmt.Sprintf("%s: %s %s\n  by %s, seed %d, request %d of the operation\n  %s %s\n  headers: %q, token: %s\n"+
		"  body: %s\n  answer: %d %s", f.request.operation.id, f.kind, f.detail, f.by, *seed, f.number,
		f.request.operation.method, f.request.address(), f.request.sorted(), f.request.tokenShown(),
		shortened(string(encoded(f.request.body))), f.status, shortened(f.answer))
}

// tokenShown is the claims of a token, as that itself holds in its own run alone.
func (r request) tokenShown() string {
	_, rest, _ := strings.Cut(r.token, ".")
	claims, _, _ := strings.Cut(rest, ".")
	text, _ := base64.RawURLEncoding.DecodeString(claims)
	return shortened(string(text))
}

func shortened(s string) string {
	if len(s) > bodyShown {
		return fmt.Sprintf("%.*q… (%d bytes)", bodyShown, s, len(s))
	}
	return fmt.Sprintf("%q", s)
}

// run is what all worlds have found together.
type run struct {
	mu       sync.Mutex
	requests int
	findings map[string]finding // by operation and kind
	reached  map[string]bool    // operations that were answered 2xx
	first    map[string]int     // how many requests it took
}

func (r *run) add(f finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := f.request.operation.id + " " + f.kind
	if _, known := r.findings[key]; known || len(r.findings) >= mostFindings {
		return
	}
	r.findings[key], r.first[key] = f, r.requests
}

func (r *run) sent(o operation, status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests++
	if status/100 == 2 {
		r.reached[o.id] = true
	}
}

// Every operation is sent what is right, nearly right and hostile, by everybody. A run is the same for the same seed.
func TestEveryOperationWithstandsEverything(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("twenty thousand requests: make test sends them")
	}
	t.Logf("seed %d", *seed)
	all := &run{findings: map[string]finding{}, reached: map[string]bool{}, first: map[string]int{}}
	t.Run("worlds", func(t *testing.T) {
		for n := range worlds {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				for i, o := range w.operations {
					if i%worlds == n && (*only == "" || *only == o.id) {
						w.attack(all, o)
					}
				}
			})
		}
	})
	all.report(t)
}

func (r *run) report(t *testing.T) {
	t.Logf("%d requests", r.requests)
	for _, key := range slices.Sorted(maps.Keys(r.findings)) {
		t.Errorf("after %d requests: %s", r.first[key], r.findings[key])
	}
	if *only != "" {
		return
	}
	require.GreaterOrEqual(t, r.requests, 20_000)
	var unreached []string
	operations := operationsOf(contract(t))
	for _, o := range operations {
		if !r.reached[o.id] {
			unreached = append(unreached, o.id)
		}
	}
	t.Logf("%d of %d operations were answered 2xx; not: %v", len(operations)-len(unreached), len(operations), unreached)
	require.LessOrEqual(t, len(unreached)*10, len(operations), "too many operations are never accepted")
}

// attack sends everything to one operation.
func (w *world) attack(all *run, o operation) {
	w.fresh()
	w.changes.since()
	a := &attacker{world: w, run: all, operation: o}
	for _, by := range roles {
		times := perForbidden
		if by.may(o.id) {
			times = perAllowed
		}
		hash := fnv.New64a()
		_, _ = hash.Write([]byte(o.id + string(by)))
		a.maker = maker{rand.New(rand.NewPCG(*seed, hash.Sum64())), w}
		a.send(by, times)
	}
	if strings.Contains(w.Log(), `"level":"ERROR"`) {
		a.find("error in the log", "", attempt{request: request{operation: o}}, testkit.Answer{})
	}
	w.ExpectedErrors() // they are findings already
}

// attacker sends requests to one operation.
type attacker struct {
	*world
	maker
	run       *run
	operation operation
	number    int
}

// attempt is a request with what is known of it.
type attempt struct {
	request
	by       role
	accepted bool // it must be
	refused  bool // it must be
}

func (a *attacker) send(by role, times int) {
	var base request
	for n := range times {
		if n%perFixture == 0 {
			base = a.valid(a.operation)
			base.body = normal(base.body)
			a.changes.since()
		}
		one := attempt{request: base.clone(), by: by}
		one.token = a.token(by)
		if n%perFixture == 0 {
			// a member has only so many
			one.accepted = by == a.operation.sender() && !(n > 0 && a.operation.id == "streamEvents")
		} else {
			a.change(&one)
		}
		one.refused = one.refused && !a.operation.isTold || one.isInvalid()
		a.try(one)
	}
	for _, known := range knownCases[a.operation.id] {
		if by == a.operation.sender() {
			one := attempt{request: a.valid(a.operation), by: by, accepted: known.accepted, refused: !known.accepted}
			one.token = a.token(by)
			known.change(a.world, &one.request)
			a.changes.since()
			a.try(one)
		}
	}
}

func normal(body any) any {
	if _, isRaw := body.([]byte); isRaw || body == nil {
		return body
	}
	return copied(body)
}

func (r request) clone() request {
	c := r
	c.path, c.headers = map[string]string{}, map[string]string{}
	for k, v := range r.path {
		c.path[k] = v
	}
	for k, v := range r.headers {
		c.headers[k] = v
	}
	c.query = append([][2]string(nil), r.query...)
	c.body = normal(r.body)
	return c
}

// change makes the request one of many kinds.
func (a *attacker) change(one *attempt) {
	a.renew(one)
	hasBody := a.operation.body != nil
	switch kind := a.IntN(100); {
	case kind < 10: // as it is, again
	case hasBody && kind < 50:
		a.spoilBody(&one.request)
	case hasBody && kind < 60:
		one.body = a.value(a.operation.body, "")
	case hasBody && kind < 68:
		one.body = oneOf(a.maker, wrongRoots...)
	case hasBody && kind < 72:
		a.twice(&one.request)
		_, isText := one.body.(string)
		one.refused = isText
	case a.operation.isRaw && kind < 60:
		one.body = a.file(one.body.([]byte))
	case kind < 88:
		a.spoilParameter(&one.request)
	case kind < 94:
		one.refused = a.spoilHeaders(&one.request)
	default:
		a.spoilToken(&one.request)
		one.refused = !stranger.may(a.operation.id)
	}
}

// renew gives a body a new id half of the time, so that it is no retry.
func (a *attacker) renew(one *attempt) {
	object, ok := one.body.(map[string]any)
	if _, named := object["id"]; ok && named && a.chance(60) {
		object["id"] = a.NewID()
	}
}

// file is a picture or film that is none any more.
func (a *attacker) file(content []byte) any {
	broken := append([]byte(nil), content...)
	for range 1 + a.IntN(3) {
		broken[a.IntN(len(broken))] = byte(a.IntN(256))
	}
	return oneOf[any](
		a.maker, broken, content[:a.IntN(len(content))], []byte{}, []byte("GIF89a"), make([]byte, 100<<10),
	)
}
