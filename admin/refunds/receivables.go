package refunds

import (
	"net/url"

	"gerai/admin/web"
	"gerai/internal/store"
)

func receivablePath(c store.CounterPayment) string {
	return web.Root + "/money/owed/" + url.PathEscape(c.Key) + "/off"
}

// receivable is the counter's payment that the address names, while it is a receivable.
// Errors: NotFound "payment.not_found".
func receivable(k *web.Request) (store.CounterPayment, error) {
	c, err := k.Store.CounterPayment(k.AuditContext(), k.Param("key"))
	if err == nil && !k.Principal.Serves(c.SiteID) {
		err = store.ErrPaymentNotFound
	}
	return c, err
}

// confirmReceivable notes that money which was counted is really here.
func confirmReceivable(k *web.Request) error {
	c, err := receivable(k)
	if err != nil {
		return err
	}
	return k.Back("/money", "owed.confirm", k.Shop.Refunds.Confirm(k.AuditContext(), k.Actor(), c.Key, k.FormValue("how") == "cash"))
}
