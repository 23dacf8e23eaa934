package admin

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/vouchers"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// voucher shows one voucher: what it is, who has it, what it did.
func voucher(k *request) error {
	f, err := voucherOf(k)
	if err != nil {
		return err
	}
	return showVoucher(k, f, false)
}

// voucherCredentials shows its code and records that in the audit trail.
func voucherCredentials(k *request) error {
	f, err := voucherOf(k)
	if err != nil {
		return err
	}
	if !maySee(k, f) {
		return fault.New(fault.Denied, "staff.not_yours")
	}
	if err := k.Shop.Vouchers.SeenVoucher(k.ctx(), k.actor(), f.Voucher); err != nil {
		return err
	}
	return showVoucher(k, f, true)
}

// voucherOf reads the voucher of the address. Errors: NotFound
// "voucher.not_found".
func voucherOf(k *request) (vouchers.VoucherDetail, error) {
	return k.Shop.Vouchers.VoucherDetail(k.ctx(), k.principal.Sites, k.param("id"))
}

// maySee reports whether the account may see the code: an admin any, a kasir
// those of their own sales for a day.
func maySee(k *request, f vouchers.VoucherDetail) bool {
	if f.HasOrder() {
		return k.maySeeVoucher(f.Order)
	}
	return k.principal.May(staff.SeeCredentials)
}

func showVoucher(k *request, f vouchers.VoucherDetail, open bool) error {
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	v := f.Voucher
	page := templates.VoucherPage{Panel: p, Name: f.Name(), Item: f.Item, Site: f.Site, Router: f.Router, Price: f.Item.Price, SoldBy: soldBy(f), Printed: v.PrintedAt,
		Ended: v.EndedAt, Extensions: f.Extensions, Away: f.Away(), Again: reprint(k, f),
		VoucherLine: templates.VoucherLine{ID: v.ID, Username: order.PublicName(v.Username, f.Password()), State: v.State, Plan: f.Item.Name, Batch: f.Batch.Code, BatchID: v.BatchID, No: v.No,
			Outlet: f.Outlet, SoldAt: v.SoldAt, FirstLogin: v.FirstLoginAt, Until: v.ValidUntil}}
	if f.HasOrder() {
		page.Order = f.Order.Code
	}
	if open {
		page.User, page.Password = v.Username, f.Password()
	}
	change := k.principal.May(staff.Vouchers)
	page.May = templates.VoucherActions{See: maySee(k, f), Disable: change && v.State != store.VoucherDisabled && v.State != store.VoucherExpired,
		Enable: change && v.State == store.VoucherDisabled && !f.Refunded && (v.ValidUntil.IsZero() || v.ValidUntil.After(k.Clock.Now())) && (v.BatchID == "" || !v.MadeAt.IsZero())}
	if v.State == store.VoucherActive || v.State == store.VoucherSold || v.State == store.VoucherDisabled && !v.FirstLoginAt.IsZero() {
		u := k.Shop.Vouchers.UsageOf(v)
		page.UsedUp = u.UsedUp()
		page.Used = templates.VoucherUse{At: u.At, Time: u.Uptime, TimeLimit: u.LimitUptime, Bytes: u.Bytes, BytesLimit: u.LimitBytes, Devices: len(u.Sessions)}
	}
	for _, row := range f.Audit {
		m := templates.TimelineEntry{At: row.At, What: p.Act(row.Action), Who: who(p, row.Actor), Text: reasonOf(row)}
		if k.principal.May(staff.SeeAudit) {
			m.Raw = row.Detail
		}
		page.Timeline = append(page.Timeline, m)
	}
	return k.send(fiber.StatusOK, p.Theme, page)
}

// soldBy is who sold it, if that was a person.
func soldBy(f vouchers.VoucherDetail) string {
	if !strings.HasPrefix(f.Voucher.SoldBy, "staff:") {
		return ""
	}
	return named(f.Voucher.SoldBy)
}

// reprint is the page that prints the voucher again: by its number within the batch, or
// as the receipt of its sale.
func reprint(k *request, f vouchers.VoucherDetail) string {
	v := f.Voucher
	switch {
	case v.State == store.VoucherDisabled || v.State == store.VoucherExpired:
		return ""
	case !f.HasOrder() && v.BatchID == "":
		return ""
	case !f.HasOrder():
		return fmt.Sprintf("%s/vouchers/batches/%s/print?no=%d", root, v.BatchID, v.No)
	case !k.principal.May(staff.Sell):
		return ""
	case v.BatchID != "" && maySee(k, f):
		return root + "/vouchers/sales/" + string(f.Order.ID)
	}
	return root + "/sell/" + string(f.Order.Code)
}
