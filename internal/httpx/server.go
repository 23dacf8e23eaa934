package httpx

import (
	"bytes"
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Limits of one request. The write side has no time-out, which would cut
// every event stream: see Patient.
const (
	headerLimit      = 16 << 10 // fasthttp refuses longer headers with 431; its 4 KB default is too little behind some portals
	defaultBodyLimit = 256 << 10
	readTimeout      = 10 * time.Second
	idleTimeout      = 60 * time.Second
	defaultDeadline  = 10 * time.Second
	defaultGzip      = 5
)

// Options of the server. The zero value works.
type Options struct {
	// Log gets one line per request and every server error; nil is silent.
	Log *slog.Logger
	// TrustedProxies are the proxies whose X-Forwarded-For counts.
	TrustedProxies []netip.Prefix
	// OnError renders an error page or JSON; the status is already chosen and
	// set. It may run without any route having matched, for broken requests
	// even without a request id. nil answers with the status text.
	OnError func(c *fiber.Ctx, status int, err error) error
	// Metrics counts requests; may be nil.
	Metrics *Metrics
	// Base is the parent of every request's context; nil is Background.
	Base context.Context
	// Alive is done while the database does not answer: pages then answer 503 at
	// once, and reads that wait for it end. nil: always.
	Alive func() context.Context
	// AliveExempt are paths, or beginnings of paths that end in a slash, which do
	// without the database.
	AliveExempt []string
	// Deadline of a request's UserContext; 0 is ten seconds.
	Deadline time.Duration
	// DeadlineOf is another deadline of a request by its method and path; 0 is Deadline, nil
	// is none.
	DeadlineOf func(method, path string) time.Duration
	// BodyLimit in bytes; 0 is 256 KB.
	BodyLimit int
	// CSP is the policy of answers that set none; "" is CSP(nil, nil).
	CSP string
	// HTTPS adds Strict-Transport-Security; set it when the base URL is https.
	HTTPS bool
	// GzipLevel 1 to 9 for rendered pages; 0 is the default, below 0 is off.
	GzipLevel int
	// Quiet are route patterns whose requests are logged at debug level only.
	Quiet []string
}

// NewServer returns an app with every limit set and one frame around all
// routes: request id, client address, recovery, headers, deadline,
// compression, access log, metrics. Strings taken from its contexts may be
// kept: without Immutable they would be overwritten by later requests.
func NewServer(o Options) *fiber.App {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Base == nil {
		o.Base = context.Background()
	}
	if o.Deadline == 0 {
		o.Deadline = defaultDeadline
	}
	if o.BodyLimit == 0 {
		o.BodyLimit = defaultBodyLimit
	}
	if o.CSP == "" {
		o.CSP = CSP(nil, nil)
	}
	if o.GzipLevel == 0 {
		o.GzipLevel = defaultGzip
	}
	f := &frame{Options: o, common: commonHeaders(o.CSP, o.HTTPS)}
	proxies := make([]string, len(o.TrustedProxies))
	for i, p := range o.TrustedProxies {
		proxies[i] = p.String()
	}
	app := fiber.New(fiber.Config{
		Immutable:      true,
		CaseSensitive:  true, // a rule of a proxy for /admin holds for every address of the panel
		StrictRouting:  true,
		ReadBufferSize: headerLimit,
		BodyLimit:      o.BodyLimit,
		// A form is read by the handler that wants it, not while it arrives.
		DisablePreParseMultipartForm: true,
		ReadTimeout:                  readTimeout,
		IdleTimeout:                  idleTimeout,
		DisableStartupMessage:        true,
		EnableTrustedProxyCheck:      true, // or any client chooses scheme and host
		TrustedProxies:               proxies,
		ErrorHandler:                 f.fail,
	})
	app.Use(f.around)
	return app
}

// Shutdown ends the event streams first, so that draining does not wait for
// them, then waits for the other requests at most for the time given.
func Shutdown(app *fiber.App, streams *Streams, wait time.Duration) error {
	if streams != nil {
		streams.Close()
	}
	return app.ShutdownWithTimeout(wait)
}

// mostFields is the largest number of fields in one form. Each costs far more in
// memory than on the wire.
const mostFields = 4000

// BodyMax refuses larger bodies, and forms with more fields than any page of
// ours has, on the routes behind it with 413; the server's own limit is for all.
func BodyMax(most int) fiber.Handler {
	return func(c *fiber.Ctx) error {
		body := c.Request().Body()
		if len(body) > most || bytes.Count(body, []byte{'&'}) >= mostFields {
			return fiber.ErrRequestEntityTooLarge
		}
		return c.Next()
	}
}
