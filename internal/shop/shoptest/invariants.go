package shoptest

import (
	"context"
	"strings"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/store"
)

func moneyOf(n int64) money.Rupiah { return money.Rupiah(n) }

// Invariants checks what must hold after any run, whatever went wrong in it. The
// ids are those of docs/reference/invariants.md.
func (k *Harness) Invariants() {
	k.Helper()
	ctx := context.Background()
	users, batched := map[string]int{}, map[string]int{}
	for id := range k.Routers {
		for _, row := range k.Routers[id].Rows("ip/hotspot/user") {
			if i := strings.Index(row["comment"], "gerai."); i >= 0 {
				users[row["comment"][i+len("gerai."):]]++
			}
			if strings.Contains(row["comment"], "-gb.") {
				batched[row["name"]]++
			}
		}
	}
	var kept money.Rupiah
	var promoted []order.Order
	var before store.Cursor
	for {
		page, err := k.Store.ListOrders(ctx, store.OrderFilter{Before: before, Limit: 500})
		k.Must(err)
		if len(page) == 0 {
			break
		}
		for _, o := range page {
			if o.Item.Promotion.ID != "" {
				promoted = append(promoted, o)
			}
			kept += k.checkOrder(ctx, o, users[string(o.Code)]+batched[o.Username])
		}
		before = store.Cursor{CreatedAt: page[len(page)-1].CreatedAt, ID: page[len(page)-1].ID}
	}
	_, err := k.Store.VerifyAudit(ctx) // I6
	k.Must(err)
	k.checkReceipts(ctx)
	k.checkPromotions(ctx, promoted)
}

// checkReceipts counts the numbers of every year: none twice, none left out but what a
// restore skipped, and no paid order without one.
func (k *Harness) checkReceipts(ctx context.Context) {
	k.Helper()
	missing, err := k.Store.PaidWithoutReceipt(ctx)
	k.Must(err)
	for _, o := range missing {
		k.Errorf("order %s is paid and has no receipt", o.Code)
	}
	skips, err := k.Store.ReceiptSkips(ctx)
	k.Must(err)
	for year := Start.Year() - 1; year <= k.Clock.Now().Year()+1; year++ {
		for last := 0; ; {
			page, err := k.Store.Receipts(ctx, year, last)
			k.Must(err)
			if len(page) == 0 {
				break
			}
			for _, r := range page {
				for _, s := range skips {
					if s.Year == year && s.First == last+1 {
						last = s.Last
					}
				}
				if r.No != last+1 {
					k.Errorf("receipt %s follows number %d", r.Number(), last)
				}
				last = r.No
			}
		}
	}
}

// checkOrder checks one order and returns the money confirmed for it.
func (k *Harness) checkOrder(ctx context.Context, o order.Order, users int) money.Rupiah {
	k.Helper()
	_, f, err := k.Store.Facts(ctx, o.ID)
	k.Must(err)
	v := order.Derive(f, k.Clock.Now())
	var owed money.Rupiah
	var gift money.Rupiah // what was given back of a price
	due := map[string]money.Rupiah{}
	for _, r := range v.RefundsDue {
		due[r.PaymentKey] += r.Amount
	}
	for _, r := range f.Refunds {
		owed += r.Amount
		switch r.Reason {
		case order.RefundStaff:
			gift += r.Amount
		case order.RefundExternal: // what is too much went back without us
			gift += max(r.Amount-due[r.PaymentKey], 0)
		}
	}
	inHand := v.PaidTotal - owed
	switch { // I1: confirmed money is in exactly one place
	case v.PaidTotal == 0, o.Attention != order.NoReason, o.Status == order.Paid:
	case o.Status == order.Activated && inHand+gift == o.Total:
	case inHand == 0:
	default:
		k.Errorf("I1: order %s is %s with %s confirmed and %s owed back, price %s", o.Code, o.Status, v.PaidTotal, owed, o.Total)
	}
	if f.Activation != nil && f.Activation.Username != o.Username { // an extension: its account is another order's
		users++
	}
	if users > 1 { // I2
		k.Errorf("I2: order %s has %d router users", o.Code, users)
	}
	if f.Activation != nil && !v.Has(order.FlagWrittenOff) && (v.PaidTotal < o.Total || users != 1 && o.Status == order.Activated && !k.ended(ctx, o)) { // I3
		k.Errorf("I3: order %s is active with %s of %s confirmed and %d router users", o.Code, v.PaidTotal, o.Total, users)
	}
	k.checkAudit(ctx, o)
	if o.Status == order.Paid && k.Clock.Now().Sub(o.ActivateAt) > 5*time.Minute && !k.hasAlert(ctx, o) { // I7
		k.Errorf("I7: order %s sits in paid since %s without an alert", o.Code, o.ActivateAt)
	}
	if v.Status != o.Status && !(v.Status == order.Expired && o.Status == order.Pending) {
		k.Errorf("order %s says %s, its facts say %s", o.Code, o.Status, v.Status)
	}
	return v.PaidTotal
}

// checkAudit follows the statuses in the audit trail: they only move forward
// (I4), so what the customer saw never went back (I8).
func (k *Harness) checkAudit(ctx context.Context, o order.Order) {
	k.Helper()
	rows, err := k.Store.AuditOf(ctx, "order:"+string(o.ID))
	k.Must(err)
	at := order.Pending
	for _, r := range rows {
		for _, next := range order.Statuses {
			if !strings.Contains(r.Detail, `"status":"`+string(next)+`"`) {
				continue
			}
			if !at.CanBecome(next) {
				k.Errorf("I4: order %s went from %s to %s", o.Code, at, next)
			}
			at = next
		}
		if r.Action == "order.reason" && strings.Contains(r.Detail, `"act":"force"`) { // staff may revive a cancelled order
			at = order.Pending
		}
	}
}

func (k *Harness) ended(ctx context.Context, o order.Order) bool {
	v, found, err := k.Store.Voucher(ctx, o.ID)
	return err == nil && found && v.State.Ended()
}

func (k *Harness) hasAlert(ctx context.Context, o order.Order) bool {
	all, err := k.Store.OpenAlerts(ctx)
	k.Must(err)
	for _, a := range all {
		if a.Subject == string(o.ID) {
			return true
		}
	}
	return false
}
