package webhook

import (
	"bytes"
	"context"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/priority"
	"gerai/payments"
)

// MaxBody is the largest message accepted, in bytes.
const MaxBody = 64 << 10

// storing is how long keeping one message may take; the gateway waits 30 s
// for an answer and repeats after any error.
const storing = 10 * time.Second

// Verifier reads and verifies one raw message.
type Verifier interface {
	// VerifySender proves by the headers alone who sent the message.
	VerifySender(header func(string) string) error
	ParseNotification(header func(string) string, body []byte) (payments.Notification, error)
}

// Recorder stores a verified message durably before it returns nil.
type Recorder interface {
	RecordWebhookEvent(ctx context.Context, n payments.Notification, body []byte) error
}

// Handler answers one gateway's webhooks.
type Handler struct {
	Verify   Verifier
	Recorder Recorder
	Log      *slog.Logger
	// Count is told each outcome: kept, denied, invalid, too_large, failed.
	Count func(outcome string)
}

// Handle answers 2xx only for what is stored: 401 without the right token, for
// which the body is not looked at, 413 over MaxBody, 400 for what cannot be read,
// 503 when it could not be kept.
func (d *Handler) Handle(c *fiber.Ctx) error {
	header := func(name string) string { return c.Get(name) }
	if err := d.Verify.VerifySender(header); err != nil {
		return d.answer(c, fiber.StatusUnauthorized, "denied", err)
	}
	// As it arrived: Body of the framework's own context would unpack it.
	raw := c.Request().Body()
	if len(raw) > MaxBody {
		return d.answer(c, fiber.StatusRequestEntityTooLarge, "too_large", nil)
	}
	body := bytes.Clone(raw) // the framework reuses its buffers after the handler returns
	n, err := d.Verify.ParseNotification(header, body)
	switch {
	case fault.Is(err, fault.Denied):
		return d.answer(c, fiber.StatusUnauthorized, "denied", err)
	case err != nil:
		return d.answer(c, fiber.StatusBadRequest, "invalid", err)
	}
	ctx, cancel := context.WithTimeout(priority.With(c.UserContext(), priority.Urgent), storing)
	defer cancel()
	if err := d.Recorder.RecordWebhookEvent(ctx, n, body); err != nil {
		return d.answer(c, fiber.StatusServiceUnavailable, "failed", err)
	}
	return d.answer(c, fiber.StatusOK, "kept", nil)
}

func (d *Handler) answer(c *fiber.Ctx, status int, outcome string, err error) error {
	if d.Count != nil {
		d.Count(outcome)
	}
	switch {
	case status >= 500:
		d.Log.Error("webhook not kept", "error", err)
	case err != nil || status >= 400:
		d.Log.Warn("webhook refused", "outcome", outcome, "from", httpx.ClientIP(c), "error", err)
	}
	return c.Status(status).JSON(fiber.Map{"status": outcome})
}
