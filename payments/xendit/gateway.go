package xendit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	sdk "github.com/xendit/xendit-go/v7"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/payments"
)

// How one charge goes, and who is the truth.
//
// Create opens a payment request under our reference with one idempotency key
// per attempt. Anything but a clean 2xx or a clean 4xx leaves the outcome
// unknown: the caller looks the reference up before it repeats, and a repeat
// carries the same key and the same content.
//
// A webhook carries a static token and an unsigned body, so it is a hint only.
// The truth is Get: the request's status, and for a paid one the list of
// payments of its payment method, because the request itself repeats the amount
// asked for and not the amount that came.
//
// QRIS codes cannot be given an expiry (the API answers "expires_at is not
// supported by channel 'QRIS'") and stay payable for about 48 hours; virtual
// accounts live 31 years unless told otherwise, so they always are.

// APIVersion is what this adapter speaks, as the operator knows it.
const APIVersion = "Xendit Payments API v2"

// Prefixes of secret keys: the key alone decides whether money is real.
const (
	liveKey = "xnd_production_"
	testKey = "xnd_development_"
)

// Options configure the gateway.
type Options struct {
	Key            string
	BaseURL        string        // https://api.xendit.co, or a simulator
	CallbackTokens []string      // one, or two while rotating
	Timeout        time.Duration // whole call, default 15 s
	Log            *slog.Logger
	Clock          clock.Clock
	Transport      http.RoundTripper // default: a pool of its own
	// Told is given the time that each answer of the gateway carries.
	Told func(time.Time)
}

// Gateway implements payments.Gateway.
type Gateway struct {
	client *sdk.APIClient
	http   *http.Client
	base   string
	key    string
	tokens [][sha256.Size]byte
	log    *slog.Logger
	clock  clock.Clock
	live   bool
}

var _ payments.Gateway = (*Gateway)(nil)

// New checks the options and returns a gateway. All mistakes are listed at
// once; the error is a fault of kind Config.
func New(o Options) (*Gateway, error) {
	var errs []error
	live := strings.HasPrefix(o.Key, liveKey)
	if !live && !strings.HasPrefix(o.Key, testKey) {
		errs = append(errs, fmt.Errorf("key must start with %s or %s", liveKey, testKey))
	}
	u, err := url.Parse(o.BaseURL)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		errs = append(errs, errors.New("base URL must be an absolute http or https URL"))
	case live && u.Scheme != "https":
		errs = append(errs, errors.New("a live key must not travel over plain http"))
	}
	g := &Gateway{log: o.Log, clock: o.Clock, live: live, key: o.Key}
	for _, t := range o.CallbackTokens {
		if t == "" {
			errs = append(errs, errors.New("a callback token is empty"))
			continue
		}
		g.tokens = append(g.tokens, sha256.Sum256([]byte(t)))
	}
	if len(g.tokens) == 0 {
		errs = append(errs, errors.New("no callback token: every webhook could be forged"))
	}
	if len(errs) > 0 {
		return nil, fault.Wrap(fault.Config, "gateway.config", errors.Join(errs...))
	}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
	if g.clock == nil {
		g.clock = clock.System{}
	}
	g.base = strings.TrimRight(o.BaseURL, "/")
	g.client, g.http = newClient(o)
	return g, nil
}

func newClient(o Options) (*sdk.APIClient, *http.Client) {
	if o.Timeout == 0 {
		o.Timeout = 15 * time.Second
	}
	if o.Transport == nil {
		o.Transport = &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout: 5 * time.Second,
			MaxIdleConns:        32, MaxIdleConnsPerHost: 32, IdleConnTimeout: 60 * time.Second,
		}
	}
	if o.Told != nil {
		o.Transport = timed{o.Transport, o.Told}
	}
	c := sdk.NewClient(o.Key)
	// The configuration can only be reached by this assertion, and without it
	// the SDK would use a client that never times out.
	cfg := c.GetConfig().(*sdk.Configuration)
	cfg.Servers[0].URL = strings.TrimRight(o.BaseURL, "/")
	cfg.HTTPClient = &http.Client{Timeout: o.Timeout, Transport: capped{o.Transport}, CheckRedirect: stay}
	return c, cfg.HTTPClient
}

// stay takes a redirect as the answer. The API sends none; what does is a
// portal or a proxy on the way, and following it would hand the key and the
// order to another host, or turn a POST into a GET whose answer counts as a charge.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Name returns "xendit".
func (g *Gateway) Name() string { return "xendit" }

// Live reports whether the key moves real money.
func (g *Gateway) Live() bool { return g.live }
