package vouchers

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/shop/vouchers"
	"gerai/internal/staff"
	"gerai/internal/voucher"
	"gerai/templates"
)

// voucherPage shows one voucher: what it is, who has it, what it did.
func voucherPage(k *web.Request) error {
	f, err := voucherOf(k)
	if err != nil {
		return err
	}
	return showVoucher(k, f, false)
}

// voucherOf reads the voucher of the address. Errors: NotFound
// "voucher.not_found".
func voucherOf(k *web.Request) (vouchers.VoucherDetail, error) {
	return k.Shop.Vouchers.VoucherDetail(k.AuditContext(), k.Principal.Sites, k.Param("id"))
}

// maySee reports whether the account may see the code: an admin any, a kasir
// those of their own sales for a day.
func maySee(k *web.Request, f vouchers.VoucherDetail) bool {
	if f.HasOrder() {
		return k.MaySeeVoucher(f.Order)
	}
	return k.Principal.May(staff.SeeCredentials)
}

func showVoucher(k *web.Request, f vouchers.VoucherDetail, open bool) error {
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	v, facts := f.Voucher, f.Facts()
	page := templates.VoucherPage{Panel: p, Name: f.Name(), Item: f.Item, Site: f.Site, Router: f.Router, SoldBy: soldBy(f), Printed: v.PrintedAt,
		Ended: v.EndedAt, Extensions: f.Extensions, Away: f.Away(), Again: reprint(k, f),
		VoucherLine: templates.VoucherLine{ID: v.ID, Username: order.PublicName(v.Username, f.Password()), State: string(v.State), Plan: f.Item.Name, Batch: f.Batch.Code, BatchID: v.BatchID, No: v.No,
			Outlet: f.Outlet, SoldAt: v.SoldAt, FirstLogin: v.FirstLoginAt, Until: v.ValidUntil, Suspended: facts.Suspended()}}
	if k.Principal.May(staff.SeeMoney) {
		page.Price = f.Item.Price
	}
	if !k.Principal.May(staff.PrintVouchers) {
		page.BatchID = "" // its page is not theirs
	}
	if f.HasOrder() {
		page.Order = f.Order.Code
	}
	if open {
		page.User, page.Password = v.Username, f.Password()
	}
	change, hold, now := k.Principal.May(staff.Vouchers), k.Principal.May(staff.HoldVouchers), k.Clock.Now()
	page.May = templates.VoucherActions{See: maySee(k, f), Disable: change && voucher.MayDisable(facts) == nil, Enable: change && voucher.MayEnable(facts, now) == nil,
		Suspend: hold && voucher.MaySuspend(facts, now) == nil, Unsuspend: hold && voucher.MayUnsuspend(facts, now) == nil,
		Extend: change && voucher.MayGrant(facts, now) == nil, Move: hold && voucher.MayMove(facts, now) == nil, Restore: f.Left && voucher.MayRestore(facts, now) == nil}
	if f.Left {
		page.Difference = web.DifferenceLine(p, f.Difference)
	}
	for _, x := range f.Former {
		page.Former = append(page.Former, templates.FormerRouter{Name: x.Name, Since: x.Since, Left: x.LeftAt})
	}
	if facts.Counted() {
		u := k.Shop.Vouchers.UsageOf(k.AuditContext(), v)
		page.UsedUp = u.UsedUp()
		limit := u.LimitUptime
		if f.Item.UptimeLimit == 0 { // the plan has none: the limit on the router repeats the validity
			limit = 0
		}
		page.Used = templates.VoucherUse{At: u.At, Time: u.Uptime, TimeLimit: limit, Bytes: u.Bytes, BytesLimit: u.LimitBytes, Devices: len(u.Sessions)}
	}
	for _, row := range f.Audit {
		m := templates.TimelineEntry{At: row.At, What: p.Act(row.Action), Who: web.Who(p, row.Actor), Text: textOf(p, f, row)}
		if k.Principal.May(staff.SeeAudit) {
			m.Raw = row.Detail
		}
		page.Timeline = append(page.Timeline, m)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// soldBy is who sold it, if that was a person.
func soldBy(f vouchers.VoucherDetail) string {
	if name, ofStaff := actor.StaffName(f.Voucher.SoldBy); ofStaff {
		return name
	}
	return ""
}

// reprint is the page that prints the voucher again: by its number within the batch, or
// as the receipt of its sale.
func reprint(k *web.Request, f vouchers.VoucherDetail) string {
	v := f.Voucher
	switch {
	case v.State.Ended():
		return ""
	case !f.HasOrder() && (v.BatchID == "" || !k.Principal.May(staff.PrintVouchers)):
		return ""
	case !f.HasOrder():
		return fmt.Sprintf("%s/vouchers/batches/%s/print?no=%d", web.Root, v.BatchID, v.No)
	case !k.Principal.May(staff.Sell):
		return ""
	case v.BatchID != "" && maySee(k, f):
		return web.Root + "/vouchers/sales/" + string(f.Order.ID)
	}
	return web.Root + "/sell/" + string(f.Order.Code)
}
