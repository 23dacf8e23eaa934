package golden

import (
	"encoding/json"
	"net/http"
)

// stateOf reads what the shop tells programs about an order.
func (w *world) stateOf(page string) (s state) {
	w.Helper()
	a := w.browser().get(page + "/status")
	if a.status != http.StatusOK {
		w.Fatalf("%s/status: %d", page, a.status)
	}
	w.must(json.Unmarshal([]byte(a.body), &s))
	return s
}

func (w *world) codeOf(page string) string { w.Helper(); return w.stateOf(page).Order }

// want fails unless an order has a status.
func (w *world) want(page, status string) state {
	w.Helper()
	s := w.stateOf(page)
	if s.Status != status {
		w.Fatalf("order %s is %s %v, want %s", s.Order, s.Status, s.Flags, status)
	}
	return s
}

// state is what the shop tells programs about an order.
type state struct {
	Order, Status, Method string
	Flags                 []string
	Voucher               *struct{ Username, Password string }
}
