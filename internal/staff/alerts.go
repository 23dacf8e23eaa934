package staff

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/store"
)

// Kinds of alerts about people, for admins of all sites. Each says that something
// happened, and acknowledging it closes it: docs/reference/alerts.md.
const (
	AlertSignIns       = "sign_in_failed" // of an account, or from an address
	AlertAdminNew      = "admin_new"
	AlertAdminRole     = "admin_role"     // made an admin, or one of all sites
	AlertFactorRemoved = "factor_removed" // by its owner
	AlertFactorReset   = "factor_reset"   // by an admin
)

// AlertKinds are the kinds above.
var AlertKinds = []string{AlertSignIns, AlertAdminNew, AlertAdminRole, AlertFactorRemoved, AlertFactorReset}

// alertRights names the right that each kind of alert requires. A kind that is
// not listed is shown to no account.
var alertRights = map[string]Right{
	"stuck": SeeOrders, "attention": SeeOrders, "gateway_down": SeeOrders, "gateway_refuses": SeeOrders, "gateway_unreadable": SeeOrders, "charge_unusable": SeeOrders, "user_missing": SeeOrders,
	"gateway_mismatch": SeeMoney, "unconfirmed_claim": SeeMoney, "refund_due": SeeMoney, "transfer_unconfirmed": SeeMoney, "transfer_overdue": SeeMoney, "transfer_doubled": SeeMoney, "till_out": SeeMoney,
	"unmatched_money": ApproveRefund, "external_refund": ApproveRefund, "reconciliation_open": Reconcile, "reconciliation_unread": Reconcile,
	"router_down": SeeRouters, "router_failover": SeeRouters, "router_clock": SeeRouters, "clock_wrong": SeeRouters, "clock_unverified": SeeRouters, "orphan_users": SeeRouters, "router_users": SeeRouters, "job_dead": SeeRouters,
	"batch_stopped": PrintVouchers, "stock_low": PrintVouchers, "stock_missing": PrintVouchers,
	"backup_failed": Backups, "backup_old": Backups, "drill_failed": Backups, "drill_by_hand_due": Backups, "recovery": Backups,
	AlertSignIns: ManageStaff, AlertAdminNew: ManageStaff, AlertAdminRole: ManageStaff, AlertFactorRemoved: ManageStaff, AlertFactorReset: ManageStaff,
}

// AlertKinds lists the kinds of alerts that are the person's, in order; which
// sites they may be about is for Sites to say.
func (p Principal) AlertKinds() (out []string) {
	for kind, right := range alertRights {
		if p.May(right) {
			out = append(out, kind)
		}
	}
	slices.Sort(out)
	return out
}

// From failedMany failures within failedWindow on, of one account from anywhere
// or from one address for any account, admins are told.
const (
	failedMany   = 10
	failedWindow = 10 * time.Minute
	// failedAlerts is how many alerts about failures may be open before further
	// addresses open none: they are cheap, the log names them, and a guesser with
	// thousands would bury the alerts about money.
	failedAlerts = 20
)

// unknownAccount stands for names that no account has: they may be passwords typed into
// the wrong field and are not kept.
const unknownAccount = "nobody"

// failed counts a sign-in that failed, in the same time whether there is such
// an account or not.
func (o *Accounts) failed(ctx context.Context, s store.Staff, address string) error {
	address = countedAs(address)
	err := o.Store.InTx(ctx, actor.Named("server"), func(tx *store.Tx) error {
		key := s.ID
		if key == "" {
			key = unknownAccount
		}
		ofAccount, err := tx.CountFailure(ctx, key, failedWindow)
		if err != nil {
			return err
		}
		fromAddress, err := tx.CountFailure(ctx, "from "+address, failedWindow)
		if err != nil {
			return err
		}
		if ofAccount >= failedMany && key != unknownAccount {
			if err := tellOf(ctx, tx, AlertSignIns, s); err != nil {
				return err
			}
		}
		if fromAddress < failedMany {
			return nil
		}
		open, err := tx.CountAlerts(ctx, AlertSignIns)
		if err != nil || open >= failedAlerts {
			return err
		}
		_, err = tx.OpenAlert(ctx, AlertSignIns, address, address)
		return err
	})
	if err != nil {
		return fmt.Errorf("count failed sign-in: %w", err)
	}
	return nil
}

// tellOf opens an alert about an account.
func tellOf(ctx context.Context, tx *store.Tx, kind string, s store.Staff) error {
	_, err := tx.OpenAlert(ctx, kind, s.ID, s.Name)
	return err
}

// tellOfAdmin is tellOf for a new admin. It does nothing while there is no other
// admin to read the alert.
func tellOfAdmin(ctx context.Context, tx *store.Tx, kind string, s store.Staff) error {
	n, err := tx.CountAdmins(ctx)
	if err != nil || n == 0 {
		return err
	}
	return tellOf(ctx, tx, kind, s)
}
