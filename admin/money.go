package admin

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/payments"
	"gerai/templates"
)

const (
	refundsShown = 200
	differDays   = 7
)

// moneyPage lists what needs a decision about money: unmatched payments, the refund queue,
// receivables, and orders whose sums differ.
func moneyPage(k *request) error {
	p, err := k.panel("money")
	if err != nil {
		return err
	}
	page := templates.MoneyPage{Panel: p, Days: differDays}
	for _, fill := range []func(*request, *templates.MoneyPage) error{fillUnmatched, fillRefunds, fillReceivables, fillDiffer} {
		if err := fill(k, &page); err != nil {
			return err
		}
	}
	return k.send(fiber.StatusOK, p.Theme, page)
}

// fillUnmatched lists money without an order. It belongs to no site either, so only
// people who work on all of them see it.
func fillUnmatched(k *request, page *templates.MoneyPage) error {
	if len(k.principal.Sites) > 0 {
		return nil
	}
	all, err := k.Store.UnmatchedPayments(k.ctx())
	for _, pay := range all {
		at := root + "/money/stray/" + url.PathEscape(pay.Gateway) + "/" + url.PathEscape(pay.Key)
		page.Unmatched = append(page.Unmatched, templates.UnmatchedLine{PaymentLine: paymentLine(page.Panel, pay), Assign: at + "/assign", Back: at + "/refund"})
	}
	return err
}

func fillRefunds(k *request, page *templates.MoneyPage) error {
	queue, err := k.Store.RefundQueue(k.ctx(), k.principal.Sites, refundsShown)
	if err != nil {
		return err
	}
	for _, f := range queue {
		code, seen, err := refundOrder(k, f)
		if err != nil {
			return err
		}
		if seen {
			page.Refunds = append(page.Refunds, refundLine(f, code))
		}
	}
	return nil
}

// refundOrder is the order of a refund, and whether the account may know of it.
func refundOrder(k *request, f order.Refund) (order.Code, bool, error) {
	if f.OrderID == "" {
		return "", len(k.principal.Sites) == 0, nil
	}
	o, err := k.Store.Order(k.ctx(), f.OrderID)
	return o.Code, k.principal.Serves(o.SiteID), err
}

func fillReceivables(k *request, page *templates.MoneyPage) error {
	all, err := k.Store.Receivables(k.ctx(), k.principal.Sites...)
	for _, c := range all {
		if k.principal.Serves(c.SiteID) {
			page.Receivables = append(page.Receivables, templates.ReceivableLine{Key: c.Key, Method: page.MethodName(c.Method), Who: c.StaffName, Reference: c.Reference, Code: c.Code, Amount: c.Amount,
				At: c.TakenAt, Age: since(k.Clock.Now(), c.TakenAt), Credit: c.Method == payments.Credit, Off: receivablePath(c)})
		}
	}
	return err
}

func fillDiffer(k *request, page *templates.MoneyPage) error {
	all, err := k.Store.Differences(k.ctx(), k.Clock.Now().Add(-differDays*24*time.Hour), k.principal.Sites...)
	for _, x := range all {
		if k.principal.Serves(x.SiteID) {
			page.Differ = append(page.Differ, templates.DifferLine{Code: x.Code, Status: x.Status, Total: x.Total, Paid: x.Paid, Given: x.Given})
		}
	}
	return err
}

// confirmReceivable notes that money which was counted is really here.
func confirmReceivable(k *request) error {
	c, err := receivable(k)
	if err != nil {
		return err
	}
	return k.back("/money", "owed.confirm", k.Shop.Refunds.Confirm(k.ctx(), k.actor(), c.Key, k.FormValue("how") == "cash" && c.Method == payments.Credit))
}

// rulesForm shows the rules of the counter.
func rulesForm(k *request) error {
	rules, err := k.Store.CounterRules(k.ctx())
	if err != nil {
		return err
	}
	return showRules(k, fiber.StatusOK, templates.Typed{}, rules)
}

// setRules replaces them.
func setRules(k *request) error {
	rules := store.CounterRules{ConfirmTransfers: k.FormValue("confirm_transfers") == "1", StopExternal: k.FormValue("stop_external") == "1"}
	var err error
	if k.FormValue("overdue_days") != "" { // left empty: never
		rules.OverdueDays, err = number(k, "overdue_days", "counter.days")
	}
	if err != nil {
		form, _ := k.typed(err, "second_above", "overdue_days")
		return showRules(k, httpx.Status(err), form, rules)
	}
	if rules.SecondAbove, err = k.amount("second_above"); err == nil {
		err = k.Shop.Orders.SetCounterRules(k.ctx(), k.actor(), rules)
	}
	if fault.Is(err, fault.Invalid) {
		form, _ := k.typed(err, "second_above", "overdue_days")
		return showRules(k, httpx.Status(err), form, rules)
	}
	return k.back("/money/rules", "rules.keep", err)
}

func showRules(k *request, status int, form templates.Typed, rules store.CounterRules) error {
	p, err := k.panel("money")
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.RulesPage{Panel: p, ConfirmTransfers: rules.ConfirmTransfers, SecondAbove: rules.SecondAbove.String(), StopExternal: rules.StopExternal,
		OverdueDays: rules.OverdueDays})
}
