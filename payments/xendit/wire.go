package xendit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/payments"
)

// amount reads what the API calls a number and some events send as a string;
// never through a float.
type amount string

// UnmarshalJSON implements json.Unmarshaler.
func (a *amount) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if s == "null" {
		s = ""
	}
	*a = amount(s)
	return nil
}

func (a amount) rupiah() (money.Rupiah, error) { return money.ParseDecimal(string(a)) }

// signed is rupiah for an amount that ought not to be, but might be, negative.
func (a amount) signed() (money.Rupiah, error) {
	digits, negative := strings.CutPrefix(string(a), "-")
	n, err := money.ParseDecimal(digits)
	if negative {
		n = -n
	}
	return n, err
}

// request is a payment request as far as we read it; unknown statuses stay
// what they are.
type request struct {
	ID          string    `json:"id"`
	ReferenceID string    `json:"reference_id"`
	Amount      amount    `json:"amount"`
	Currency    string    `json:"currency"`
	Status      string    `json:"status"`
	Created     time.Time `json:"created"`
	Updated     time.Time `json:"updated"`
	Method      method    `json:"payment_method"`
	Metadata    metadata  `json:"metadata"`
	Actions     []struct {
		QRCode *string `json:"qr_code"`
	} `json:"actions"`
}

// metadata reads what is text; a charge that was made elsewhere may carry anything.
type metadata map[string]string

// UnmarshalJSON implements json.Unmarshaler.
func (m *metadata) UnmarshalJSON(b []byte) error {
	var all map[string]any
	_ = json.Unmarshal(b, &all) // another kind of value holds no text
	for key, value := range all {
		text, ok := value.(string)
		if !ok {
			continue
		}
		if *m == nil {
			*m = metadata{}
		}
		(*m)[key] = text
	}
	return nil
}

type method struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	QRCode *struct {
		Properties *struct {
			QRString string `json:"qr_string"`
		} `json:"channel_properties"`
	} `json:"qr_code"`
	VirtualAccount *struct {
		Channel    string `json:"channel_code"`
		Properties *struct {
			Number    string     `json:"virtual_account_number"`
			ExpiresAt *time.Time `json:"expires_at"`
		} `json:"channel_properties"`
	} `json:"virtual_account"`
}

type requestList struct {
	Data []request `json:"data"`
}

type paymentList struct {
	Data []struct {
		ID               string    `json:"id"`
		PaymentRequestID string    `json:"payment_request_id"`
		Amount           amount    `json:"amount"`
		Currency         string    `json:"currency"`
		Status           string    `json:"status"`
		Created          time.Time `json:"created"`
		Updated          time.Time `json:"updated"`
	} `json:"data"`
}

type errorBody struct {
	Code    string `json:"error_code"`
	Message string `json:"message"`
}

// longestMessage and longestCode keep a hostile or HTML error out of the log.
const (
	longestMessage = 200
	longestCode    = 80
)

func readError(body []byte) errorBody {
	var e errorBody
	if json.Unmarshal(body, &e) != nil {
		e = errorBody{Message: "answer is no JSON"}
	}
	e.Code, e.Message = fault.Clean(e.Code, longestCode), fault.Clean(e.Message, longestMessage)
	return e
}

func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("answer is not readable: %w", err)
	}
	return nil
}

var statuses = map[string]payments.Status{
	"PENDING": payments.Pending, "REQUIRES_ACTION": payments.Pending, "AWAITING_CAPTURE": payments.Pending,
	"SUCCEEDED": payments.Paid, "FAILED": payments.Failed, "EXPIRED": payments.Expired,
	"CANCELED": payments.Cancelled, "VOIDED": payments.Cancelled,
}

func statusOf(s string) payments.Status {
	if known, ok := statuses[s]; ok {
		return known
	}
	return payments.Unrecognised
}

// charge turns a request into the port's words.
func (r request) charge() (payments.Charge, error) {
	total, err := r.Amount.rupiah()
	if err != nil {
		return payments.Charge{}, fmt.Errorf("payment request %s: %w", r.ID, err)
	}
	if r.ID == "" {
		return payments.Charge{}, fmt.Errorf("payment request without id")
	}
	c := payments.Charge{GatewayID: r.ID, MethodID: r.Method.ID, Reference: r.ReferenceID, Status: statusOf(r.Status), Amount: total, Currency: r.Currency,
		Metadata: r.Metadata}
	if q := r.Method.QRCode; q != nil {
		c.Method = payments.QRIS
		if q.Properties != nil {
			c.QR = q.Properties.QRString
		}
	}
	for _, a := range r.Actions {
		if c.QR == "" && c.Method == payments.QRIS && a.QRCode != nil {
			c.QR = *a.QRCode
		}
	}
	if v := r.Method.VirtualAccount; v != nil {
		c.Method = payments.VA(v.Channel)
		if v.Properties != nil {
			c.VA = v.Properties.Number
			if v.Properties.ExpiresAt != nil {
				c.ExpiresAt = *v.Properties.ExpiresAt
			}
		}
	}
	return c, nil
}
