package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"cadans/internal/kernel/id"
	"cadans/pkg/client"
)

// fleet is the phones that send requests.
type fleet struct {
	http       *fasthttp.HostClient
	url        string
	phones     []*phone
	therapists []string // their access tokens
	next       atomic.Int64
}

type phone struct {
	token string
	work  []byte
	etag  string
}

// requester fills a request and says which status it expects.
type requester func(r *fasthttp.Request) (status int)

func newFleet(url string, n int) (*fleet, error) {
	f := &fleet{url: url, http: &fasthttp.HostClient{Addr: strings.TrimPrefix(url, "http://"), MaxConns: 128}}
	var admin client.Tokens
	err := f.call(
		"POST", "/v1/auth/sessions", "", client.LogIn{Email: adminEmail, Password: adminPassword}, &admin, nil,
	)
	if err != nil {
		return nil, err
	}
	for i := range n {
		if i%caseload == 0 {
			token, err := f.therapist(admin.AccessToken, len(f.therapists))
			if err != nil {
				return nil, err
			}
			f.therapists = append(f.therapists, token)
		}
		p, err := f.pair(f.therapists[i/caseload])
		if err != nil {
			return nil, err
		}
		f.phones = append(f.phones, p)
	}
	return f, nil
}

// caseload is how many patients a therapist has.
const caseload = 200

// therapist makes one and returns an access token.
func (f *fleet) therapist(admin string, number int) (string, error) {
	member := client.NewMember{
		ID:       id.New(),
		Name:     "T.",
		Email:    fmt.Sprintf("t%d@bench.example", number),
		Password: adminPassword,
		Role:     client.NewMemberRoleTherapist,
	}
	if err := f.call("POST", "/v1/practice/members", admin, member, nil, nil); err != nil {
		return "", err
	}
	var tokens client.Tokens
	err := f.call(
		"POST", "/v1/auth/sessions", "", client.LogIn{Email: member.Email, Password: adminPassword}, &tokens, nil,
	)
	return tokens.AccessToken, err
}

// pair makes a patient with the largest program there is and a paired phone.
func (f *fleet) pair(therapist string) (*phone, error) {
	patient := id.New()
	if err := f.call("POST", "/v1/patients", therapist, client.NewPatient{ID: patient, Name: "P.", BirthYear: 1971,
		Language: client.Nl, TimeZone: "Europe/Amsterdam", Complaint: client.ComplaintLowBack}, nil, nil); err != nil {
		return nil, err
	}
	version, err := f.publish(therapist, patient)
	if err != nil {
		return nil, err
	}
	work, err := workOf(version)
	if err != nil {
		return nil, err
	}
	var invite client.PairingWithCode
	if err := f.call(
		"POST", "/v1/pairings", therapist, client.NewPairing{ID: id.New(), PatientID: patient}, &invite, nil,
	); err != nil {
		return nil, err
	}
	var tokens client.PatientTokens
	err = f.call("POST", "/v1/auth/pairing-redemptions", "", client.PairingRedemption{
		Code:      invite.Code,
		BirthYear: 1971,
		Device:    client.NewDevice{Name: "x", Platform: client.NewDevicePlatformOther},
	}, &tokens, nil)
	return &phone{token: tokens.AccessToken, work: work}, err
}

// publish gives a patient the largest program there is.
func (f *fleet) publish(therapist, patient string) (version client.ProgramVersion, err error) {
	path := "/v1/patients/" + patient + "/program-versions"
	etag := ""
	err = f.call("GET", path, therapist, nil, nil, func(r *fasthttp.Response) { etag = string(r.Header.Peek("ETag")) })
	if err != nil {
		return version, err
	}
	sets, reps, quota := 3, 10, 5
	n := client.NewProgramVersion{ID: id.New(), EffectiveFrom: today()}
	for _, slug := range []string{"bridge", "bird-dog-leg", "knee-rolls-lying", "sit-to-stand"} {
		n.Items = append(n.Items, client.NewProgramItem{
			ID:       id.New(),
			Exercise: slug,
			Dose:     client.Dose{Sets: &sets, Reps: &reps},
			Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota},
		})
	}
	err = f.callWith("POST", path, therapist, n, &version, nil, "If-Match", etag)
	return version, err
}

func today() string { return time.Now().In(amsterdam).Format("2006-01-02") }

var amsterdam = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return zone
}()

func (f *fleet) call(method, path, token string, body, into any, look func(*fasthttp.Response)) error {
	return f.callWith(method, path, token, body, into, look)
}

func (f *fleet) callWith(
	method, path, token string, body, into any, look func(*fasthttp.Response), headers ...string,
) error {
	r, answer := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(r)
	defer fasthttp.ReleaseResponse(answer)
	f.prepare(r, method, path, token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		r.SetBody(encoded)
	}
	if err := f.http.Do(r, answer); err != nil {
		return err
	}
	if answer.StatusCode() >= 300 {
		return fmt.Errorf("%s %s: %d %s", method, path, answer.StatusCode(), answer.Body())
	}
	if look != nil {
		look(answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer.Body(), into)
}

func (f *fleet) prepare(r *fasthttp.Request, method, path, token string) {
	r.SetRequestURI(f.url + path)
	r.Header.SetMethod(method)
	r.Header.SetContentType("application/json")
	r.Header.Set("Authorization", "Bearer "+token)
}

func (f *fleet) phone() *phone { return f.phones[int(f.next.Add(1))%len(f.phones)] }

// logSession is W1: a session with every item, of one of the last 28 days. Encoding it is the phone's work, so
// what never changes is encoded beforehand.
func (f *fleet) logSession() requester {
	return func(r *fasthttp.Request) int {
		p := f.phone()
		at := time.Now().Add(-time.Duration(rand.IntN(28*24*60)) * time.Minute).In(amsterdam)
		f.prepare(r, "POST", "/v1/me/sessions", p.token)
		r.SetBody(fmt.Appendf(nil,
			`{"id":"%s","performed_at":"%s","local_date":"%s","time_zone":"Europe/Amsterdam","status":"completed",`+
				`"pain_before":3,"pain_after":4,"confidence":7,"duration_s":840,%s}`,
			id.New(), at.Format(time.RFC3339), at.Format(time.DateOnly), p.work))
		return fasthttp.StatusCreated
	}
}

// workOf is the fixed part of a session's body: the version and its items, all done.
func workOf(v client.ProgramVersion) ([]byte, error) {
	difficulty := 4
	items := make([]client.SessionItem, len(v.Items))
	for i, item := range v.Items {
		items[i] = client.SessionItem{
			ItemID:     item.ID,
			Sets:       item.Dose.Sets,
			Reps:       item.Dose.Reps,
			Difficulty: &difficulty,
		}
	}
	encoded, err := json.Marshal(items)
	return fmt.Appendf(nil, `"program_version_id":"%s","items":%s`, v.ID, encoded), err
}

// today is W2.
func (f *fleet) today() requester {
	return func(r *fasthttp.Request) int {
		f.prepare(r, "GET", "/v1/me/today", f.phone().token)
		return fasthttp.StatusOK
	}
}

// caseloadOf is what a therapist looks at first.
func (f *fleet) caseloadOf() requester {
	return func(r *fasthttp.Request) int {
		f.prepare(r, "GET", "/v1/caseload", f.therapists[int(f.next.Add(1))%len(f.therapists)])
		return fasthttp.StatusOK
	}
}

// todayUnchanged is W2 by an app that has the screen already.
func (f *fleet) todayUnchanged() requester {
	for _, p := range f.phones {
		err := f.call(
			"GET", "/v1/me/today", p.token, nil, nil,
			func(r *fasthttp.Response) { p.etag = string(r.Header.Peek("ETag")) },
		)
		if err != nil {
			panic(err)
		}
	}
	return func(r *fasthttp.Request) int {
		p := f.phone()
		f.prepare(r, "GET", "/v1/me/today", p.token)
		r.Header.Set("If-None-Match", p.etag)
		return fasthttp.StatusNotModified
	}
}

// result is one measurement: times in milliseconds, processor time in microseconds a request.
type result struct{ perSecond, p50, p99, cpu float64 }

// measure keeps every connection busy for a while.
func (s *server) measure(w work, f *fleet, length time.Duration) (result, error) {
	request := w.request(f)
	before, err := s.cpu()
	if err != nil {
		return result{}, err
	}
	var wait sync.WaitGroup
	times, failures := make([][]time.Duration, w.connections), make([]error, w.connections)
	started := time.Now()
	for i := range w.connections {
		wait.Go(func() { times[i], failures[i] = f.keepBusy(request, started.Add(length)) })
	}
	wait.Wait()
	took := time.Since(started)
	after, err := s.cpu()
	if err != nil {
		return result{}, err
	}
	for _, failure := range failures {
		if failure != nil {
			return result{}, failure
		}
	}
	all := slices.Concat(times...)
	slices.Sort(all)
	at := func(share float64) float64 { return float64(all[int(share*float64(len(all)-1))].Microseconds()) / 1000 }
	return result{
		perSecond: float64(len(all)) / took.Seconds(),
		p50:       at(.5),
		p99:       at(.99),
		cpu:       (after - before) * 1e6 / float64(len(all)),
	}, nil
}

func (f *fleet) keepBusy(request requester, until time.Time) (times []time.Duration, err error) {
	r, answer := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(r)
	defer fasthttp.ReleaseResponse(answer)
	for time.Now().Before(until) {
		r.Reset()
		answer.Reset()
		want := request(r)
		began := time.Now()
		if err := f.http.Do(r, answer); err != nil {
			return times, err
		}
		times = append(times, time.Since(began))
		if answer.StatusCode() != want {
			return times, fmt.Errorf("answered %d: %s", answer.StatusCode(), answer.Body())
		}
	}
	return times, nil
}
