package xenditsim

// Faults are the ways the gateway goes wrong. Setting them replaces the whole set; what is
// left out is off. Count bounds how often the API faults (those that strike a call) do so;
// 0 means until they are set again.
type Faults struct {
	DropWebhooks          bool     `json:"drop_webhooks,omitempty"`
	DuplicateWebhooks     bool     `json:"duplicate_webhooks,omitempty"` // same webhook-id twice
	DuplicateNewID        bool     `json:"duplicate_new_id,omitempty"`   // same payment under a second webhook-id
	DelayMS               int      `json:"delay_ms,omitempty"`           // before a webhook's first delivery
	ReorderWebhooks       bool     `json:"reorder_webhooks,omitempty"`   // expired before succeeded, pending after it
	WrongToken            bool     `json:"wrong_token,omitempty"`
	MissingToken          bool     `json:"missing_token,omitempty"`
	WebhookBeforeResponse bool     `json:"webhook_before_response,omitempty"` // paid and told before create is answered
	AmountMismatch        bool     `json:"amount_mismatch,omitempty"`         // the event names another amount
	StringAmount          bool     `json:"string_amount,omitempty"`
	UnknownEvent          bool     `json:"unknown_event,omitempty"`
	V3Events              bool     `json:"v3_events,omitempty"`
	LostRatio             float64  `json:"lost_ratio,omitempty"` // share of webhooks never sent
	DupRatio              float64  `json:"dup_ratio,omitempty"`
	ReorderRatio          float64  `json:"reorder_ratio,omitempty"`
	Status                int      `json:"status,omitempty"`        // answer API calls with this HTTP status
	HTML502               bool     `json:"html_502,omitempty"`      // answer API calls with an HTML error page
	TruncateJSON          bool     `json:"truncate_json,omitempty"` // 2xx whose body ends early
	APIDelayMS            int      `json:"api_delay_ms,omitempty"`
	TimeoutBefore         bool     `json:"timeout_before,omitempty"` // create: connection cut, nothing done
	TimeoutAfter          bool     `json:"timeout_after,omitempty"`  // create: done, connection cut
	GetDown               bool     `json:"get_down,omitempty"`       // reads answer 503
	RateLimit             bool     `json:"rate_limit,omitempty"`     // 429
	DuplicateReference409 bool     `json:"duplicate_reference_409,omitempty"`
	PaymentsForbidden     bool     `json:"payments_forbidden,omitempty"`     // listing a method's payments answers 403
	BadQR                 string   `json:"bad_qr,omitempty"`                 // crc, amount, tip or static
	ChannelOff            []string `json:"channel_off,omitempty"`            // channel codes that are not activated
	Currency              string   `json:"currency,omitempty"`               // payments arrive in this currency
	TransactionsForbidden bool     `json:"transactions_forbidden,omitempty"` // the statement answers 403
	HideTransactions      []string `json:"hide_transactions,omitempty"`      // references that the statement leaves out
	TransactionAmount     int64    `json:"transaction_amount,omitempty"`     // payments in the statement are this much larger
	TransactionFee        int64    `json:"transaction_fee,omitempty"`        // and cost this much more
	BareTransactions      bool     `json:"bare_transactions,omitempty"`      // the statement names no charge, and payments without the prefix of QR codes
	Count                 int      `json:"count,omitempty"`
	APIErrorRatio         float64  `json:"api_error_ratio,omitempty"` // share of API calls answered 503
	TimeoutRatio          float64  `json:"timeout_ratio,omitempty"`   // share of creates cut after they were done
}

// SetFaults replaces the faults.
func (s *Sim) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
	s.counts = map[string]int{}
}

// Faults returns the faults in force.
func (s *Sim) Faults() Faults {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults
}

// strikes reports whether an API fault applies to this call, and counts it.
func (s *Sim) strikes(name string, on bool) bool {
	if !on || (s.faults.Count > 0 && s.counts[name] >= s.faults.Count) {
		return false
	}
	s.counts[name]++
	return true
}

// chance draws from the seeded source.
func (s *Sim) chance(ratio float64) bool { return ratio > 0 && s.rnd.Float64() < ratio }
