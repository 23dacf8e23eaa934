package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/shop/vouchers"
	"gerai/templates"
)

// moveVoucherForm shows what having another router serve a voucher does.
func moveVoucherForm(k *web.Request) error { return confirmMove(k, nil) }

func confirmMove(k *web.Request, cause error) error {
	return confirmAct(k, templates.ActMove, cause, func(page *templates.VoucherActPage, f vouchers.VoucherDetail) error {
		page.Effects = append(page.Effects, page.T("vouchers.effect.move", "router", f.Router))
		online(page, f)
		page.Effects = append(page.Effects, page.T("vouchers.effect.leaves", "router", f.Router))
		var err error
		page.Routers, err = otherRouters(k, page.Panel, f)
		return err
	}, "router")
}

// otherRouters are the routers that may take a voucher over, those of its own hotspot first.
func otherRouters(k *web.Request, p templates.Panel, f vouchers.VoucherDetail) ([]templates.Choice, error) {
	states, err := k.Store.RouterStates(k.AuditContext())
	if err != nil {
		return nil, err
	}
	sites, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, s := range sites {
		names[s.ID] = s.Name
	}
	var own, others []templates.Choice
	for _, r := range states {
		if r.ID == f.Voucher.RouterID || r.Disabled || !k.Principal.Serves(r.SiteID) {
			continue
		}
		name := r.Name + " · " + names[r.SiteID]
		if r.Failure != "" {
			name = p.T("vouchers.move.away", "router", name)
		}
		c := templates.Choice{Value: r.ID, Name: name, Chosen: r.ID == p.Form.Value("router", "")}
		if r.SiteID == f.Voucher.SiteID {
			own = append(own, c)
		} else {
			others = append(others, c)
		}
	}
	return append(own, others...), nil
}

// moveVoucher has another router serve it.
func moveVoucher(k *web.Request) error {
	f, in, err := acting(k)
	if err != nil {
		return err
	}
	err = k.Shop.Vouchers.MoveVoucher(k.AuditContext(), vouchers.MoveIn{ActIn: in, RouterID: k.FormValue("router")})
	return acted(k, f, "voucher.moved", err, confirmMove)
}
