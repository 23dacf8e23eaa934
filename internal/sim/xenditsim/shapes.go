package xenditsim

import (
	"time"
)

// request is the API's rendering of a charge: every sibling object is there and
// null, as the real API sends it.
func (p *paymentRequest) request() map[string]any {
	actions := []any{}
	return map[string]any{
		"id": p.ID, "created": stamp9(p.Created), "updated": stamp9(p.Updated), "reference_id": p.ReferenceID, "business_id": p.BusinessID,
		"customer_id": nil, "customer": nil, "amount": p.Amount, "min_amount": nil, "max_amount": nil, "country": "ID", "currency": p.Currency,
		"status": p.Status, "failure_code": nil, "capture_method": "AUTOMATIC", "initiator": nil, "description": nil, "metadata": orNil(p.Metadata),
		"channel_properties": nil, "items": nil, "shipping_information": nil, "card_verification_results": nil, "actions": actions,
		"payment_method": p.method(),
	}
}

func orNil(m map[string]any) any {
	if m == nil {
		return nil
	}
	return m
}

// method is the API's rendering of the payment method inside a charge.
func (p *paymentRequest) method() map[string]any {
	m := map[string]any{
		"id": p.MethodID, "type": "VIRTUAL_ACCOUNT", "reusability": "ONE_TIME_USE", "status": p.MethodState, "reference_id": p.MethodRef,
		"description": nil, "metadata": nil, "created": stamp9(p.Created), "updated": stamp9(p.Updated),
		"billing_information": map[string]any{"country": "", "city": nil, "postal_code": nil, "province_state": nil, "street_line1": nil, "street_line2": nil},
		"card":                nil, "ewallet": nil, "direct_debit": nil, "direct_bank_transfer": nil, "over_the_counter": nil, "virtual_account": nil, "qr_code": nil,
	}
	if p.isQR() {
		m["type"] = "QR_CODE"
		m["qr_code"] = map[string]any{"amount": nil, "currency": "IDR", "channel_code": "QRIS", "channel_properties": map[string]any{"qr_string": p.QR}}
		return m
	}
	m["virtual_account"] = map[string]any{"amount": p.Amount, "currency": "IDR", "channel_code": p.Channel, "channel_properties": map[string]any{
		"customer_name": p.Customer, "virtual_account_number": p.VA, "expires_at": stamp9(p.ExpiresAt)}}
	return m
}

// listed is one payment in GET /v2/payment_methods/{id}/payments.
func (p *paymentRequest) listed(x payment) map[string]any {
	return map[string]any{
		"id": x.ID, "payment_request_id": p.ID, "reference_id": p.ReferenceID, "amount": x.Amount, "currency": x.Currency, "country": "ID",
		"status": "SUCCEEDED", "failure_code": nil, "channel_properties": nil, "payment_method": p.method(), "metadata": orNil(p.Metadata),
		"created": stamp9(x.At), "updated": stamp9(x.At), "payment_detail": nil,
	}
}

// event is the body of one webhook.
func (s *Sim) event(p *paymentRequest, name string, x *payment, f Faults) map[string]any {
	now := s.now()
	if name == "payment_method.activated" || name == "payment_method.expired" {
		return map[string]any{"event": name, "business_id": p.BusinessID, "created": stamp3(now), "api_version": nil, "data": p.method()}
	}
	at, total, id, currency := now, p.Amount, "py-"+s.uuid(), p.Currency
	if x != nil {
		at, total, id, currency = x.At, x.Amount, x.ID, x.Currency
	}
	status := map[string]string{"payment.succeeded": "SUCCEEDED", "payment.failed": "FAILED", "payment.pending": "PENDING"}[name]
	if f.AmountMismatch {
		total++
	}
	if f.V3Events && name == "payment.succeeded" {
		return s.captureEvent(p, id, total, currency, at, now)
	}
	var shown any = total
	if f.StringAmount {
		shown = itoa(total)
	}
	if f.UnknownEvent {
		name = "payment.teleported"
	}
	return map[string]any{"event": name, "business_id": p.BusinessID, "created": stamp3(now), "api_version": nil, "data": map[string]any{
		"id": id, "payment_request_id": p.ID, "reference_id": p.ReferenceID, "amount": shown, "currency": currency, "country": "ID", "status": status,
		"failure_code": nil, "description": nil, "customer_id": nil, "items": nil, "channel_properties": nil, "payment_detail": nil,
		"metadata": orNil(p.Metadata), "created": stamp9(at), "updated": stamp9(at), "payment_method": p.method()}}
}

// captureEvent is the same news in the shape of the API's version 3.
func (s *Sim) captureEvent(p *paymentRequest, id string, total int64, currency string, at, now time.Time) map[string]any {
	channel := "QRIS"
	if !p.isQR() {
		channel = p.Channel + "_VIRTUAL_ACCOUNT"
	}
	return map[string]any{"event": "payment.capture", "business_id": p.BusinessID, "created": stamp3(now), "api_version": "v3", "data": map[string]any{
		"payment_id": id, "payment_request_id": p.ID, "reference_id": p.ReferenceID, "type": "PAY", "country": "ID", "currency": currency,
		"request_amount": p.Amount, "capture_method": "AUTOMATIC", "channel_code": channel, "channel_properties": map[string]any{},
		"captures": []any{map[string]any{"capture_id": "cptr-" + s.uuid(), "capture_amount": total, "capture_timestamp": stamp3(at)}},
		"status":   "SUCCEEDED", "payment_details": map[string]any{}, "failure_code": nil, "metadata": orNil(p.Metadata), "created": stamp9(at), "updated": stamp9(at)}}
}
