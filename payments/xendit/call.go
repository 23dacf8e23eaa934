package xendit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/xendit/xendit-go/v7/common"

	"gerai/internal/fault"
	"gerai/payments"
)

// longestAnswer bounds one answer in bytes; a page of fifty charges is a tenth.
const longestAnswer = 4 << 20

// capped bounds every answer's size before the SDK buffers it.
type capped struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (c capped) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.next.RoundTrip(r)
	if t, ok := r.Context().Value(traceKey{}).(*trace); ok {
		t.err = err
	}
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, longestAnswer), res.Body}
	}
	return res, err
}

// trace keeps the cause of a failed call, which the SDK swallows.
type trace struct{ err error }

type traceKey struct{}

func traced(ctx context.Context) (context.Context, *trace) {
	t := &trace{}
	return context.WithValue(ctx, traceKey{}, t), t
}

// neverSent reports whether the request cannot have reached the gateway.
func (t *trace) neverSent() bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(t.err, &dns) || (errors.As(t.err, &op) && op.Op == "dial")
}

// answer is what came back, read by ourselves: the SDK loses unknown statuses,
// rounds amounts and reports a 2xx it cannot decode as a failure.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// collect turns what an SDK call returned into an answer or a fault. unknown
// says which kind a lost outcome is: Unknown for writes, Unavailable for reads.
// The SDK's error must stay a concrete pointer here: as an error interface a
// nil one would not be nil.
func collect(op string, t *trace, res *http.Response, sdkErr *common.XenditSdkError, unknown fault.Kind) (answer, error) {
	if res == nil {
		cause := t.err
		if cause == nil && sdkErr != nil {
			cause = errors.New(sdkErr.Error())
		}
		if t.neverSent() {
			return answer{}, fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("%s: %w", op, cause))
		}
		return answer{}, fault.Wrap(unknown, "gateway.busy", fmt.Errorf("%s: %w", op, cause))
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, fault.Wrap(unknown, "gateway.busy", fmt.Errorf("%s: read answer: %w", op, err))
	}
	a := answer{status: res.StatusCode, header: res.Header, body: body}
	if a.status >= 200 && a.status < 300 {
		return a, nil
	}
	return a, a.fault(op, unknown)
}

// codes of errors that mean something other than their HTTP class.
const (
	codeRateLimited = "PAYMENT_REQUEST_RATE_LIMITED"
	codeChannelOff  = "CHANNEL_NOT_ACTIVATED"
	codeNoRefund    = "REFUND_NOT_SUPPORTED"
	codeNoRefundNow = "TEMPORARILY_UNAVAILABLE"
	codeRefunding   = "REFUND_IN_PROGRESS"
)

// errDuplicate marks answers that say a charge under this reference or key
// exists already.
var errDuplicate = errors.New("duplicate")

func (a answer) fault(op string, unknown fault.Kind) error {
	e := readError(a.body)
	cause := fmt.Errorf("%s: HTTP %d %s: %s", op, a.status, e.Code, e.Message)
	switch {
	case a.status == http.StatusTooManyRequests, e.Code == codeRateLimited:
		return &fault.Error{Kind: fault.Limited, Code: "gateway.busy", After: a.retryAfter(), Err: cause}
	case e.Code == codeChannelOff:
		return payments.ErrChannelOff.With(cause)
	case e.Code == codeNoRefund:
		return fault.Wrap(fault.Refused, "gateway.refund_unsupported", cause)
	case e.Code == codeNoRefundNow, e.Code == codeRefunding:
		return fault.Wrap(fault.Unavailable, "gateway.busy", cause)
	case a.status == http.StatusGone:
		return payments.ErrAPIVersion.With(fmt.Errorf("%s is not served any more: %w", APIVersion, cause))
	case a.status == http.StatusForbidden:
		return payments.ErrKeyRights.With(cause)
	case a.status == http.StatusUnauthorized:
		return fault.Wrap(fault.Config, "gateway.config", cause)
	case a.status == http.StatusNotFound:
		return fault.Wrap(fault.NotFound, "gateway.not_found", cause)
	case a.status == http.StatusConflict, strings.Contains(e.Code, "DUPLICATE"), e.Code == "IDEMPOTENCY_ERROR":
		return fault.Wrap(fault.Unknown, "gateway.busy", errors.Join(errDuplicate, cause))
	case a.status == http.StatusRequestTimeout, a.status < 400, a.status >= 500:
		return fault.Wrap(unknown, "gateway.busy", cause)
	}
	return fault.Wrap(fault.Refused, "gateway.refused", cause)
}

func (a answer) retryAfter() time.Duration {
	for _, name := range []string{"Rate-Limit-Reset", "Retry-After"} {
		if s, err := strconv.ParseFloat(a.header.Get(name), 64); err == nil && s > 0 && s < 3600 {
			return time.Duration(s * float64(time.Second))
		}
	}
	return 10 * time.Second
}
