package backups

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/templates"
)

// endRecoveryForm shows what ending the recovery would do, where one stands.
func endRecoveryForm(k *web.Request) error {
	m, err := k.Shop.Backups.LookAtRecovery(k.AuditContext())
	if err != nil {
		return err
	}
	if !m.Stands() {
		return k.SeeOther("/backups/recovery", "m", "recovery.none")
	}
	return confirmEndRecovery(k, nil)
}

// endRecovery ends the recovery before its rule does.
func endRecovery(k *web.Request) error {
	err := k.Shop.Backups.EndRecovery(k.AuditContext(), k.Actor(), k.FormValue("typed"), k.Reason())
	if fault.Is(err, fault.Invalid) {
		return confirmEndRecovery(k, err)
	}
	return k.Back("/backups/recovery", "recovery.end", err)
}

func confirmEndRecovery(k *web.Request, cause error) error {
	st, err := k.Shop.Backups.RecoveryState(k.AuditContext())
	if err != nil {
		return err
	}
	status, p, err := k.ConfirmationPanel(cause, "backups")
	if err != nil {
		return err
	}
	effects := []string{p.T("backups.recovery.effect_ends"), p.T("backups.recovery.effect_late")}
	return k.SendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("backups.recovery.end"), Effects: effects, Action: web.Root + "/backups/recovery/end",
		Back: web.Root + "/backups/recovery", Want: st.Backup, Button: p.T("backups.recovery.end")})
}
