package xenditsim

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// ladder is how long after a failed delivery the next one follows: six
// retries, then the gateway gives up (docs.xendit.co, webhook delivery).
var ladder = []time.Duration{15 * time.Minute, 45 * time.Minute, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour}

// webhook is one event on its way.
type webhook struct {
	ID     string          `json:"id"`
	Event  string          `json:"event"`
	Ref    string          `json:"ref"`
	Body   json.RawMessage `json:"body,omitempty"`
	Token  string          `json:"token"`
	Bare   bool            `json:"bare,omitempty"` // without a token header
	Tries  int             `json:"tries"`
	NextAt time.Time       `json:"next_at"`
	Done   bool            `json:"done,omitempty"`
	queued bool
	header map[string]string
}

// Attempt is one delivery and its answer.
type Attempt struct {
	WebhookID   string `json:"webhook_id"`
	Event       string `json:"event"`
	ReferenceID string `json:"reference_id"`
	URL         string `json:"url"`
	At          string `json:"at"`
	Status      int    `json:"status"` // 0: no answer
	Error       string `json:"error,omitempty"`
	Try         int    `json:"try"`
	NextAt      string `json:"next_at,omitempty"`
}

// mostAttempts bounds the log.
const mostAttempts = 20000

// emit queues the webhook of an event, as the faults want it.
func (s *Sim) emit(p *paymentRequest, name string, x *payment) {
	f := s.faults
	if f.DropWebhooks || s.chance(f.LostRatio) {
		return
	}
	body, err := json.Marshal(s.event(p, name, x, f))
	if err != nil {
		s.o.Log.Error("xenditsim: event not built", "error", err)
		return
	}
	h := s.newHook(name, p.ReferenceID, body)
	s.enqueue(h)
	if f.DuplicateWebhooks || s.chance(f.DupRatio) {
		twin := *h
		twin.queued = false
		s.post(&twin)
	}
	if f.DuplicateNewID {
		s.enqueue(s.newHook(name, p.ReferenceID, body))
	}
}

func (s *Sim) newHook(name, ref string, body []byte) *webhook {
	h := &webhook{ID: s.uuid(), Event: name, Ref: ref, Body: body, Token: s.o.CallbackToken, NextAt: s.now().Add(time.Duration(s.faults.DelayMS) * time.Millisecond)}
	switch {
	case s.faults.WrongToken:
		h.Token += "x"
	case s.faults.MissingToken:
		h.Bare = true
	}
	return h
}

// enqueue keeps a webhook and posts it when its time has come.
func (s *Sim) enqueue(h *webhook) {
	s.hooks[h.ID] = h
	s.write(line{Hook: h})
	s.plan(h)
}

// plan sets a timer for a kept webhook on the scaled clock.
func (s *Sim) plan(h *webhook) {
	wait := h.NextAt.Sub(s.now())
	if h.Tries > 0 {
		wait = time.Duration(float64(wait) / s.o.TimeScale)
	}
	if wait <= 0 {
		s.post(h)
		return
	}
	time.AfterFunc(wait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !h.Done && !h.queued {
			s.post(h)
		}
	})
}

// post passes a webhook to a deliverer; without an address it waits.
func (s *Sim) post(h *webhook) {
	if s.url == "" || h.queued {
		return
	}
	select {
	case <-s.done:
		return
	default:
	}
	select {
	case s.queue <- h:
		h.queued = true
		s.pending++
	default: // more than the buffer holds: its retry will come
	}
}

// resume sends what an earlier run left undelivered.
func (s *Sim) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.hooks {
		if !h.queued {
			s.plan(h)
		}
	}
}

// Tick delivers everything whose time has come on the clock handed in; tests
// with a clock of their own call it after moving it.
func (s *Sim) Tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age()
	for _, h := range s.hooks {
		if !h.queued && !h.NextAt.After(s.now()) {
			s.post(h)
		}
	}
}

// Drain waits until no delivery is queued or under way.
func (s *Sim) Drain(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.settled.Broadcast()
	})
	defer stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.pending > 0 && ctx.Err() == nil {
		s.settled.Wait()
	}
	return ctx.Err()
}

func (s *Sim) deliverer() {
	defer s.workers.Done()
	for {
		select {
		case <-s.done:
			return
		case h := <-s.queue:
			s.deliver(h)
		}
	}
}

func (s *Sim) deliver(h *webhook) {
	s.mu.Lock()
	url, try := s.url, h.Tries+1
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	stop := make(chan struct{})
	go func() {
		select {
		case <-s.done:
			cancel()
		case <-stop:
		}
	}()
	status, err := s.send(ctx, url, h)
	close(stop)
	cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		s.pending--
		s.settled.Broadcast()
	}()
	h.queued, h.Tries = false, try
	a := Attempt{WebhookID: h.ID, Event: h.Event, ReferenceID: h.Ref, URL: url, At: stamp9(s.now()), Status: status, Try: try}
	if err != nil {
		a.Error = err.Error()
	}
	if s.hooks[h.ID] == h {
		s.after(h, status >= 200 && status < 300)
		if !h.Done {
			a.NextAt = stamp9(h.NextAt)
		}
	}
	s.note(a)
	s.write(line{Attempt: &a})
}

func (s *Sim) note(a Attempt) {
	if len(s.attempts) >= mostAttempts {
		s.attempts = s.attempts[mostAttempts/2:]
	}
	s.attempts = append(s.attempts, a)
}

// after ends a webhook or plans its next try.
func (s *Sim) after(h *webhook, ok bool) {
	select {
	case <-s.done:
		return // the answer did not count: a later run tries again
	default:
	}
	if ok || h.Tries > len(ladder) {
		h.Done = true
		delete(s.hooks, h.ID)
		s.write(line{Hook: &webhook{ID: h.ID, Done: true}})
		return
	}
	h.NextAt = s.now().Add(ladder[h.Tries-1])
	s.write(line{Hook: h})
	s.plan(h)
}

func (s *Sim) send(ctx context.Context, url string, h *webhook) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(h.Body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("content-type", "application/json")
	req.Header.Set("webhook-id", h.ID)
	if !h.Bare {
		req.Header.Set("x-callback-token", h.Token)
	}
	for k, v := range h.header {
		req.Header.Set(k, v)
	}
	res, err := s.o.Client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16)) // the answer's body means nothing
	return res.StatusCode, nil
}

// Webhooks lists every delivery attempt, oldest first.
func (s *Sim) Webhooks() []Attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Attempt{}, s.attempts...)
}

// SendRaw delivers any body as one webhook with extra headers, once more than
// the real gateway would: for forged and broken messages. It reports the
// answer's status.
func (s *Sim) SendRaw(ctx context.Context, body []byte, header map[string]string) (int, error) {
	s.mu.Lock()
	h := &webhook{ID: s.uuid(), Event: "raw", Body: body, Token: s.o.CallbackToken, header: header}
	url := s.url
	s.mu.Unlock()
	return s.send(ctx, url, h)
}

// Sample is what the dashboard's "Test and save" button sends.
func (s *Sim) Sample(ctx context.Context) (int, error) {
	return s.SendRaw(ctx, []byte(`{"event":"payment.succeeded","business_id":"sample_business_id","created":"2022-08-03T14:00:00.000Z","api_version":null,"data":{"id":"ddpy-3cd658ae-25b9-4659-aa36-596ae41a809f","payment_request_id":"pr-90392f42-d98a-49ef-a7f3-abcezas123","reference_id":"testing_id_123","amount":10000,"currency":"IDR","country":"ID","status":"SUCCEEDED"}}`), nil)
}
