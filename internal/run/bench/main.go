// Command bench measures the two requests that phones send most, through the real server over loopback: W1 logs a
// session durably, W2 reads today's screen. For comparison it writes the same rows as W1, for as many patients, by
// raw SQL in groups: the limit that the disk and SQLite set. All measurements run together, in interleaved rounds, so
// that ratios are meaningful on a noisy machine.
//
// The server is a process of its own, so that its CPU time can be distinguished from that of the load.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

const serverEnv = "CADANS_BENCH_SERVER"

func main() {
	if dir := os.Getenv(serverEnv); dir != "" {
		fail(serve(dir))
		return
	}
	only := flag.String("run", ".", "W1 or W2; . for both")
	patients := flag.Int("patients", 4000, "how many patients send requests")
	rounds := flag.Int("rounds", 7, "interleaved rounds; medians are printed")
	seconds := flag.Int("seconds", 3, "length of one measurement")
	long := flag.Duration("soak", 0, "instead of measuring speed, watch memory for so long")
	rate := flag.Int("rate", 40, "requests a second in a soak")
	flag.Parse()
	if *long > 0 {
		fail(onStage(*patients, func(s stage) error { return s.soak(*long, *rate) }))
		return
	}
	fail(onStage(*patients, func(s stage) error {
		return s.bench(*only, *patients, *rounds, time.Duration(*seconds)*time.Second)
	}))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// work is one kind of request at one number of connections.
type work struct {
	name        string
	connections int
	request     func(*fleet) requester
}

// stage is a server in a directory of its own, and the phones that send to it.
type stage struct {
	dir    string
	server *server
	fleet  *fleet
}

// onStage runs a function with a server, and removes the server afterwards.
func onStage(patients int, do func(stage) error) error {
	dir, err := os.MkdirTemp("", "cadans-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	server, err := startServer(dir)
	if err != nil {
		return err
	}
	defer server.stop()
	f, err := newFleet(server.url, patients)
	if err != nil {
		return err
	}
	return do(stage{dir, server, f})
}

func (s stage) bench(only string, patients, rounds int, length time.Duration) error {
	f, server := s.fleet, s.server
	below, err := newRaw(s.dir, patients)
	if err != nil {
		return err
	}
	defer below.db.Close()
	all := []work{
		{"W1 log a session", 16, (*fleet).logSession}, {"W1 log a session", 64, (*fleet).logSession},
		{"W2 today", 16, (*fleet).today}, {"W2 today", 64, (*fleet).today},
		{"W2 today, 304", 64, (*fleet).todayUnchanged},
	}
	works := slices.DeleteFunc(all, func(w work) bool { return only != "." && !strings.HasPrefix(w.name, only) })
	measured := make([][]result, len(works))
	var limits []float64
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		rows, err := below.measure(length)
		if err != nil {
			return err
		}
		limits = append(limits, rows)
		for i, w := range works {
			r, err := server.measure(w, f, length)
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			measured[i] = append(measured[i], r)
		}
	}
	report(works, measured, limits)
	return nil
}

func report(works []work, measured [][]result, limits []float64) {
	fmt.Printf("%d cores, %s; load and server on one machine; medians\n\n", runtime.NumCPU(), runtime.Version())
	fmt.Printf("raw SQL, the same four rows, 64 a commit, synchronous=FULL: %.0f rows/s\n\n", median(limits))
	fmt.Printf(
		"%-18s %12s %12s %9s %9s %14s %10s\n", "", "connections", "requests/s", "p50 ms", "p99 ms", "CPU µs/request",
		"of raw SQL",
	)
	for i, w := range works {
		ratio := ""
		if strings.HasPrefix(w.name, "W1") {
			ratio = fmt.Sprintf("%.0f%%", 100*median(ratios(measured[i], limits)))
		}
		r := middle(measured[i])
		fmt.Printf(
			"%-18s %12d %12.0f %9.1f %9.1f %14.0f %10s\n", w.name, w.connections, r.perSecond, r.p50, r.p99, r.cpu,
			ratio,
		)
	}
	fmt.Println("\ngoals: W1 at 64 connections at least 50 % of raw SQL (stretch 70 %). Against PocketBase 0.40, " +
		"to be measured beside it:")
	fmt.Println("W1 4 times its requests/s, p99 a fifth, CPU a quarter; W2 4 times, 304 at 10 times.")
}

// ratios compares each measurement with the limit of its own round, so that both saw the machine in the same state.
func ratios(measured []result, limits []float64) []float64 {
	of := make([]float64, len(measured))
	for round, r := range measured {
		of[round] = r.perSecond / limits[round]
	}
	return of
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// middle returns the result of the round with the median rate.
func middle(results []result) result {
	slices.SortFunc(results, func(a, b result) int { return int(a.perSecond - b.perSecond) })
	return results[len(results)/2]
}
