package xenditsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

type createIn struct {
	ReferenceID string         `json:"reference_id"`
	Amount      json.Number    `json:"amount"`
	Currency    string         `json:"currency"`
	Metadata    map[string]any `json:"metadata"`
	Method      *struct {
		Type        string `json:"type"`
		Reusability string `json:"reusability"`
		ReferenceID string `json:"reference_id"`
		QRCode      *struct {
			Channel    string         `json:"channel_code"`
			Properties map[string]any `json:"channel_properties"`
		} `json:"qr_code"`
		VA *struct {
			Channel    string `json:"channel_code"`
			Properties struct {
				Customer  string     `json:"customer_name"`
				ExpiresAt *time.Time `json:"expires_at"`
			} `json:"channel_properties"`
		} `json:"virtual_account"`
	} `json:"payment_method"`
}

// Limits per channel in rupiah, as the gateway's pages give them.
const (
	mostQRIS = 10_000_000
	leastBCA = 10_000
)

// businessID is the account.
const businessID = "5f00000000000000000000aa"

// prefixes of virtual account numbers; the banks whose codes are accepted.
var prefixes = map[string]string{"BCA": "38165", "BNI": "8808", "BRI": "13282", "MANDIRI": "88608", "PERMATA": "8214", "BSI": "9347", "CIMB": "93490",
	"BJB": "1234", "SAHABAT_SAMPOERNA": "40102", "BNC": "9012", "HANA": "9772", "MUAMALAT": "8065"}

func (s *Sim) create(w http.ResponseWriter, r *http.Request, body []byte) {
	s.mu.Lock()
	if s.strikes("timeout_before", s.faults.TimeoutBefore) {
		s.mu.Unlock()
		cut(w)
		return
	}
	p, fresh, code, message := s.open(r.Header.Get("idempotency-key"), body)
	if p == nil {
		s.mu.Unlock()
		status, listed := map[string]int{"CHANNEL_NOT_ACTIVATED": 403, "DATA_NOT_FOUND": 404, "IDEMPOTENCY_ERROR": 409, "DUPLICATE_REFERENCE": 409}[code]
		if !listed {
			status = http.StatusBadRequest
		}
		fail(w, status, code, message)
		return
	}
	if fresh && s.faults.WebhookBeforeResponse {
		if _, err := s.pay(p, 0, false); err != nil {
			s.o.Log.Error("xenditsim: early payment failed", "error", err)
		}
	}
	lost := s.strikes("timeout_after", s.faults.TimeoutAfter) || s.chance(s.faults.TimeoutRatio)
	shown := p.request()
	s.mu.Unlock()
	if lost {
		cut(w)
		return
	}
	answer(w, http.StatusCreated, shown)
}

// open validates and makes a charge, or returns the one made before under the
// same key. A nil charge comes with an error code.
func (s *Sim) open(key string, body []byte) (p *paymentRequest, fresh bool, code, message string) {
	if k, used := s.byKey[key]; used && key != "" {
		if k.Body != string(body) {
			return nil, false, "IDEMPOTENCY_ERROR", "idempotency key was used with another body"
		}
		return s.requests[k.ID], false, "", ""
	}
	var in createIn
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, false, "API_VALIDATION_ERROR", "body is not valid"
	}
	if code, message := s.check(in); code != "" {
		return nil, false, code, message
	}
	amount, _ := whole(in.Amount) // checked above
	now := s.now()
	p = &paymentRequest{ID: "pr-" + s.uuid(), MethodID: "pm-" + s.uuid(), ReferenceID: in.ReferenceID, MethodRef: in.Method.ReferenceID, BusinessID: businessID,
		Amount: amount, Currency: "IDR", Status: "PENDING", MethodState: "PENDING", Created: now, Updated: now, Metadata: in.Metadata, Key: key, KeyBody: string(body)}
	if p.MethodRef == "" {
		p.MethodRef = s.uuid()
	}
	if in.Method.Type == "QR_CODE" {
		p.Channel, p.Status, p.MethodState, p.ExpiresAt = "QRIS", "REQUIRES_ACTION", "ACTIVE", now.Add(s.o.QRISLife)
		p.QR = qrString(s.o.MerchantName, p.ReferenceID, amount, s.faults.BadQR)
	} else {
		p.Channel, p.Customer, p.VA = in.Method.VA.Channel, in.Method.VA.Properties.Customer, s.number(in.Method.VA.Channel)
		p.ExpiresAt = now.AddDate(31, 0, 0)
		if e := in.Method.VA.Properties.ExpiresAt; e != nil {
			p.ExpiresAt = *e
		}
	}
	s.index(p)
	s.keep(p)
	if !p.isQR() {
		p.MethodState = "ACTIVE"
		s.emit(p, "payment_method.activated", nil)
		p.MethodState = "PENDING" // the answer to create still says so
	}
	return p, true, "", ""
}

func (s *Sim) check(in createIn) (code, message string) {
	const invalid = "API_VALIDATION_ERROR"
	amount, ok := whole(in.Amount)
	switch {
	case in.ReferenceID == "" || len(in.ReferenceID) > 255:
		return invalid, "reference_id must have 1 to 255 characters"
	case in.Currency != "IDR":
		return invalid, "currency must be IDR"
	case !ok || amount <= 0:
		return invalid, "amount must be a positive whole number"
	case !metadataFits(in.Metadata):
		return invalid, "metadata takes 50 keys of 40 characters and values of 500"
	case in.Method == nil || in.Method.Reusability != "ONE_TIME_USE":
		return invalid, "payment_method with reusability ONE_TIME_USE is required"
	case s.faults.DuplicateReference409 && len(s.byRef[in.ReferenceID]) > 0:
		return "DUPLICATE_REFERENCE", "reference_id was used before"
	}
	switch in.Method.Type {
	case "QR_CODE":
		q := in.Method.QRCode
		switch {
		case q == nil || q.Channel == "":
			return invalid, "qr_code.channel_code is required"
		case q.Channel != "QRIS":
			return "DATA_NOT_FOUND", "Data not found"
		case q.Properties["expires_at"] != nil:
			return invalid, "expires_at is not supported by channel 'QRIS'"
		case amount > mostQRIS:
			return invalid, "amount is above the maximum of channel 'QRIS'"
		}
		return s.channel("QRIS")
	case "VIRTUAL_ACCOUNT":
		v := in.Method.VA
		switch {
		case v == nil || prefixes[v.Channel] == "":
			return invalid, "virtual_account.channel_code is not supported"
		case strings.TrimSpace(v.Properties.Customer) == "":
			return invalid, "customer_name is required"
		case v.Channel == "BCA" && amount < leastBCA:
			return invalid, "amount is below the minimum of channel 'BCA'"
		case v.Properties.ExpiresAt != nil && v.Properties.ExpiresAt.Before(s.now()):
			return invalid, "expires_at must be in the future"
		}
		return s.channel(v.Channel)
	}
	return invalid, "payment_method.type is not supported"
}

func (s *Sim) channel(code string) (string, string) {
	if slices.Contains(s.faults.ChannelOff, code) {
		return "CHANNEL_NOT_ACTIVATED", "channel " + code + " is not activated"
	}
	return "", ""
}

// number draws an account number that no open charge has.
func (s *Sim) number(bank string) string {
	for {
		n := prefixes[bank]
		for len(n) < 15 {
			n += strconv.Itoa(s.rnd.IntN(10))
		}
		if s.byVA[n] == nil {
			return n
		}
	}
}

// whole reads a JSON number that is an integer, however it is written.
func whole(n json.Number) (int64, bool) {
	if v, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
		return v, true
	}
	f, err := n.Float64()
	v := int64(f)
	return v, err == nil && float64(v) == f
}

// metadataFits reports whether metadata is within the gateway's limits.
func metadataFits(m map[string]any) bool {
	for key, value := range m {
		text, ok := value.(string)
		if len(key) > 40 || ok && len(text) > 500 {
			return false
		}
	}
	return len(m) <= 50
}
