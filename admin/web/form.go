package web

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/typed"
	"gerai/templates"
)

// Typed is what a refused form held, and the message at its field. ok is false
// when the error is none that a form can show. Passwords are not kept.
func (k *Request) Typed(err error, fields ...string) (form templates.Typed, ok bool) {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Internal || f.Kind == fault.Config {
		return templates.Typed{}, false
	}
	form = k.Held(fields...)
	form.Field, form.Message = f.Field, templates.FaultText(k.Lang(), err)
	return form, true
}

// Held is what a form held that is shown again without a mistake.
func (k *Request) Held(fields ...string) templates.Typed {
	form := templates.Typed{Values: map[string]string{}}
	for _, name := range fields {
		form.Values[name] = Truncate(k.FormValue(name))
	}
	return form
}

// OnlyWith asks about a field that goes only with a choice that was not made:
// what was typed there would vanish. Errors: alone, which names the field.
func (k *Request) OnlyWith(chosen bool, alone *fault.Error) error {
	if chosen || k.FormValue(alone.Field) == "" {
		return nil
	}
	return alone
}

// longestTyped bounds what is shown again of what was typed.
const longestTyped = 4000

// Truncate cuts what was typed to what is shown again.
func Truncate(s string) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > longestTyped {
		return string(r[:longestTyped])
	}
	return s
}

// Amount reads an amount of a form. Errors: Invalid at the field.
func (k *Request) Amount(field string) (money.Rupiah, error) {
	n, ok := money.ParseField(k.FormValue(field))
	if !ok {
		return 0, fault.AtField(field, "counter.amount_form")
	}
	return n, nil
}

// Number reads a whole number. Errors: alone, which names the field.
func Number(k *Request, field, code string) (int, error) {
	n, ok := typed.Count(k.FormValue(field))
	if !ok {
		return 0, fault.AtField(field, code)
	}
	return n, nil
}

// Nonce makes a form recognisable when it is sent twice.
func Nonce() string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// Queries are the address's parameters, tidied.
func Queries(k *Request) url.Values {
	q := url.Values{}
	for name, value := range k.Queries() {
		if value = strings.TrimSpace(Truncate(value)); value != "" && len(value) <= 200 {
			q.Set(name, value)
		}
	}
	return q
}
