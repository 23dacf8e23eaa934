package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/shop/vouchers"
	"gerai/templates"
)

// restoreVoucherForm shows what putting one voucher's user back would do.
func restoreVoucherForm(k *web.Request) error { return confirmRestore(k, nil) }

// restoreVoucher puts one voucher's user back on its router.
func restoreVoucher(k *web.Request) error {
	f, err := voucherOf(k)
	if err != nil {
		return err
	}
	err = k.Shop.Vouchers.RestoreVoucher(k.AuditContext(), vouchers.RestoreIn{ID: f.Voucher.ID, Sites: k.Principal.Sites, Typed: k.FormValue("typed"), Reason: k.Reason(), Actor: k.Actor()})
	if fault.Is(err, fault.Invalid) {
		return confirmRestore(k, err)
	}
	return k.Back("/vouchers/"+f.Voucher.ID, "voucher.restored", err)
}

func confirmRestore(k *web.Request, cause error) error {
	status, form, err := k.ConfirmationForm(cause)
	if err != nil {
		return err
	}
	f, err := voucherOf(k)
	if err != nil {
		return err
	}
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	effects := []string{p.T("vouchers.effect.restore", "router", f.Router), p.T("vouchers.effect.restore_counters")}
	if f.Left {
		d := web.DifferenceLine(p, f.Difference)
		for _, kind := range d.Kinds {
			effects = append(effects, p.T("vouchers.effect.restore_found", "found", kind))
		}
	}
	path := web.Root + "/vouchers/" + f.Voucher.ID
	return k.SendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("vouchers.restore.title", "name", f.Name()), Effects: effects, Action: path + "/restore",
		Back: path, Want: f.Name(), Button: p.T("vouchers.restore")})
}
