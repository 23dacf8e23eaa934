package httpx

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics keeps the numbers of one server in a registry of its own, so that
// several servers in one process, as in tests, do not collide.
type Metrics struct {
	// Registry takes the metrics of other packages too.
	Registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// NewMetrics returns a registry with the runtime's, the process's and the HTTP
// metrics: gerai_http_requests_total by method, route and status and
// gerai_http_request_seconds by route. Routes are patterns, so that their
// number is fixed.
func NewMetrics() *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gerai_http_requests_total", Help: "Answered requests.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gerai_http_request_seconds", Help: "Time to the answer; of a stream, to its start.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route"}),
	}
	m.Registry.MustRegister(m.requests, m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// WatchStreams adds gerai_http_streams_open.
func (m *Metrics) WatchStreams(s *Streams) {
	m.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "gerai_http_streams_open", Help: "Open event streams.",
	}, func() float64 { return float64(s.Open()) }))
}

func (m *Metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// Handler answers with the registry in Prometheus' text format. A token that
// is not empty must come along as "Authorization: Bearer". Without a token only
// programs on this machine are answered, and no request that a proxy forwards:
// what a shop turns over is not public. A trusted proxy is one whatever headers
// it sets.
func (m *Metrics) Handler(token string, proxies []netip.Prefix) fiber.Handler {
	write := adaptor.HTTPHandler(promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{DisableCompression: true, ErrorHandling: promhttp.ContinueOnError}))
	want := sha256.Sum256([]byte("Bearer " + token))
	return func(c *fiber.Ctx) error {
		if token == "" && !local(c, proxies) {
			return fiber.ErrForbidden
		}
		got := sha256.Sum256([]byte(c.Get(fiber.HeaderAuthorization)))
		if token != "" && subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
			return fiber.ErrUnauthorized
		}
		NoStore(c)
		return write(c)
	}
}

// forwarding are headers of proxies, besides X-Forwarded-*.
var forwarding = []string{fiber.HeaderForwarded, fiber.HeaderVia, "X-Real-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "X-Original-Url", "X-Original-Host",
	"X-Envoy-External-Address", "Cf-Connecting-Ip", "Cf-Ray", "True-Client-Ip", "Fastly-Client-Ip", "Cdn-Loop"}

// local reports whether a program on this machine asks for itself: it comes from
// this machine, names it, and neither is a proxy nor shows signs of one. A proxy
// passes on the host that its client asked for, which is a public name, or asks in
// HTTP/1.0, as nginx does where it was told nothing but the address.
func local(c *fiber.Ctx, proxies []netip.Prefix) bool {
	remote := remoteAddr(c)
	if !remote.IsLoopback() || trusted(remote, proxies) || string(c.Request().Header.Protocol()) != "HTTP/1.1" {
		return false
	}
	for name := range c.Request().Header.All() {
		if strings.HasPrefix(string(name), "X-Forwarded-") || slices.Contains(forwarding, string(name)) {
			return false
		}
	}
	host := string(c.Request().Host())
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && a.Unmap().IsLoopback()
}
