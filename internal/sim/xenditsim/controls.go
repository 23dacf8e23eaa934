package xenditsim

import (
	"encoding/json"
	"errors"
	"net/http"
)

// controls mounts what tests and people steer the simulator with. They are below /_sim/,
// apart from the gateway's API.
func (s *Sim) controls(mux *http.ServeMux) {
	mux.HandleFunc("GET /_sim/payments", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, s.Payments()) })
	mux.HandleFunc("POST /_sim/pay", s.payControl)
	mux.HandleFunc("GET /_sim/faults", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, s.Faults()) })
	mux.HandleFunc("PUT /_sim/faults", s.putFaults)
	mux.HandleFunc("GET /_sim/webhooks", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, s.Webhooks()) })
	mux.HandleFunc("POST /_sim/webhooks/{id}/resend", s.resend)
	mux.HandleFunc("POST /_sim/webhooks/test", s.sampleControl)
	mux.HandleFunc("POST /_sim/expire", s.expireControl)
	s.pages(mux)
}

func (s *Sim) payControl(w http.ResponseWriter, r *http.Request) {
	var in PayIn
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestBody)).Decode(&in); err != nil {
		fail(w, 400, "BAD_CONTROL", "body must be a JSON object: "+err.Error())
		return
	}
	p, err := s.Pay(in)
	switch {
	case errors.Is(err, ErrUnknown):
		fail(w, 404, "BAD_CONTROL", err.Error())
	case err != nil:
		fail(w, 409, "BAD_CONTROL", err.Error())
	default:
		answer(w, 200, p)
	}
}

func (s *Sim) putFaults(w http.ResponseWriter, r *http.Request) {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestBody))
	d.DisallowUnknownFields()
	var f Faults
	if err := d.Decode(&f); err != nil {
		fail(w, 400, "BAD_CONTROL", err.Error())
		return
	}
	s.SetFaults(f)
	answer(w, 200, f)
}

// resend delivers a logged webhook once more, as the dashboard's button does.
func (s *Sim) resend(w http.ResponseWriter, r *http.Request) {
	if err := s.Resend(r.PathValue("id")); err != nil {
		fail(w, 404, "BAD_CONTROL", err.Error())
		return
	}
	answer(w, 202, map[string]any{"status": "queued"})
}

// Resend delivers again what the log says about a webhook: the charge's newest
// state under the same webhook-id.
func (s *Sim) Resend(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.hooks[id]; h != nil {
		s.post(h)
		return nil
	}
	for i := len(s.attempts) - 1; i >= 0; i-- {
		a := s.attempts[i]
		if a.WebhookID != id {
			continue
		}
		for _, p := range s.byRef[a.ReferenceID] {
			var x *payment
			if len(p.Payments) > 0 {
				x = &p.Payments[0]
			}
			body, err := json.Marshal(s.event(p, a.Event, x, Faults{}))
			if err != nil {
				return err
			}
			h := s.newHook(a.Event, a.ReferenceID, body)
			h.ID = id
			s.enqueue(h)
			return nil
		}
	}
	return ErrUnknown
}

func (s *Sim) sampleControl(w http.ResponseWriter, r *http.Request) {
	status, err := s.Sample(r.Context())
	if err != nil {
		fail(w, 502, "BAD_CONTROL", err.Error())
		return
	}
	answer(w, 200, map[string]any{"status": status})
}

func (s *Sim) expireControl(w http.ResponseWriter, r *http.Request) {
	var in struct {
		PaymentRequestID string `json:"payment_request_id"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestBody)).Decode(&in); err != nil {
		fail(w, 400, "BAD_CONTROL", err.Error())
		return
	}
	if err := s.Expire(in.PaymentRequestID); err != nil {
		fail(w, 404, "BAD_CONTROL", err.Error())
		return
	}
	answer(w, 200, map[string]any{"status": "EXPIRED"})
}
