package refunds

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/order"
	"gerai/templates"
)

const (
	refundsShown = 200
	differDays   = 7
)

// moneyPage lists what needs a decision about money: unmatched payments, the refund queue,
// receivables, and orders whose sums differ.
func moneyPage(k *web.Request) error {
	p, err := k.Panel("money")
	if err != nil {
		return err
	}
	page := templates.MoneyPage{Panel: p, Days: differDays}
	for _, fill := range []func(*web.Request, *templates.MoneyPage) error{fillUnmatched, fillRefunds, fillReceivables, fillDiffer} {
		if err := fill(k, &page); err != nil {
			return err
		}
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// fillUnmatched lists money without an order. It belongs to no site either, so only
// people who work on all of them see it.
func fillUnmatched(k *web.Request, page *templates.MoneyPage) error {
	if len(k.Principal.Sites) > 0 {
		return nil
	}
	all, err := k.Store.UnmatchedPayments(k.AuditContext())
	for _, pay := range all {
		at := web.Root + "/money/stray/" + url.PathEscape(pay.Gateway) + "/" + url.PathEscape(pay.Key)
		page.Unmatched = append(page.Unmatched, templates.UnmatchedLine{PaymentLine: web.PaymentLine(page.Panel, pay), Assign: at + "/assign", Back: at + "/refund"})
	}
	return err
}

func fillRefunds(k *web.Request, page *templates.MoneyPage) error {
	queue, err := k.Store.RefundQueue(k.AuditContext(), k.Principal.Sites, refundsShown)
	if err != nil {
		return err
	}
	for _, f := range queue {
		code, seen, err := refundOrder(k, f)
		if err != nil {
			return err
		}
		if seen {
			page.Refunds = append(page.Refunds, web.RefundLine(f, code))
		}
	}
	return nil
}

// refundOrder is the order of a refund, and whether the account may know of it.
func refundOrder(k *web.Request, f order.Refund) (order.Code, bool, error) {
	if f.OrderID == "" {
		return "", len(k.Principal.Sites) == 0, nil
	}
	o, err := k.Store.Order(k.AuditContext(), f.OrderID)
	return o.Code, k.Principal.Serves(o.SiteID), err
}

func fillReceivables(k *web.Request, page *templates.MoneyPage) error {
	all, err := k.Store.Receivables(k.AuditContext(), k.Principal.Sites...)
	for _, c := range all {
		if k.Principal.Serves(c.SiteID) {
			page.Receivables = append(page.Receivables, templates.ReceivableLine{Key: c.Key, Method: page.MethodName(c.Method), Who: c.StaffName, Reference: c.Reference, Code: c.Code, Amount: c.Amount,
				At: c.TakenAt, Age: web.Since(k.Clock.Now(), c.TakenAt), Credit: order.MayComeInCash(c.Receivable()), Off: receivablePath(c)})
		}
	}
	return err
}

func fillDiffer(k *web.Request, page *templates.MoneyPage) error {
	all, err := k.Store.Differences(k.AuditContext(), k.Clock.Now().Add(-differDays*24*time.Hour), k.Principal.Sites...)
	for _, x := range all {
		if k.Principal.Serves(x.SiteID) {
			page.Differ = append(page.Differ, templates.DifferLine{Code: x.Code, Status: x.Status, Total: x.Total, Paid: x.Paid, Given: x.Given})
		}
	}
	return err
}
