package vouchers

import (
	"fmt"
	"strings"
	"time"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/vouchers"
	"gerai/internal/typed"
	"gerai/internal/voucher"
	"gerai/templates"
)

// megabyte is the unit in which data is added.
const megabyte = 1_000_000

var grantFields = []string{"validity", "uptime", "data"}

// extendVoucherForm shows what can be added to a voucher for nothing.
func extendVoucherForm(k *web.Request) error { return confirmExtend(k, nil) }

func confirmExtend(k *web.Request, cause error) error {
	return confirmAct(k, templates.ActExtend, cause, func(page *templates.VoucherActPage, f vouchers.VoucherDetail) error {
		page.Had, page.Allowed = hadOf(f.Voucher.Given), f.Allowed
		page.Effects = append(page.Effects, page.T("vouchers.effect.free"), page.T("vouchers.effect.router", "router", f.Router))
		if until := f.Voucher.ValidUntil; !until.IsZero() {
			page.Effects = append(page.Effects, page.T("vouchers.effect.until", "when", page.Stamp(until)))
		}
		return nil
	}, append([]string{"complaint"}, grantFields...)...)
}

// hadOf names what was added before: a form counts once.
func hadOf(g voucher.Grant) string {
	return fmt.Sprintf("%d-%d-%d", g.Validity.Milliseconds(), g.Uptime.Milliseconds(), g.Data)
}

// extendVoucher adds time or data to it.
func extendVoucher(k *web.Request) error {
	f, in, err := acting(k)
	if err != nil {
		return err
	}
	more, err := grantOf(k)
	if err == nil && k.FormValue("had") != hadOf(f.Voucher.Given) {
		err = fault.New(fault.Conflict, "voucher.changed")
	}
	if err == nil {
		err = k.Shop.Vouchers.Grant(k.AuditContext(), vouchers.GrantIn{ActIn: in, More: more, Complaint: order.Complaint(k.FormValue("complaint")), Had: f.Voucher.Given})
	}
	return acted(k, f, "voucher.extended", err, confirmExtend)
}

// grantOf reads hours, hours and megabytes; what is left empty adds nothing.
func grantOf(k *web.Request) (voucher.Grant, error) {
	var n [3]int
	for i, field := range grantFields {
		text := strings.TrimSpace(k.FormValue(field))
		if text == "" {
			continue
		}
		var ok bool
		if n[i], ok = typed.Count(text); !ok || n[i] > 1_000_000 {
			return voucher.Grant{}, fault.AtField(field, "voucher.grant_form")
		}
	}
	return voucher.Grant{Validity: time.Duration(n[0]) * time.Hour, Uptime: time.Duration(n[1]) * time.Hour, Data: int64(n[2]) * megabyte}, nil
}
