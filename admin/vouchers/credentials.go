package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/fault"
)

// voucherCredentials shows its code and records that in the audit trail.
func voucherCredentials(k *web.Request) error {
	f, err := voucherOf(k)
	if err != nil {
		return err
	}
	if !maySee(k, f) {
		return fault.New(fault.Denied, "staff.not_yours")
	}
	if err := k.Shop.Vouchers.SeenVoucher(k.AuditContext(), k.Actor(), f.Voucher); err != nil {
		return err
	}
	return showVoucher(k, f, true)
}
