package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/fault"
)

// enableVoucherForm shows the effects of enabling a voucher again.
func enableVoucherForm(k *web.Request) error { return confirmSwitchOn(k, nil) }

func confirmSwitchOn(k *web.Request, cause error) error {
	return confirmSwitch(k, true, cause)
}

// enableVoucher enables it again.
func enableVoucher(k *web.Request) error {
	f, in, err := switching(k)
	if err != nil {
		return err
	}
	err = k.Shop.Vouchers.EnableVoucher(k.AuditContext(), in)
	if fault.Is(err, fault.Invalid) {
		return confirmSwitchOn(k, err)
	}
	return k.Back("/vouchers/"+f.Voucher.ID, "voucher.enabled", err)
}
