package backups

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/order"
	"gerai/internal/shop/backups"
	"gerai/internal/store"
	"gerai/templates"
)

// recoveryPage shows what happened since the backup that the shop was restored from, and
// what of it has no place yet.
func recoveryPage(k *web.Request) error {
	p, err := k.Panel("backups")
	if err != nil {
		return err
	}
	st, err := k.Shop.Backups.RecoveryState(k.AuditContext())
	if err != nil {
		return err
	}
	page := templates.RecoveryPage{Panel: p, Restored: !st.Since.IsZero(), Stands: st.Stands(), Backup: st.Backup, TakenAt: st.TakenAt, Since: st.Since, ReadTo: st.ReadTo,
		EndedAt: st.EndedAt, Reason: st.Reason, Open: st.Open, MayEnd: st.MayEnd(), FailedAt: st.FailedAt}
	if st.EndedBy != actor.Server.AuditName {
		page.EndedBy, _ = actor.StaffName(st.EndedBy)
	}
	if st.Failure != "" {
		page.Failure = p.Fault(st.Failure)
	}
	for _, x := range st.Skipped {
		page.Skipped = append(page.Skipped, fmt.Sprintf("%s – %s", store.Receipt{Year: x.Year, No: x.First}.Number(), store.Receipt{Year: x.Year, No: x.Last}.Number()))
	}
	for _, x := range st.Sums {
		page.Sums = append(page.Sums, templates.RecoverySum{Kind: x.Kind, State: shownState(x.Kind, x.State), N: x.N, Amount: x.Amount})
	}
	for _, x := range st.Rows {
		page.Rows = append(page.Rows, recoveryLine(p, st, x))
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

func recoveryLine(p templates.Panel, st backups.RecoveryState, x store.RecoveryRow) templates.RecoveryLine {
	line := templates.RecoveryLine{Kind: x.Kind, State: shownState(x.Kind, x.State), At: x.MadeAt, Amount: x.Amount, Reference: x.Reference, Code: order.Code(st.Codes[string(x.OrderID)])}
	if x.Reason != "" {
		line.Why = p.Fault(x.Reason)
	}
	if x.Kind != backup.FoundUser && x.State == backup.FoundUnmatched || x.State == backup.FoundAdopted {
		line.Money = web.Root + "/money"
	}
	return line
}

// shownState is the state as people read it: a user is no money.
func shownState(kind, state string) string {
	if kind == backup.FoundUser && state == backup.FoundUnmatched {
		return backup.FoundLeft
	}
	return state
}
