package httpx

import (
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
)

// Status chooses the answer's code: by the fault's kind, or the framework's
// own (404 without a route, 405, 413, ...).
func Status(err error) int {
	var own *fiber.Error
	if errors.As(err, &own) {
		return own.Code
	}
	switch fault.KindOf(err) {
	case fault.Internal:
		if slow(err) {
			return fiber.StatusServiceUnavailable
		}
		return fiber.StatusInternalServerError
	case "":
		return fiber.StatusOK
	case fault.Invalid:
		return fiber.StatusUnprocessableEntity
	case fault.NotFound:
		return fiber.StatusNotFound
	case fault.Conflict:
		return fiber.StatusConflict
	case fault.Denied:
		return fiber.StatusForbidden
	case fault.Limited:
		return fiber.StatusTooManyRequests
	case fault.Unavailable, fault.Unknown:
		return fiber.StatusServiceUnavailable
	default:
		return fiber.StatusInternalServerError
	}
}

// slow reports whether an error without a kind is only that something, most often
// the database, did not answer in time or not at all: a later try may succeed.
func slow(err error) bool {
	var network *net.OpError
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network)
}

// busyPause is what a client is told to wait when the error names no time.
const busyPause = 5 * time.Second

// retryAfter says when to come back after 429 and 503.
func retryAfter(c *fiber.Ctx, status int, err error) {
	if status != fiber.StatusTooManyRequests && status != fiber.StatusServiceUnavailable {
		return
	}
	wait := busyPause
	var f *fault.Error
	if errors.As(err, &f) && f.After > 0 {
		wait = f.After
	}
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(seconds(wait)))
}

// seconds rounds up, at least one: "0" would invite an immediate return.
func seconds(d time.Duration) int {
	return max(1, int((d+time.Second-1)/time.Second))
}
