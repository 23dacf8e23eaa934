package web

import (
	"gerai/internal/staff"
	"gerai/templates"
)

// guide is how far the shop is set up, for accounts that set it up and until it has sold. A shop that
// has sold is asked no more.
func (k *Request) guide() (*templates.Guide, error) {
	d := k.Handler
	if !k.Principal.AllSites() || !k.Principal.May(staff.Settings) || d.hasSold.Load() {
		return nil, nil
	}
	_, sold, err := d.Store.FirstSale(k.UserContext())
	if err != nil || sold {
		d.hasSold.Store(sold)
		return nil, err
	}
	st, err := d.Shop.Setup.State(k.UserContext())
	if err != nil {
		return nil, err
	}
	done, all := st.Progress()
	return &templates.Guide{Done: done, All: all}, nil
}
