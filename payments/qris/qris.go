package qris

import (
	"fmt"
	"strings"

	"gerai/internal/money"
)

// Code is what a valid payload says.
type Code struct {
	Merchant string // tag 59, what the payer's app shows
	City     string // tag 60
	NMID     string // national merchant id, tag 51.02, may be empty
	Amount   money.Rupiah
	Payload  string // with the checksum in upper case
}

// Error is why a payload must not be shown. Reason is one word: truncated,
// format, duplicate, order, checksum, charset, static, merchant, currency,
// amount, tip, country, name.
type Error struct{ Reason, Detail string }

// Error prints reason and detail; it never contains the payload.
func (e *Error) Error() string { return "qris: " + e.Reason + ": " + e.Detail }

// longest bounds a payload: version 40 codes hold more, real ones are under 500.
const longest = 1000

// Validate reads a payload and makes sure that scanning it pays exactly want: dynamic, in
// rupiah, without tip, checksum right. A lower-case checksum is accepted and normalised.
// Every error is an *Error.
func Validate(payload string, want money.Rupiah) (Code, error) {
	if len(payload) > longest {
		return Code{}, &Error{Reason: "format", Detail: "longer than any real code"}
	}
	fields, err := parse(payload)
	if err != nil {
		return Code{}, err
	}
	if payload, err = checkFrame(payload, fields); err != nil {
		return Code{}, err
	}
	by := map[string]string{}
	for _, f := range fields {
		if f.tag != "64" && !ascii(f.value) {
			return Code{}, &Error{Reason: "charset", Detail: "tag " + f.tag}
		}
		by[f.tag] = f.value
	}
	c := Code{Merchant: by["59"], City: by["60"], Payload: payload}
	if c.NMID, err = checkMerchant(fields); err != nil {
		return Code{}, err
	}
	if err := checkValues(by); err != nil {
		return Code{}, err
	}
	if c.Amount, err = money.ParseDecimal(by["54"]); err != nil || c.Amount != want {
		return Code{}, &Error{Reason: "amount", Detail: fmt.Sprintf("says %q, order costs %d", by["54"], int64(want))}
	}
	return c, nil
}

// checkFrame checks what comes first and last, and the checksum over
// everything up to and including its own tag and length.
func checkFrame(payload string, fields []field) (string, error) {
	if len(fields) < 2 || fields[0] != (field{"00", "01"}) {
		return "", &Error{Reason: "order", Detail: "does not start with the payload format"}
	}
	last := fields[len(fields)-1]
	if last.tag != "63" || len(last.value) != 4 {
		return "", &Error{Reason: "order", Detail: "does not end with the checksum"}
	}
	body := payload[:len(payload)-4]
	sum := fmt.Sprintf("%04X", crc16(body))
	if strings.ToUpper(last.value) != sum {
		return "", &Error{Reason: "checksum", Detail: "computed " + sum}
	}
	return body + sum, nil
}

func checkMerchant(fields []field) (nmid string, err error) {
	acquirer := false
	for _, f := range fields {
		if f.tag < "26" || f.tag > "51" {
			continue
		}
		inner, err := parse(f.value)
		if err != nil {
			return "", &Error{Reason: "merchant", Detail: "template " + f.tag + " is damaged"}
		}
		if f.tag != "51" {
			acquirer = true
			continue
		}
		for _, x := range inner {
			if x.tag == "00" && x.value != "ID.CO.QRIS.WWW" {
				return "", &Error{Reason: "merchant", Detail: "template 51 is not the national one"}
			}
			if x.tag == "02" {
				nmid = x.value
			}
		}
	}
	if !acquirer {
		return "", &Error{Reason: "merchant", Detail: "no acquirer template"}
	}
	return nmid, nil
}

func checkValues(by map[string]string) error {
	switch {
	case by["01"] != "12":
		return &Error{Reason: "static", Detail: "not made for one payment"}
	case by["53"] != "360":
		return &Error{Reason: "currency", Detail: by["53"]}
	case by["58"] != "ID":
		return &Error{Reason: "country", Detail: by["58"]}
	case len(by["52"]) != 4 || strings.Trim(by["52"], "0123456789") != "":
		return &Error{Reason: "format", Detail: "merchant category"}
	case by["59"] == "" || len(by["59"]) > 25 || by["60"] == "" || len(by["60"]) > 15:
		return &Error{Reason: "name", Detail: "merchant name or city"}
	}
	for _, tag := range []string{"55", "56", "57"} {
		if _, there := by[tag]; there {
			return &Error{Reason: "tip", Detail: "tag " + tag + " adds to what is paid"}
		}
	}
	return nil
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
