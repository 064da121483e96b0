package trouble_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"cadans/internal/kernel/admission"
)

// load is everybody who uses the server.
type load struct {
	server    *server
	therapist string
	phones    []paired
}

// outcome is what came of the requests of a class.
type outcome struct {
	offered, accepted, refused int
	wrong                      map[string]int // neither, by what came
	times                      []time.Duration
	acknowledged               map[int][]string // sessions by phone
}

func newOutcome() *outcome {
	return &outcome{wrong: map[string]int{}, acknowledged: map[int][]string{}}
}

func (o *outcome) add(other *outcome) {
	o.offered += other.offered
	o.accepted += other.accepted
	o.refused += other.refused
	o.times = append(o.times, other.times...)
	for what, n := range other.wrong {
		o.wrong[what] += n
	}
	for of, ids := range other.acknowledged {
		o.acknowledged[of] = append(o.acknowledged[of], ids...)
	}
}

// at returns the time within which a share of the accepted was answered.
func at(times []time.Duration, share float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[int(share*float64(len(sorted)-1))]
}

// outcomes has one for each class.
type outcomes []*outcome

func newOutcomes() (o outcomes) {
	for range admission.Classes {
		o = append(o, newOutcome())
	}
	return o
}

func (o outcomes) all() *outcome {
	sum := newOutcome()
	for _, one := range o {
		sum.add(one)
	}
	return sum
}

// connection is one client that waits for each answer.
type connection struct {
	load   *load
	conn   net.Conn
	in     *bufio.Reader
	out    *bufio.Writer
	ask    fasthttp.Request
	answer fasthttp.Response
	found  outcomes
}

// want makes the request of a class, and returns whose it is and the id of what is told.
func (c *connection) want(class admission.Class) (of int, id string) {
	of = rand.IntN(len(c.load.phones))
	p := c.load.phones[of]
	r := &c.ask
	r.Reset()
	r.Header.SetHost(c.load.server.address)
	r.Header.Set("Authorization", "Bearer "+p.token)
	switch class {
	case admission.Writes:
		id = newID()
		day := time.Now().UTC().Add(-time.Duration(rand.IntN(24*60)) * time.Minute)
		r.Header.SetMethod(http.MethodPost)
		r.Header.SetContentType("application/json")
		r.SetRequestURI("/v1/me/sessions")
		r.SetBodyString(
			fmt.Sprintf(`{"id":"%s","performed_at":"%s","local_date":"%s","time_zone":"UTC","status":"completed",`+
				`"program_version_id":"%s","items":[{"item_id":"%s","sets":3}]}`,
				id, day.Format(time.RFC3339), day.Format(time.DateOnly), p.version, p.item),
		)
	case admission.Reads:
		r.SetRequestURI("/v1/me/today")
	case admission.Rest:
		r.SetRequestURI("/v1/caseload")
		r.Header.Set("Authorization", "Bearer "+c.load.therapist)
	}
	return of, id
}

// send asks once, and takes down what came. The time counts from when the request was due.
func (c *connection) send(class admission.Class, due time.Time) {
	of, id := c.want(class)
	found := c.found[class]
	found.offered++
	if err := c.exchange(); err != nil {
		found.wrong["connection"]++
		c.hangUp()
		return
	}
	switch status := c.answer.StatusCode(); {
	case status == http.StatusOK || status == http.StatusCreated:
		found.accepted++
		found.times = append(found.times, time.Since(due))
		if id != "" {
			found.acknowledged[of] = append(found.acknowledged[of], id)
		}
	case status == http.StatusServiceUnavailable && len(c.answer.Header.Peek("Retry-After")) > 0:
		found.refused++
	default:
		found.wrong[fmt.Sprint(status)]++
	}
	if c.answer.ConnectionClose() {
		c.hangUp()
	}
}

func (c *connection) exchange() error {
	if c.conn == nil {
		conn, err := net.DialTimeout("tcp", c.load.server.address, 5*time.Second)
		if err != nil {
			return err
		}
		c.conn, c.in, c.out = conn, bufio.NewReaderSize(conn, 4096), bufio.NewWriterSize(conn, 2048)
	}
	if err := c.conn.SetDeadline(time.Now().Add(15 * time.Second)); err != nil {
		return err
	}
	if err := c.ask.Write(c.out); err != nil {
		return err
	}
	if err := c.out.Flush(); err != nil {
		return err
	}
	return c.answer.Read(c.in)
}

func (c *connection) hangUp() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// connect runs a function on so many connections at once, and adds up what they found.
func (l *load) connect(n int, do func(*connection)) outcomes {
	found := make([]outcomes, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			c := &connection{load: l, found: newOutcomes()}
			defer c.hangUp()
			do(c)
			found[i] = c.found
		})
	}
	all.Wait()
	sum := newOutcomes()
	for _, one := range found {
		for class := range sum {
			sum[class].add(one[class])
		}
	}
	return sum
}

// closed keeps connections busy, each with one request after another.
func (l *load) closed(n int, length time.Duration, class func() admission.Class) outcomes {
	until := time.Now().Add(length)
	return l.connect(n, func(c *connection) {
		for time.Now().Before(until) {
			c.send(class(), time.Now())
		}
	})
}

// given is a request that is due, whether or not those before it were answered.
type given struct {
	class admission.Class
	due   time.Time
}

// open offers requests at a rate, whatever comes of them, on as many connections as there may be.
func (l *load) open(t *testing.T, n int, perSecond float64, length time.Duration) outcomes {
	t.Helper()
	total := int(perSecond * length.Seconds())
	queue := make(chan given, total)
	go func() {
		defer close(queue)
		began := time.Now()
		for i := range total {
			due := began.Add(time.Duration(float64(i) / perSecond * float64(time.Second)))
			if wait := time.Until(due); wait > time.Millisecond {
				<-time.After(wait)
			}
			queue <- given{mixed(), due}
		}
	}()
	sum := l.connect(n, func(c *connection) {
		for g := range queue {
			c.send(g.class, g.due)
		}
	})
	require.Equal(t, total, sum.all().offered)
	return sum
}

// shares of the classes in what is asked, as on a busy evening.
var shares = map[admission.Class]float64{admission.Writes: 0.3, admission.Reads: 0.5, admission.Rest: 0.2}

func mixed() admission.Class {
	chance := rand.Float64()
	for _, class := range admission.Classes {
		if chance -= shares[class]; chance < 0 {
			return class
		}
	}
	return admission.Rest
}

func only(class admission.Class) func() admission.Class {
	return func() admission.Class { return class }
}
