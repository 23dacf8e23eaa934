package store_test

import (
	"errors"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

var errAbsent = errors.New("absent")

// there makes absence an error.
func there[T any](v T, found bool, err error) (T, error) {
	if err == nil && !found {
		err = errAbsent
	}
	return v, err
}

func failed[T any](_ T, err error) error { return err }

// Readers of a row that should be there name it in their error, and the others report that
// there is none: for a key that is nowhere and for one that no table can hold.
func TestRowsThatAreNotThere(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		now := f.Clock.Now()
		take := func(k string) error {
			return f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return failed(tx.TakeCeremony(ctx, k, "add", "siti")) })
		}
		for _, row := range []struct {
			name string
			read func(key string) error
			want error
			code string
		}{
			{"Order", func(k string) error { return failed(f.Store.Order(ctx, order.ID(k))) }, store.ErrOrderNotFound, "order.not_found"},
			{"OrderByToken", func(k string) error { return failed(f.OrderByToken(ctx, order.Token(k))) }, store.ErrOrderNotFound, "order.not_found"},
			{"OrderByCode", func(k string) error { return failed(f.OrderByCode(ctx, order.Code(k))) }, store.ErrOrderNotFound, "order.not_found"},
			{"Attempt", func(k string) error { return failed(f.Attempt(ctx, order.ID(k), 1)) }, store.ErrAttemptNotFound, "attempt.not_found"},
			{"AttemptByID", func(k string) error { return failed(f.AttemptByID(ctx, k)) }, store.ErrAttemptNotFound, "attempt.not_found"},
			{"Payment", func(k string) error { return failed(f.Payment(ctx, "xendit", k)) }, store.ErrPaymentNotFound, "payment.not_found"},
			{"CounterPayment", func(k string) error { return failed(f.CounterPayment(ctx, k)) }, store.ErrPaymentNotFound, "payment.not_found"},
			{"Refund", func(k string) error { return failed(f.Refund(ctx, k)) }, store.ErrRefundNotFound, "refund.not_found"},
			{"VoucherByID", func(k string) error { return failed(f.VoucherByID(ctx, k)) }, store.ErrVoucherNotFound, "voucher.not_found"},
			{"Batch", func(k string) error { return failed(f.Batch(ctx, k)) }, store.ErrBatchNotFound, "batch.not_found"},
			{"Print", func(k string) error { return failed(f.Print(ctx, k)) }, store.ErrPrintNotFound, "print.not_found"},
			{"Outlet", func(k string) error { return failed(f.Outlet(ctx, k)) }, store.ErrOutletNotFound, "outlet.not_found"},
			{"Shift", func(k string) error { return failed(f.Shift(ctx, k)) }, store.ErrShiftNotFound, "shift.not_found"},
			{"Site", func(k string) error { return failed(f.Site(ctx, k)) }, store.ErrSiteNotFound, "site.not_found"},
			{"SiteBySlug", func(k string) error { return failed(f.SiteBySlug(ctx, k)) }, store.ErrSiteNotFound, "site.not_found"},
			{"Plan", func(k string) error { return failed(f.Plan(ctx, k)) }, store.ErrPlanNotFound, "plan.not_found"},
			{"Router", func(k string) error { return failed(f.Router(ctx, k)) }, store.ErrRouterNotFound, "router.not_found"},
			{"Alert", func(k string) error { return failed(f.Alert(ctx, k)) }, store.ErrAlertNotFound, "alert.not_found"},
			{"WebhookEvent", func(k string) error { return failed(f.WebhookEvent(ctx, k)) }, store.ErrWebhookEventNotFound, "event.not_found"},
			{"StaffByName", func(k string) error { return failed(f.StaffByName(ctx, k)) }, store.ErrStaffNotFound, "staff.not_found"},
			{"StaffByID", func(k string) error { return failed(f.StaffByID(ctx, k)) }, store.ErrStaffNotFound, "staff.not_found"},
			{"StaffBySession", func(k string) error { _, _, err := f.StaffBySession(ctx, k, now); return err }, store.ErrStaffNotFound, "staff.not_found"},
			{"InvitedBy", func(k string) error { return failed(f.InvitedBy(ctx, k, now)) }, store.ErrLinkDead, "staff.link_dead"},
			{"TakeCeremony", take, store.ErrPasskeyLate, "staff.passkey_late"},
			{"AuditAt", func(string) error { return failed(f.AuditAt(ctx, 1<<40)) }, store.ErrAuditRowNotFound, "audit.no_row"},

			{"OrderByNonce", func(k string) error { return failed(there(f.OrderByNonce(ctx, k))) }, errAbsent, "internal"},
			{"OrderByReference", func(k string) error { return failed(there(f.OrderByReference(ctx, k))) }, errAbsent, "internal"},
			{"OrderByGatewayID", func(k string) error { return failed(there(f.OrderByGatewayID(ctx, k))) }, errAbsent, "internal"},
			{"PendingOrderOfDevice", func(k string) error { return failed(there(f.PendingOrderOfDevice(ctx, "s1", k, now))) }, errAbsent, "internal"},
			{"CounterByReference", func(k string) error { return failed(there(f.CounterByReference(ctx, k))) }, errAbsent, "internal"},
			{"RefundByNonce", func(k string) error { return failed(there(f.RefundByNonce(ctx, k))) }, errAbsent, "internal"},
			{"RefundByGatewayID", func(k string) error { return failed(there(f.RefundByGatewayID(ctx, k))) }, errAbsent, "internal"},
			{"Proof", func(k string) error { return failed(there(f.Proof(ctx, k))) }, errAbsent, "internal"},
			{"Receipt", func(k string) error { return failed(there(f.Receipt(ctx, order.ID(k)))) }, errAbsent, "internal"},
			{"Pass", func(k string) error { return failed(there(f.Pass(ctx, order.ID(k)))) }, errAbsent, "internal"},
			{"Extension", func(k string) error { return failed(there(f.Extension(ctx, order.ID(k)))) }, errAbsent, "internal"},
			{"Voucher", func(k string) error { return failed(there(f.Store.Voucher(ctx, order.ID(k)))) }, errAbsent, "internal"},
			{"VoucherByName", func(k string) error { return failed(there(f.VoucherByName(ctx, k))) }, errAbsent, "internal"},
			{"NextStock", func(k string) error { return failed(there(f.NextStock(ctx, k))) }, errAbsent, "internal"},
			{"BatchByCode", func(k string) error { return failed(there(f.BatchByCode(ctx, k))) }, errAbsent, "internal"},
			{"OpenShift", func(k string) error { return failed(there(f.OpenShift(ctx, k))) }, errAbsent, "internal"},
			{"InviteOf", func(k string) error { return failed(there(f.InviteOf(ctx, k, now))) }, errAbsent, "internal"},
			{"SettingAt", func(k string) error { return failed(there(f.SettingAt(ctx, k))) }, errAbsent, "internal"},
		} {
			for _, key := range []string{"nothing", "\xff\x00"} {
				err := row.read(key)
				if !errors.Is(err, row.want) || fault.CodeOf(err) != row.code || fault.Is(err, fault.NotFound) != (row.want != errAbsent) {
					t.Errorf("%s of %q: %v", row.name, key, err)
				}
			}
		}
		// A count has no row to miss.
		for _, key := range []string{"nothing", "\xff\x00"} {
			if n, err := f.VouchersAlive(ctx, key); n != 0 || err != nil {
				t.Errorf("vouchers on %q: %d %v", key, n, err)
			}
			if n, err := f.PromisedStock(ctx, key); n != 0 || err != nil {
				t.Errorf("stock of %q: %d %v", key, n, err)
			}
		}
	})
}
