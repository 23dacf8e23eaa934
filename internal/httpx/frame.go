package httpx

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
)

// frame is what surrounds every route.
type frame struct {
	Options
	common  []header // of every answer
	doubted sync.Once
}

// visit is what the frame knows about one request.
type visit struct {
	id     string
	client netip.Addr
	base   *slog.Logger
	named  *slog.Logger // base with the request's id, once something has been logged
	err    error        // what the handler returned
}

// log names the request in every line. Most requests log nothing of their own.
func (v *visit) log() *slog.Logger {
	if v.named == nil {
		v.named = v.base.With("request", v.id)
	}
	return v.named
}

type visitKey struct{}

func visitOf(c *fiber.Ctx) *visit {
	v, _ := c.Locals(visitKey{}).(*visit)
	return v
}

// around runs a request from its first header to its log line. It handles
// errors itself, so that status, size and encoding are final when it measures.
func (f *frame) around(c *fiber.Ctx) error {
	start := time.Now()
	remote := remoteAddr(c)
	f.doubt(c, remote)
	v := &visit{id: f.requestID(c, remote), client: clientAddr(c, remote, f.TrustedProxies), base: f.Log}
	c.Locals(visitKey{}, v)
	c.Set(fiber.HeaderXRequestID, v.id)
	f.headers(c)

	alive := f.aliveFor(c)
	ctx := &requestContext{parent: f.Base, deadline: start.Add(f.deadline(c))}
	if safe(c.Method()) {
		ctx.alive = alive
	}
	defer ctx.end()
	c.SetUserContext(ctx)

	if err := gate(c); err != nil {
		v.err = err
		f.plain(c, Status(err))
	} else if to, ok := withoutSlash(c); ok {
		NoStore(c)
		_ = c.Redirect(to, fiber.StatusPermanentRedirect)
	} else if err := f.served(c, alive, ctx.end); err != nil {
		v.err = err
		if err := f.fail(c, err); err != nil {
			v.err = fmt.Errorf("%w, and the error page failed: %w", v.err, err)
			c.Response().ResetBody()
			_ = c.SendStatus(fiber.StatusInternalServerError)
		}
	}
	if f.GzipLevel > 0 {
		compress(c, f.GzipLevel)
	}
	f.told(c, v, time.Since(start))
	return nil
}

// aliveFor is the context that ends when the database falls silent, for requests
// that need it.
func (f *frame) aliveFor(c *fiber.Ctx) context.Context {
	if f.Alive == nil {
		return context.Background()
	}
	path := c.Path()
	for _, free := range f.AliveExempt {
		if path == free || strings.HasSuffix(free, "/") && strings.HasPrefix(path, free) {
			return context.Background()
		}
	}
	return f.Alive()
}

// served runs the handlers while the database answers. A request whose context
// ended because it does not is told so, whatever its handler made of that.
func (f *frame) served(c *fiber.Ctx, alive context.Context, cancel func()) error {
	if alive.Err() != nil {
		cancel() // the error page asks no database either
		return fault.Wrap(fault.Unavailable, "store.unreachable", context.Cause(alive))
	}
	err := f.guarded(c)
	if err != nil && alive.Err() != nil && fault.Is(err, fault.Internal) {
		cancel()
		return fault.Wrap(fault.Unavailable, "store.unreachable", err)
	}
	if fault.Is(err, fault.Internal) && errors.Is(c.UserContext().Err(), context.DeadlineExceeded) {
		return ErrSlow.With(err)
	}
	return err
}

// ErrSlow: the time of a request ended, most often in a wait for the database or for a
// connection to it. How far an act came is not known.
var ErrSlow = fault.New(fault.Unavailable, "store.slow")

// deadline is how long a request may take.
func (f *frame) deadline(c *fiber.Ctx) time.Duration {
	if f.DeadlineOf != nil {
		if own := f.DeadlineOf(c.Method(), c.Path()); own > 0 {
			return own
		}
	}
	return f.Deadline
}

// guarded runs the handlers; a panic becomes an error and a log line with its
// stack.
func (f *frame) guarded(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			visitOf(c).log().Error("panic in a handler", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fault.Wrap(fault.Internal, "internal", fmt.Errorf("panic: %v", p))
		}
	}()
	return c.Next()
}

// fail answers an error. The server also calls it for requests it could not even read;
// those have no visit.
func (f *frame) fail(c *fiber.Ctx, err error) error {
	status := Status(err)
	if visitOf(c) == nil {
		f.headers(c)
	}
	c.Status(status)
	retryAfter(c, status, err)
	NoStore(c)
	if f.OnError == nil {
		return c.SendStatus(status)
	}
	return f.OnError(c, status, err)
}

// plain answers what the gate refused: no page, no session and no database for
// a request that no browser sends.
func (f *frame) plain(c *fiber.Ctx, status int) {
	NoStore(c)
	c.Request().ResetBody()
	_ = c.SendStatus(status)
}

// told writes the access line and counts. The path may hold an order's token
// and the query a phone's address, so only the route pattern is told; the
// client's address only where abuse is likely.
func (f *frame) told(c *fiber.Ctx, v *visit, took time.Duration) {
	route, status := pattern(c), c.Response().StatusCode()
	if f.Metrics != nil {
		f.Metrics.observe(c.Method(), route, status, took)
	}
	level := slog.LevelInfo
	switch {
	case status >= 500 && status != fiber.StatusServiceUnavailable:
		level = slog.LevelError
	case status >= 500:
		level = slog.LevelWarn
	case slices.Contains(f.Quiet, route):
		level = slog.LevelDebug
	}
	ctx := c.UserContext()
	if !v.base.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("request", v.id), slog.String("method", c.Method()), slog.String("route", route), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	switch status {
	case fiber.StatusUnauthorized, fiber.StatusForbidden, fiber.StatusTooManyRequests:
		attrs = append(attrs, slog.String("client", v.client.String()))
	}
	if v.err != nil && route != unmatched {
		if status >= 500 {
			attrs = append(attrs, slog.String("error", v.err.Error()))
		} else if code := fault.CodeOf(v.err); code != "internal" {
			attrs = append(attrs, slog.String("code", code))
		}
	}
	v.base.LogAttrs(ctx, level, "request", attrs...)
}

// unmatched stands for every path without a route: the path itself is the
// client's invention and would fill log and metrics.
const unmatched = "unmatched"

// pattern returns the route pattern. Fiber leaves the last middleware's path
// when nothing matched, which has no parameter and is not the path asked for.
func pattern(c *fiber.Ctx) string {
	p := c.Route().Path
	if !strings.ContainsAny(p, ":*+") && p != c.Path() {
		return unmatched
	}
	return p
}

// withoutSlash is where a page typed with a slash at its end is. Every address
// has one spelling, so that a proxy's rule for it has no way around. What a browser
// could take for another host is left to be not found.
func withoutSlash(c *fiber.Ctx) (to string, ok bool) {
	p := c.Path()
	if len(p) < 2 || p[len(p)-1] != '/' || c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead || strings.Contains(p, "//") || strings.Contains(p, "\\") {
		return "", false
	}
	to = p[:len(p)-1]
	if q := c.Request().URI().QueryString(); len(q) > 0 {
		to += "?" + string(q)
	}
	return to, true
}

// requestID takes the id of a trusted proxy or makes one.
func (f *frame) requestID(c *fiber.Ctx, remote netip.Addr) string {
	if id := c.Get(fiber.HeaderXRequestID); len(id) >= 8 && len(id) <= 64 && trusted(remote, f.TrustedProxies) {
		if !strings.ContainsFunc(id, func(r rune) bool {
			return r != '-' && r != '_' && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
		}) {
			return id
		}
	}
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// RequestID returns the id that also stands in the answer's X-Request-Id and
// in every log line of the request.
func RequestID(c *fiber.Ctx) string {
	if v := visitOf(c); v != nil {
		return v.id
	}
	return ""
}

// Log returns the logger that names the request.
func Log(c *fiber.Ctx) *slog.Logger {
	if v := visitOf(c); v != nil {
		return v.log()
	}
	return slog.New(slog.DiscardHandler)
}
