package xenditsim

import (
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"
)

//go:embed pages.html
var pagesHTML string

var page = template.Must(template.New("pages").Parse(pagesHTML))

// pages mounts the small bank where a person pays what a shop asks for.
func (s *Sim) pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.showBank)
	mux.HandleFunc("GET /_sim/{$}", s.showBank)
	mux.HandleFunc("POST /_sim/bank", s.payAtBank)
}

type bank struct {
	Note   string
	Open   []Payment
	Closed []Payment
	Faults Faults
}

const shownClosed = 10

func (s *Sim) showBank(w http.ResponseWriter, r *http.Request) {
	all := s.Payments()
	slices.Reverse(all)
	b := bank{Note: notes[r.URL.Query().Get("note")], Faults: s.Faults()}
	for _, p := range all {
		switch {
		case p.Status != "SUCCEEDED":
			b.Open = append(b.Open, p)
		case len(b.Closed) < shownClosed:
			b.Closed = append(b.Closed, p)
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err := page.Execute(w, b); err != nil {
		s.o.Log.Error("xenditsim: page not rendered", "error", err)
	}
}

var notes = map[string]string{"paid": "Pembayaran terkirim.", "unknown": "QR atau nomor VA tidak dikenal.", "already": "Sudah dibayar.", "closed": "Bank menolak: sudah ditutup.", "switched": "Gangguan diubah."}

// payAtBank takes the form: a code pasted from a QR, an account number, a
// charge's button, or the switch for lost webhooks.
func (s *Sim) payAtBank(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, longestBody)
	note := "paid"
	if r.FormValue("switch") != "" {
		s.SetFaults(Faults{DropWebhooks: r.FormValue("drop_webhooks") != "", DuplicateWebhooks: r.FormValue("duplicate_webhooks") != "", GetDown: r.FormValue("get_down") != ""})
		note = "switched"
	} else {
		in := PayIn{PaymentRequestID: r.FormValue("id")}
		if typed := strings.TrimSpace(r.FormValue("code")); in.PaymentRequestID == "" && typed != "" {
			in.QR = typed
			if digits := strings.NewReplacer(" ", "", "-", "").Replace(typed); len(digits) <= 20 {
				in = PayIn{VA: digits}
			}
		}
		switch _, err := s.Pay(in); {
		case err == nil:
		case errors.Is(err, ErrPaid):
			note = "already"
		case errors.Is(err, ErrClosed):
			note = "closed"
		default:
			note = "unknown"
		}
	}
	http.Redirect(w, r, "/_sim/?note="+note, http.StatusSeeOther)
}
