package alerts

import (
	"slices"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/store"
)

// ackAlert acknowledges an alert.
func ackAlert(k *web.Request) error {
	a, err := k.Store.Alert(k.AuditContext(), k.Param("id"))
	if err == nil && !(k.Principal.Serves(a.SiteID) && slices.Contains(k.Principal.AlertKinds(), a.Kind)) {
		err = store.ErrAlertNotFound
	}
	if err != nil {
		return err
	}
	err = k.Shop.Alerts.AckAlert(k.AuditContext(), k.Actor(), a.ID, k.FormValue("note"))
	if form, refused := k.Typed(err, "note"); refused && form.Field != "" {
		return showAlerts(k, httpx.Status(err), form, a.ID)
	}
	return k.Back("/alerts", "alert.ack", err)
}
