package web

import (
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/staff"
	"gerai/templates"
)

// Actor is the account as use cases about money take it.
func (k *Request) Actor() actor.Actor {
	return k.Principal.Actor()
}

// Param is a part of the address, as it was before it was escaped.
func (k *Request) Param(name string) string {
	s, err := url.PathUnescape(k.Params(name))
	if err != nil {
		return ""
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

// Code is the order that the address names, if the account may know of it.
// Errors: NotFound "order.not_found".
func (d *Handler) Code(k *Request) (order.Order, error) {
	code, ok := order.ParseCode(k.Param("code"))
	if !ok {
		return order.Order{}, fault.New(fault.NotFound, "order.not_found")
	}
	o, err := d.Store.OrderByCode(k.AuditContext(), code)
	if err == nil && !k.Principal.Serves(o.SiteID) {
		err = fault.New(fault.NotFound, "order.not_found")
	}
	return o, err
}

// Line is an order as lists show it.
func (d *Handler) Line(k *Request, o order.Order, siteName string) templates.OrderLine {
	l := templates.OrderLine{Code: o.Code, At: o.CreatedAt, Phone: MaskPhone(o.Phone), Site: siteName, Plan: o.Item.Name, Status: o.Status, Flags: o.Flags, Attention: o.Attention, Channel: o.Channel}
	if k.Principal.May(staff.SeeMoney) {
		l.Total = o.Total
	} else {
		l.Flags = slices.DeleteFunc(slices.Clone(l.Flags), func(f order.Flag) bool {
			return f == order.FlagUnderpaid || f == order.FlagOverpaid || f == order.FlagDuplicate
		})
	}
	return l
}

// MaskPhone shows 08xx-xxxx-1234.
func MaskPhone(phone string) string {
	if len(phone) < 4 {
		return ""
	}
	return "08xx-xxxx-" + phone[len(phone)-4:]
}

// FullPhone is a number in the national form.
func FullPhone(phone string) string { return strings.Replace(phone, "+62", "0", 1) }

// Sites lists the account's sites, by name.
func (d *Handler) Sites(k *Request) ([]catalog.Site, error) {
	c, err := d.Store.Catalogue(k.AuditContext())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(c.Sites, func(s catalog.Site) bool { return !k.Principal.Serves(s.ID) }), nil
}

// SiteNames are the names of sites by id.
func SiteNames(sites []catalog.Site) map[string]string {
	out := map[string]string{}
	for _, s := range sites {
		out[s.ID] = s.Name
	}
	return out
}

// Choices are sites as a form offers them.
func Choices(sites []catalog.Site) []templates.Choice {
	var out []templates.Choice
	for _, s := range sites {
		out = append(out, templates.Choice{Value: s.ID, Name: s.Name})
	}
	return out
}

// Nonce makes a form recognisable when it is sent twice.
func Nonce() string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// Viewer is the account as the rule about codes takes it.
func (k *Request) Viewer() order.Viewer {
	return order.Viewer{ID: k.Principal.ID, Any: k.Principal.May(staff.SeeCredentials), Own: k.Principal.May(staff.OwnCredentials)}
}

// MaySeeVoucher reports whether the account may see an order's credentials.
func (k *Request) MaySeeVoucher(o order.Order) bool {
	return order.MaySeeCredentials(o, k.Viewer(), k.Handler.Clock.Now())
}
