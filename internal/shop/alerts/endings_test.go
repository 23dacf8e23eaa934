package alerts_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"filippo.io/age"

	"gerai/internal/actor"
	"gerai/internal/archive"
	"gerai/internal/archive/folder"
	"gerai/internal/backup"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/backups"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments"
)

// endings are the kinds of alerts that end with their cause: each opens one and returns
// what ends it.
var endings = map[string]func(t *testing.T, k *shoptest.Harness) (over func()){
	"stuck": func(t *testing.T, k *shoptest.Harness) func() {
		k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
		o := k.BuyOne()
		k.Pay(o)
		k.Advance(3 * time.Minute)
		k.Must(k.Shop.Watchdog(ctx))
		return func() {
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(2 * time.Minute)
			k.Want(o, order.Activated)
		}
	},
	"attention": func(t *testing.T, k *shoptest.Harness) func() {
		o := k.BuyOne()
		k.PayAmount(o, 3000)
		k.RunAll()
		k.Advance(33 * time.Minute)
		return func() {
			admin := k.Staff("admin")
			k.Must(k.Shop.Refunds.Force(ctx, shoptest.ForceForm(admin, o)))
			k.RunAll()
		}
	},
	"refund_due": func(t *testing.T, k *shoptest.Harness) func() {
		o := k.Bought()
		f := k.RequestRefund(o, k.OnShift("siti"), 2000)
		return func() { k.Must(k.Shop.Refunds.RejectRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin")))) }
	},
	"gateway_down": func(t *testing.T, k *shoptest.Harness) func() {
		k.Xendit.SetFaults(xenditsim.Faults{Status: 500})
		k.BuyOne()
		k.AdvanceWatched(100 * time.Second)
		return func() {
			k.Xendit.SetFaults(xenditsim.Faults{})
			k.AdvanceWatched(40 * time.Second)
		}
	},
	"gateway_refuses": func(t *testing.T, k *shoptest.Harness) func() {
		k.Xendit.SetFaults(xenditsim.Faults{ChannelOff: []string{"QRIS"}})
		_, err := k.Shop.Orders.View(ctx, k.BuyOne().Token)
		k.Must(err)
		return func() {
			k.Xendit.SetFaults(xenditsim.Faults{})
			k.Must(k.Shop.Orders.CreateCharge(ctx, k.BuyOne().ID))
		}
	},
	"charge_unusable": func(t *testing.T, k *shoptest.Harness) func() {
		k.Xendit.SetFaults(xenditsim.Faults{ChannelOff: []string{"QRIS"}})
		o := k.Buy("bulanan", "qris")
		_, err := k.Shop.Orders.View(ctx, o.Token)
		k.Must(err)
		k.OpenAlert("charge_unusable", string(o.ID), "qris.invalid")
		return func() {
			k.Must(k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:MANDIRI", "198.51.100.7"))
			k.RunAll()
		}
	},
	"gateway_mismatch": func(t *testing.T, k *shoptest.Harness) func() {
		o := k.BuyOne()
		k.OpenAlert("gateway_mismatch", string(o.ID), "")
		return func() { k.Pay(o); k.RunAll() }
	},
	"gateway_unreadable": func(t *testing.T, k *shoptest.Harness) func() {
		o := k.BuyOne()
		k.Clock.Add(time.Second)
		k.OpenAlert("gateway_unreadable", string(o.ID), "")
		return func() {
			k.Clock.Add(time.Second)
			_, err := k.Shop.Orders.Reconcile(ctx, o.ID, "")
			k.Must(err)
		}
	},
	"unconfirmed_claim": func(t *testing.T, k *shoptest.Harness) func() {
		o := k.BuyOne()
		k.Forge(k.Reference(o), k.GatewayID(o))
		k.Advance(time.Minute)
		return func() { k.Pay(o); k.RunAll() }
	},
	"unmatched_money": func(t *testing.T, k *shoptest.Harness) func() {
		key := k.ForeignCharge("SOMEBODY-ELSE-1", 5000)
		k.PayReference("SOMEBODY-ELSE-1", 0)
		k.RunAll()
		return func() {
			o := k.BuyOne()
			k.Must(k.Shop.Refunds.Assign(ctx, refunds.AssignIn{Gateway: "xendit", Key: key, OrderID: o.ID, Typed: string(o.Code), Reason: "cocok", Actor: k.Staff("admin")}))
			k.RunAll()
		}
	},
	"transfer_unconfirmed": func(t *testing.T, k *shoptest.Harness) func() {
		siti := k.OnShift("siti")
		in := k.SaleForm(siti)
		in.Method, in.Reference, in.Given = payments.Transfer, "BRI-1", 0
		o, err := k.Shop.Counter.Sell(ctx, in)
		k.Must(err)
		return func() {
			all, err := k.Store.CounterPayments(ctx, o.ID)
			k.Must(err)
			k.Must(k.Shop.Refunds.Confirm(ctx, k.Staff("admin"), all[0].Key, false))
		}
	},
	"transfer_overdue": func(t *testing.T, k *shoptest.Harness) func() {
		siti := k.OnShift("siti")
		in := k.SaleForm(siti)
		in.Method, in.Reference, in.Given = payments.Transfer, "BRI-2", 0
		o, err := k.Shop.Counter.Sell(ctx, in)
		k.Must(err)
		k.Clock.Add(5 * 24 * time.Hour)
		k.Must(k.Shop.Watchdog(ctx))
		return func() {
			all, err := k.Store.CounterPayments(ctx, o.ID)
			k.Must(err)
			k.Must(k.Shop.Refunds.Confirm(ctx, k.Staff("admin"), all[0].Key, false))
		}
	},
	"router_down":     ofRouter("router_down"),
	"router_failover": ofRouter("router_failover"),
	"router_clock":    ofRouter("router_clock"),
	"orphan_users":    ofRouter("orphan_users"),
	"router_users":    ofRouter("router_users"),
	"clock_wrong": func(t *testing.T, k *shoptest.Harness) func() {
		k.SetClock(7 * time.Hour)
		k.Must(k.Shop.Vouchers.VerifyClock(ctx))
		return func() {
			k.SetClock(0)
			k.Must(k.Shop.Vouchers.VerifyClock(ctx))
		}
	},
	"clock_unverified": func(t *testing.T, k *shoptest.Harness) func() {
		k.OpenAlert("clock_unverified", "test", "24h0m0s")
		return func() { k.Must(k.Shop.Vouchers.VerifyClock(ctx)) }
	},
	"batch_stopped": func(t *testing.T, k *shoptest.Harness) func() {
		b := k.NewBatch("sehari", "pojok", 3)
		k.Must(k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
			_, err := tx.MoveBatch(ctx, b.ID, voucher.BatchStopped, "router.full", voucher.BatchRunning)
			return err
		}))
		k.OpenAlert("batch_stopped", b.ID, "router.full")
		return func() {
			k.Must(k.Shop.Stock.ResumeBatch(ctx, actor.Named("staff:siti"), b.ID))
			k.RunAll()
		}
	},
	"stock_low": func(t *testing.T, k *shoptest.Harness) func() {
		k.Must(k.Shop.Vouchers.SetStockLevel(ctx, actor.Named("staff:siti"), nil, "sehari", 2))
		return func() {
			k.Stocked("sehari", "pojok", 3)
			k.Must(k.Shop.Vouchers.CheckStock(ctx))
		}
	},
	"reconciliation_open":   ofReconciliation("reconciliation_open"),
	"reconciliation_unread": ofReconciliation("reconciliation_unread"),
	"backup_failed": func(t *testing.T, k *shoptest.Harness) func() {
		s := backed(t, k)
		there := s.Places
		s.Places = nil
		if err := run(k, backup.RunBackup); err == nil {
			t.Error("stored nowhere")
		}
		return func() { s.Places = there; k.Must(run(k, backup.RunBackup)) }
	},
	"backup_old": func(t *testing.T, k *shoptest.Harness) func() {
		s := backed(t, k)
		k.Must(run(k, backup.RunBackup))
		k.Clock.Add(31 * time.Hour)
		k.Must(s.Schedule(ctx))
		return func() { k.Must(run(k, backup.RunBackup)); k.Must(s.Schedule(ctx)) }
	},
	"drill_failed": func(t *testing.T, k *shoptest.Harness) func() {
		s := backed(t, k)
		start := s.StartShop
		s.StartShop = func(context.Context, string) error { return errors.New("no") }
		if err := run(k, backup.RunDrill); err == nil {
			t.Error("the drill is good")
		}
		return func() { s.StartShop = start; k.Must(run(k, backup.RunDrill)) }
	},
	"drill_by_hand_due": func(t *testing.T, k *shoptest.Harness) func() {
		s := backed(t, k)
		key, err := age.GenerateX25519Identity()
		k.Must(err)
		s.Recipients = []archive.Recipient{key.Recipient()}
		k.Must(run(k, backup.RunBackup))
		k.Clock.Add(91 * 24 * time.Hour)
		k.Must(s.Schedule(ctx))
		return func() {
			_, err := s.DrillByHand(ctx, actor.Named("test"), []archive.Identity{key}, s.Places)
			k.Must(err)
		}
	},
	"recovery": func(t *testing.T, k *shoptest.Harness) func() {
		k.Must(k.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
			return tx.PutRecovery(ctx, backup.Recovery{Since: k.Clock.Now(), TakenAt: k.Clock.Now().Add(-time.Hour), Backup: "b"})
		}))
		_, err := k.Shop.Backups.LookAtRecovery(ctx)
		k.Must(err)
		k.Must(k.Shop.Backups.Recover(ctx))
		return func() {
			for range 30 {
				k.Must(k.Shop.Backups.Recover(ctx))
				k.Advance(time.Minute)
			}
		}
	},
	"job_dead": func(t *testing.T, k *shoptest.Harness) func() {
		o := k.BuyOne()
		k.Shop.Alerts.JobDead(ctx, jobs.Job{ID: "job-1", Kind: jobs.ChargeCreate, Subject: string(o.ID)}, fault.New(fault.Unavailable, "x"))
		k.Shop.Alerts.JobDead(ctx, jobs.Job{ID: "job-2", Kind: jobs.OrderActivate, Subject: "no-such-order"}, fault.New(fault.Unavailable, "x"))
		k.Must(k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
			a, err := tx.Attempt(ctx, o.ID, 1)
			if err != nil {
				return err
			}
			a.State = order.Failed
			return tx.SaveAttempt(ctx, a)
		}))
		return func() { k.Advance(35 * time.Minute) }
	},
}

// backed gives the shop a place for backups.
func backed(t *testing.T, k *shoptest.Harness) *backups.Service {
	s := k.Shop.Backups
	s.Places, s.WorkDir = []backup.Place{folder.New(t.TempDir())}, t.TempDir()
	s.StartShop = func(context.Context, string) error { return nil }
	return s
}

// run makes a backup at a moment of its own.
func run(k *shoptest.Harness, kind string) error {
	k.Clock.Add(time.Minute)
	_, err := k.Shop.Backups.Run(ctx, actor.Server, kind)
	return err
}

func ofRouter(kind string) func(t *testing.T, k *shoptest.Harness) func() {
	return func(t *testing.T, k *shoptest.Harness) func() {
		k.OpenAlert(kind, "melati-a", "x")
		return func() {
			r, err := k.Shop.Routers.FindRouter(ctx, "melati-a")
			k.Must(err)
			k.Must(k.Shop.Routers.RemoveRouter(ctx, actor.Named("staff:budi"), r, "rusak"))
		}
	}
}

func ofReconciliation(kind string) func(t *testing.T, k *shoptest.Harness) func() {
	return func(t *testing.T, k *shoptest.Harness) func() {
		k.OpenAlert(kind, "reconciliation", "1 2026-11-23")
		return func() { k.Must(k.Shop.Reconciliation.Schedule(ctx)) }
	}
}
