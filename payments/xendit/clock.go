package xendit

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"gerai/internal/fault"
)

// timed reports the time that every answer carries, whatever its status.
type timed struct {
	next http.RoundTripper
	told func(time.Time)
}

// RoundTrip implements http.RoundTripper.
func (t timed) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(r)
	if err == nil {
		if at, ok := dated(r, res); ok {
			t.told(at)
		}
	}
	return res, err
}

// dated reads when an answer was given. A redirect in the clear comes from a
// portal or a proxy on the way. What a cache on the way kept was given earlier,
// by as much as it says.
func dated(req *http.Request, res *http.Response) (time.Time, bool) {
	if req.URL.Scheme != "https" && res.StatusCode/100 == 3 {
		return time.Time{}, false
	}
	at, err := http.ParseTime(res.Header.Get("Date"))
	if kept := res.Header.Get("Age"); err == nil && kept != "" {
		var age uint64
		age, err = strconv.ParseUint(kept, 10, 31)
		at = at.Add(time.Duration(age) * time.Second)
	}
	return at, err == nil
}

// Time asks the gateway for its time: the lightest call there is, without the
// key. Any answer will do. Errors: Unavailable "gateway.busy".
func (g *Gateway) Time(ctx context.Context) (time.Time, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, g.base+"/", nil)
	if err != nil {
		return time.Time{}, fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("ask for the time: %w", err))
	}
	res, err := g.http.Do(req)
	if err != nil {
		return time.Time{}, fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("ask for the time: %w", err))
	}
	_ = res.Body.Close() // there is none
	at, ok := dated(req, res)
	if !ok {
		return time.Time{}, fault.New(fault.Unavailable, "gateway.busy")
	}
	return at, nil
}
