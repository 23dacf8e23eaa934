package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/shop/vouchers"
)

// disableVoucherForm shows what ending one voucher would do.
func disableVoucherForm(k *web.Request) error { return confirmSwitchOff(k, nil) }

func confirmSwitchOff(k *web.Request, cause error) error {
	return confirmSwitch(k, false, cause)
}

// disableVoucher ends one voucher. To give its money back as well, it redirects to the
// refund form.
func disableVoucher(k *web.Request) error {
	f, in, err := switching(k)
	if err != nil {
		return err
	}
	err = k.Shop.Vouchers.DisableVoucher(k.AuditContext(), in)
	if fault.Is(err, fault.Invalid) {
		return confirmSwitchOff(k, err)
	}
	if err == nil && f.HasOrder() && in.Money == vouchers.AskBack {
		return k.SeeOther(web.OrderPath(f.Order), "m", "voucher.disabled.ask")
	}
	return k.Back("/vouchers/"+f.Voucher.ID, "voucher.disabled", err)
}
