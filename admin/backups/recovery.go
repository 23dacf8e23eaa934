package backups

import (
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/store"
	"gerai/internal/voucher"
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
		page.Rows = append(page.Rows, recoveryLine(p, x))
		undecided := x.Kind == backup.FoundUser && x.State == backup.FoundOpen
		if act := (templates.RecoveryAct{Act: string(x.Act), Why: p.Fault(x.Reason), N: st.Undecided[x.Act]}); undecided && !slices.Contains(page.Undecided, act) {
			page.Undecided = append(page.Undecided, act)
		}
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

func recoveryLine(p templates.Panel, x store.FoundLine) templates.RecoveryLine {
	line := templates.RecoveryLine{Kind: x.Kind, State: shownState(x.Kind, x.State), At: x.MadeAt, Amount: x.Amount, Reference: x.Reference, Code: x.Code}
	if x.Reason != "" {
		line.Why = p.Fault(x.Reason)
	}
	if x.Kind != backup.FoundUser && x.State == backup.FoundUnmatched || x.State == backup.FoundAdopted {
		line.Money = web.Root + "/money"
	}
	if x.Act == voucher.NoAct {
		return line
	}
	line.Router, line.Voucher = x.RouterID, web.Root+"/vouchers/"+x.VoucherID
	if x.More.Validity > 0 {
		line.More = append(line.More, p.T("backups.recovery.more_validity", "span", p.Span(x.More.Validity)))
	}
	if x.More.Uptime > 0 {
		line.More = append(line.More, p.T("backups.recovery.more_uptime", "span", p.Span(x.More.Uptime)))
	}
	if x.More.Data > 0 {
		line.More = append(line.More, p.T("backups.recovery.more_data", "data", p.Data(x.More.Data)))
	}
	switch x.State {
	case backup.FoundOpen:
		line.Key = x.Key
	case backup.FoundMatched:
		line.State = backup.FoundTaken
	}
	return line
}

// shownState is the state as people read it: a user is no money.
func shownState(kind, state string) string {
	if kind != backup.FoundUser {
		return state
	}
	switch state {
	case backup.FoundUnmatched:
		return backup.FoundLeft
	case backup.FoundOpen:
		return backup.FoundUndecided
	case backup.FoundKnown:
		return backup.FoundKept
	}
	return state
}
