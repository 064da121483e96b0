package app

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"cadans/internal/kernel/admission"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/delivery"
	"cadans/internal/rules/reminder"
)

// Metrics holds what an operator monitors. Labels are operations, kinds and reasons, never a person.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.HistogramVec
	reminders *prometheus.CounterVec
	lateness  prometheus.Histogram
	backlog   prometheus.Gauge
	waited    prometheus.Gauge
	failures  *prometheus.CounterVec
	service   *prometheus.GaugeVec
}

func newMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "cadans_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5},
		}, []string{"operation", "status"}),
		reminders: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "cadans_reminder_slots_total", Help: "Decisions about reminder slots and how they ended.",
		}, []string{"kind", "outcome", "reason"}),
		lateness: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "cadans_reminder_lateness_seconds", Help: "How long after its due time a push was sent.",
			Buckets: []float64{1, 5, 15, 30, 60, 120, 300, 900, 3600},
		}),
	}
	m.backlog = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "cadans_reminder_backlog", Help: "Pushes that are due and not sent, after the last sweep.",
	})
	m.waited = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "cadans_reminder_backlog_seconds", Help: "How long the oldest of them has waited.",
	})
	m.failures = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "cadans_push_failures_total", Help: "Pushes that were not accepted, by what became of them.",
	}, []string{"fate", "code"})
	m.service = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "cadans_push_service", Help: "1 while the push service is troubled, or everything we send is refused.",
	}, []string{"condition"})
	m.registry.MustRegister(m.requests, m.reminders, m.lateness, m.backlog, m.waited, m.failures, m.service,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watch exports the limit of requests in flight, their number, and the refusals.
func (m *Metrics) watch(l *admission.Limiter) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "cadans_requests_limit", Help: "Requests that may be in flight; it follows the time they take.",
	}, func() float64 { return float64(l.Limit()) }), prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "cadans_requests_in_flight", Help: "Requests in flight.",
	}, func() float64 { return float64(l.InFlight()) }))
	for _, class := range admission.Classes {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "cadans_requests_shed_total", Help: "Requests that were told to come back later.",
			ConstLabels: prometheus.Labels{"class": class.String()},
		}, func() float64 { return float64(l.Shed(class)) }))
	}
}

// watchEpoch exports when the current epoch began, and how many commits may be missing since.
func (m *Metrics) watchEpoch(db *database.DB) {
	gauge := func(name, help string, value func(database.Epoch) float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return value(db.Epoch()) }))
	}
	gauge("cadans_database_epoch_begun_seconds", "When the database's epoch began, in seconds since 1970.",
		func(e database.Epoch) float64 { return float64(e.BegunAt.Unix()) })
	gauge("cadans_database_missing_commits",
		"Acknowledged commits that may be missing since the epoch began; -1 when nobody knows how many.", missing)
}

func missing(e database.Epoch) float64 {
	switch {
	case !e.MayMiss():
		return 0
	case e.Missing == nil:
		return -1
	default:
		return float64(*e.Missing)
	}
}

// Request implements api.Metrics.
func (m *Metrics) Request(operation string, status int, took time.Duration) {
	m.requests.WithLabelValues(operation, strconv.Itoa(status)).Observe(took.Seconds())
}

// Decided implements reminder.Observer.
func (m *Metrics) Decided(kind reminder.Kind, outcome string, reason reminder.Reason) {
	m.reminders.WithLabelValues(string(kind), outcome, string(reason)).Inc()
}

// Sent implements reminder.Observer.
func (m *Metrics) Sent(_ reminder.Kind, late time.Duration) { m.lateness.Observe(late.Seconds()) }

// Backlog implements reminder.Observer.
func (m *Metrics) Backlog(slots int, oldest time.Duration) {
	m.backlog.Set(float64(slots))
	m.waited.Set(oldest.Seconds())
}

// Failed implements reminder.Observer.
func (m *Metrics) Failed(f *delivery.Failure) {
	m.failures.WithLabelValues(f.Kind.String(), f.Cause).Inc()
}

// Service implements reminder.Observer.
func (m *Metrics) Service(s reminder.Status) {
	for _, condition := range []reminder.Condition{reminder.Troubled, reminder.Refused} {
		is := 0.0
		if s.Condition == condition {
			is = 1
		}
		m.service.WithLabelValues(string(condition)).Set(is)
	}
}

// Handler serves the metrics for Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
