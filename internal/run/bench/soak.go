package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/valyala/fasthttp"
)

// The limits of a soak, for its second half: by then every cache and pool has reached its final size.
const (
	soakSpread = 5   // goroutines and open files, more or fewer than in the middle
	soakGrowth = 0.2 // MiB of resident memory a minute
)

// sample is what the server uses at a moment: memory in MiB.
type sample struct {
	at                          time.Duration
	resident, live, heap        float64
	goroutines, files, requests int
}

// soak keeps the server moderately busy for long, and fails if its resources still grow in the second half. It uses
// many patients, so that none of them trains more often than people do.
func (s stage) soak(length time.Duration, rate int) error {
	samples, err := s.server.watch(s.fleet, length, rate)
	if err != nil {
		return err
	}
	return judge(samples[len(samples)/2:])
}

// watch sends requests at a steady rate and prints what the server uses, thirty times in all.
func (s *server) watch(f *fleet, length time.Duration, rate int) (samples []sample, err error) {
	steady := f.begin(rate)
	defer steady.end()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "minute\tMiB resident\tGo heap\tof it live\tgoroutines\tfiles\trequests")
	const rows = 30
	began := time.Now()
	for i := 1; i <= rows; i++ {
		time.Sleep(time.Until(began.Add(length * time.Duration(i) / rows)))
		now, err := s.sample()
		if err != nil {
			return nil, err
		}
		now.at, now.requests = time.Since(began), steady.count()
		samples = append(samples, now)
		fmt.Fprintf(
			table, "%.1f\t%.1f\t%.1f\t%.1f\t%d\t%d\t%d\n", now.at.Minutes(), now.resident, now.heap, now.live,
			now.goroutines, now.files, now.requests,
		)
		if err := table.Flush(); err != nil {
			return nil, err
		}
	}
	return samples, steady.failure()
}

// sample asks the server's metrics, and the system.
func (s *server) sample() (now sample, err error) {
	response, err := http.Get(s.metrics + "/metrics")
	if err != nil {
		return now, err
	}
	defer response.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(response.Body)
	if err != nil {
		return now, err
	}
	value := func(name string) float64 { return families[name].GetMetric()[0].GetGauge().GetValue() }
	const mib = 1 << 20
	now.resident, now.goroutines = value("process_resident_memory_bytes")/mib, int(value("go_goroutines"))
	now.heap, now.live = value("go_memstats_heap_inuse_bytes")/mib,
		value("go_memstats_next_gc_bytes")/mib/(1+gcPercent/100)
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.cmd.Process.Pid))
	now.files = len(files)
	return now, err
}

// judge returns an error that names what still grew.
func judge(second []sample) error {
	first := second[0]
	for _, s := range second {
		if abs(s.goroutines-first.goroutines) > soakSpread || abs(s.files-first.files) > soakSpread {
			return fmt.Errorf(
				"%d goroutines and %d files became %d and %d", first.goroutines, first.files, s.goroutines, s.files,
			)
		}
	}
	growth := slope(second)
	fmt.Printf("second half: %+.2f MiB a minute\n", growth)
	if growth > soakGrowth {
		return fmt.Errorf("resident memory grew by %.2f MiB a minute; at most %.1f is meant", growth, soakGrowth)
	}
	return nil
}

func abs(n int) int { return max(n, -n) }

// slope is the growth of resident memory in MiB a minute, by least squares.
func slope(samples []sample) float64 {
	var minutes, sizes, both, squares float64
	for _, s := range samples {
		m := s.at.Minutes()
		minutes, sizes, both, squares = minutes+m, sizes+s.resident, both+m*s.resident, squares+m*m
	}
	n := float64(len(samples))
	return (n*both - minutes*sizes) / (n*squares - minutes*minutes)
}

// steady sends requests at a fixed rate, however long the answers take.
type steady struct {
	stop chan struct{}
	done sync.WaitGroup
	mu   sync.Mutex
	sent int
	err  error
}

// begin mixes requests: of twenty, ten log a session, nine read today's screen, and one is a therapist's.
func (f *fleet) begin(rate int) *steady {
	s := &steady{stop: make(chan struct{})}
	mix := append(slices.Repeat([]requester{f.logSession()}, 10), slices.Repeat([]requester{f.today()}, 9)...)
	mix = append(mix, f.caseloadOf())
	const senders = 8
	for i := range senders {
		s.done.Go(func() {
			tick := time.NewTicker(time.Second * senders / time.Duration(rate))
			defer tick.Stop()
			for n := i; ; n++ {
				select {
				case <-s.stop:
					return
				case <-tick.C:
					s.note(f.once(mix[n%len(mix)]))
				}
			}
		})
	}
	return s
}

func (f *fleet) once(request requester) error {
	r, answer := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(r)
	defer fasthttp.ReleaseResponse(answer)
	want := request(r)
	if err := f.http.Do(r, answer); err != nil {
		return err
	}
	if answer.StatusCode() != want {
		return fmt.Errorf("answered %d: %s", answer.StatusCode(), answer.Body())
	}
	return nil
}

func (s *steady) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent++; s.err == nil {
		s.err = err
	}
}

func (s *steady) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

func (s *steady) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *steady) end() {
	close(s.stop)
	s.done.Wait()
}
