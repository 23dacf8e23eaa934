package xenditsim

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// longestBody bounds a request.
const longestBody = 1 << 20

// Handler serves the API, the controls under /_sim/ and the pages where a
// person pays.
func (s *Sim) Handler() http.Handler {
	mux := http.NewServeMux()
	api := func(pattern string, h func(http.ResponseWriter, *http.Request, []byte)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.call(w, r, h) })
	}
	api("POST /payment_requests", s.create)
	api("GET /payment_requests", s.listRequests)
	api("GET /payment_requests/{id}", s.getRequest)
	api("POST /payment_requests/{id}/payments/simulate", s.simulate)
	api("GET /v2/payment_methods/{id}", s.getMethod)
	api("PATCH /v2/payment_methods/{id}", s.getMethod)
	api("POST /v2/payment_methods/{id}/expire", s.expireMethod)
	api("POST /v2/payment_methods/{id}/payments/simulate", s.simulateMethod)
	api("GET /v2/payment_methods/{id}/payments", s.listPayments)
	api("POST /refunds", s.createRefund)
	api("GET /refunds", s.listRefunds)
	api("GET /refunds/{id}", s.getRefund)
	api("GET /transactions", s.listTransactions)
	api("GET /balance", s.balance)
	s.controls(mux)
	return s.unrouted(mux)
}

// unrouted answers what no route takes as the API answers everything, in JSON.
// Every answer is dated by the simulator's clock.
func (s *Sim) unrouted(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		n := &noted{header: http.Header{}}
		h.ServeHTTP(n, r)
		if n.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", n.header.Get("Allow"))
			fail(w, n.status, "METHOD_NOT_ALLOWED", r.Method+" is not allowed here")
			return
		}
		fail(w, http.StatusNotFound, "NOT_FOUND", "The requested resource was not found")
	})
}

// noted keeps the status and the header of an answer and drops its body.
type noted struct {
	header http.Header
	status int
}

// Header implements http.ResponseWriter.
func (n *noted) Header() http.Header { return n.header }

// WriteHeader implements http.ResponseWriter.
func (n *noted) WriteHeader(status int) { n.status = status }

// Write implements io.Writer.
func (n *noted) Write(b []byte) (int, error) { return len(b), nil }

// call checks what every API call needs and applies the faults that strike
// any call.
func (s *Sim) call(w http.ResponseWriter, r *http.Request, h func(http.ResponseWriter, *http.Request, []byte)) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody))
	if err != nil {
		fail(w, 413, "REQUEST_TOO_LARGE", "body too large")
		return
	}
	s.mu.Lock()
	f := s.faults
	delay := time.Duration(f.APIDelayMS) * time.Millisecond
	w.Header().Set("Request-Id", s.uuid())
	w.Header().Set("Rate-Limit-Limit", "600")
	w.Header().Set("Rate-Limit-Remaining", "599")
	w.Header().Set("Rate-Limit-Reset", "1")
	s.mu.Unlock()
	if delay > 0 {
		t := time.NewTimer(delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-r.Context().Done():
			return
		case <-s.done:
			return
		}
	}
	if !s.authorised(r) {
		fail(w, 401, "INVALID_API_KEY", "API key is not authorized")
		return
	}
	s.mu.Lock()
	struck := s.struck(w, r)
	truncate := s.strikes("truncate", f.TruncateJSON)
	s.mu.Unlock()
	if struck {
		return
	}
	if truncate {
		w = &truncated{ResponseWriter: w}
	}
	h(w, r, body)
}

// struck answers a call with a fault.
func (s *Sim) struck(w http.ResponseWriter, r *http.Request) bool {
	f := s.faults
	switch {
	case s.strikes("status", f.Status != 0):
		fail(w, f.Status, map[bool]string{true: "SERVER_ERROR", false: "API_VALIDATION_ERROR"}[f.Status >= 500], "fault: status")
	case s.strikes("html_502", f.HTML502):
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html><body><h1>502 Bad Gateway</h1></body></html>")
	case s.strikes("rate_limit", f.RateLimit):
		w.Header().Set("Rate-Limit-Remaining", "0")
		fail(w, 429, "RATE_LIMIT_EXCEEDED", "rate limit exceeded")
	case r.Method == http.MethodGet && s.strikes("get_down", f.GetDown):
		fail(w, 503, "SERVICE_UNAVAILABLE", "fault: get_down")
	case s.chance(f.APIErrorRatio):
		fail(w, 503, "SERVICE_UNAVAILABLE", "fault: api_error_ratio")
	default:
		return false
	}
	return true
}

func (s *Sim) authorised(r *http.Request) bool {
	user, pass, ok := r.BasicAuth()
	if !ok || pass != "" {
		return false
	}
	if s.o.APIKey != "" {
		return user == s.o.APIKey
	}
	return strings.HasPrefix(user, "xnd_development_")
}

func answer(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // the caller may have gone
}

func fail(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, map[string]any{"error_code": code, "message": message, "errors": []any{}})
}

// truncated cuts a body in half.
type truncated struct{ http.ResponseWriter }

// Write implements io.Writer.
func (t *truncated) Write(b []byte) (int, error) {
	if _, err := t.ResponseWriter.Write(b[:len(b)/2]); err != nil {
		return 0, err
	}
	return len(b), nil
}

// cut closes the connection without an answer.
func cut(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if c, _, err := h.Hijack(); err == nil {
			_ = c.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}
