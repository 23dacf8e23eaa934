package xendit

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"strings"

	"gerai/internal/fault"
	"gerai/payments"
)

// mostBody bounds one message; the webhook handler refuses longer ones first.
const mostBody = 64 << 10

// longestKey bounds what is kept as an event's key or reference.
const longestKey = 255

// event is the part of every message family that we read.
type event struct {
	Event      string `json:"event"`
	BusinessID string `json:"business_id"`
	Data       struct {
		ID               string `json:"id"`
		PaymentRequestID string `json:"payment_request_id"`
		ReferenceID      string `json:"reference_id"`
		Status           string `json:"status"`
		Data             struct {
			ID string `json:"id"`
		} `json:"data"` // refund messages were seen nested twice
	} `json:"data"`
}

func (e event) refundID() string {
	if e.Data.ID == "" {
		return e.Data.Data.ID
	}
	return e.Data.ID
}

// eventStatuses maps event names of the Payments API v2 and v3 to what they claim.
// Everything else is kept and changes nothing.
var eventStatuses = map[string]payments.Status{
	"payment.succeeded": payments.Paid, "payment.capture": payments.Paid,
	"payment.pending": payments.Pending, "payment.authorization": payments.Pending,
	"payment.failed": payments.Failed, "payment.failure": payments.Failed,
	"payment_request.expiry": payments.Expired, "payment.expiry": payments.Expired, "payment_method.expired": payments.Expired,
}

// VerifySender checks the callback token, over digests of fixed length in
// constant time. Error: Denied "webhook.token".
func (g *Gateway) VerifySender(header func(string) string) error {
	got := sha256.Sum256([]byte(header("x-callback-token")))
	match := 0
	for _, want := range g.tokens {
		match |= subtle.ConstantTimeCompare(got[:], want[:])
	}
	if match != 1 {
		return fault.New(fault.Denied, "webhook.token")
	}
	return nil
}

// ParseNotification checks the callback token and reads the message. Errors:
// Denied "webhook.token", Invalid "webhook.body".
func (g *Gateway) ParseNotification(header func(string) string, body []byte) (payments.Notification, error) {
	if err := g.VerifySender(header); err != nil {
		return payments.Notification{}, err
	}
	if len(body) > mostBody {
		return payments.Notification{}, fault.New(fault.Invalid, "webhook.body")
	}
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		return payments.Notification{}, fault.Wrap(fault.Invalid, "webhook.body", err)
	}
	n := payments.Notification{Key: header("webhook-id"), Event: cut(e.Event), GatewayID: cut(e.Data.PaymentRequestID), Reference: cut(e.Data.ReferenceID),
		Status: payments.Unrecognised, Sample: strings.HasPrefix(e.BusinessID, "sample_")}
	if n.Key == "" || n.Key != cut(n.Key) {
		sum := sha256.Sum256(body)
		n.Key = "sha256:" + hex.EncodeToString(sum[:])
	}
	if claim, known := eventStatuses[e.Event]; known {
		n.Status = claim
	}
	if id := e.refundID(); strings.HasPrefix(e.Event, "refund.") && id != "" {
		n.Status, n.GatewayID, n.Reference = payments.RefundNews, cut(id), ""
	}
	return n, nil
}

func cut(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")
	return strings.ToValidUTF8(s[:min(len(s), longestKey)], "")
}
