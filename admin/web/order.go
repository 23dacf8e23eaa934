package web

import (
	"slices"
	"strings"

	"gerai/internal/order"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// Code is the order that the address names, if the account may know of it.
// Errors: NotFound "order.not_found".
func (d *Handler) Code(k *Request) (order.Order, error) {
	code, ok := order.ParseCode(k.Param("code"))
	if !ok {
		return order.Order{}, store.ErrOrderNotFound
	}
	o, err := d.Store.OrderByCode(k.AuditContext(), code)
	if err == nil && !k.Principal.Serves(o.SiteID) {
		err = store.ErrOrderNotFound
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

// Viewer is the account as the rule about codes takes it.
func (k *Request) Viewer() order.Viewer {
	return order.Viewer{ID: k.Principal.ID, Any: k.Principal.May(staff.SeeCredentials), Own: k.Principal.May(staff.OwnCredentials)}
}

// MaySeeVoucher reports whether the account may see an order's credentials.
func (k *Request) MaySeeVoucher(o order.Order) bool {
	return order.MaySeeCredentials(o, k.Viewer(), k.Handler.Clock.Now())
}

// OrderPath is an order's page below root.
func OrderPath(o order.Order) string { return "/orders/" + string(o.Code) }
