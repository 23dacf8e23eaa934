package backups_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/archive"
	"gerai/internal/backup"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/backups"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
	"gerai/internal/voucher"
	"gerai/payments"
)

// loseDisk restores the backup into an empty place of the same engine and has the shop
// start there.
func (r *rig) loseDisk(t *testing.T, name string) backups.Restored {
	t.Helper()
	into := "sqlite:" + filepath.Join(t.TempDir(), "new", "gerai.db")
	if r.Store.Engine() == backup.Postgres {
		into = testenv.Postgres(t)
	}
	var restored backups.Restored
	testenv.Eventually(t, 20*time.Second, func() (bool, string) {
		in, err := os.Open(filepath.Join(r.dir, name))
		r.Must(err)
		defer in.Close()
		restored, err = backups.Restore(ctx, backups.RestoreIn{Archive: in, Name: name, Identities: []archive.Identity{r.identity}, Database: into, WorkDir: t.TempDir(), Keys: r.Keys,
			Clock: r.Clock, By: siti, Zone: r.Shop.Zone, Migrate: func(ctx context.Context, database string) (int, error) {
				s, err := store.Open(ctx, store.Options{Database: database, Keys: r.Keys, Clock: r.Clock, Restoring: true})
				if err != nil {
					return 0, err
				}
				defer func() { r.Must(s.Close()) }()
				return s.Migrate(ctx)
			}})
		if fault.CodeOf(err) == "backup.target_living" { // PostgreSQL lists closed connections for a moment
			return false, err.Error()
		}
		r.Must(err)
		return true, ""
	})
	r.OnAnotherDisk(into)
	r.Service = r.Shop.Backups
	return restored
}

// goOn lets the recovery work until it ends.
func (r *rig) goOn(t *testing.T) backup.Recovery {
	t.Helper()
	for range 120 {
		r.Must(r.Recover(ctx))
		r.Advance(10 * time.Second)
		if m := r.mark(); !m.Stands() {
			return m
		}
	}
	t.Fatalf("the recovery does not end: %+v %+v", r.mark(), r.found())
	return backup.Recovery{}
}

func (r *rig) mark() backup.Recovery {
	m, err := r.Store.LastRecovery(ctx)
	r.Must(err)
	return m
}

// found counts what was found, by kind and state.
func (r *rig) found() map[string]int64 {
	sums, err := r.Store.RecoverySums(ctx, r.mark().Since)
	r.Must(err)
	out := map[string]int64{}
	for _, x := range sums {
		out[x.Kind+" "+x.State] = x.N
	}
	return out
}

// after is an order that the lost books had.
func (r *rig) after(lost order.Order) order.Order {
	r.Helper()
	o, err := r.Store.OrderByCode(ctx, lost.Code)
	if err != nil {
		r.Fatalf("order %s: %v", lost.Code, err)
	}
	return o
}

// flaky fails every third read: what the recovery does is interrupted all the time.
type flaky struct {
	payments.Gateway
	n int
}

func (f *flaky) fails() error {
	if f.n++; f.n%3 == 0 {
		return fault.New(fault.Unavailable, "gateway.unavailable")
	}
	return nil
}

func (f *flaky) Transactions(ctx context.Context, from, until time.Time, cursor string) ([]payments.Transaction, string, error) {
	if err := f.fails(); err != nil {
		return nil, "", err
	}
	return f.Gateway.Transactions(ctx, from, until, cursor)
}

func (f *flaky) Get(ctx context.Context, id string) (payments.Charge, error) {
	if err := f.fails(); err != nil {
		return payments.Charge{}, err
	}
	return f.Gateway.Get(ctx, id)
}

// sold is what a shop sold between its backup and the loss.
type sold struct {
	qris, hour, month, switched, extension, refunded, counter order.Order
	pendingLost                                               order.Order // ordered since the backup, paid when the shop is gone
	overExtension                                             order.Order
}

// sellOn sells one of each kind.
func (r *rig) sellOn(admin actor.Actor) (s sold) {
	buy := func(plan, method string) order.Order {
		o := r.Buy(plan, method)
		r.Pay(o)
		r.RunAll()
		return r.Want(o, order.Activated)
	}
	s.qris, s.hour, s.month = buy("sehari", "qris"), buy("sejam", "qris"), buy("bulanan", "va:BNI")
	s.switched = r.Buy("bulanan", "qris")
	r.RunAll()
	r.Must(r.Shop.Orders.SwitchMethod(ctx, s.switched.Token, "va:BNI", "198.51.100.7"))
	r.RunAll()
	r.Pay(s.switched)
	r.RunAll()
	r.Want(s.switched, order.Activated)
	s.refunded = buy("sehari", "qris")
	f := r.RequestRefund(s.refunded, admin, 5000)
	r.Must(r.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
	r.RunAll()
	r.WantRefund(f, order.RefundDone)
	sale, err := r.Shop.Counter.Sell(ctx, r.SaleForm(admin))
	r.Must(err)
	r.RunAll()
	s.counter = r.Want(sale, order.Activated)
	return s
}

// A shop sells, is backed up, sells on and loses its disk. Every later payment is found and
// delivered exactly once: to the user that the customer has, under the link that the
// customer has; and nothing ends before that is so.
func TestLostDisk(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		admin := r.OnShift("siti")
		root := r.Buy("bulanan", "va:BNI")
		r.Pay(root)
		over := r.Buy("sejam", "qris")
		r.Pay(over)
		known := r.BuyOne()
		r.RunAll()
		r.Want(root, order.Activated)
		r.Want(over, order.Activated)
		lastNumber := r.ReceiptNumber(over)
		made, err := r.Run(ctx, siti, backup.RunBackup)
		r.Must(err)

		r.Advance(10 * time.Minute)
		s := r.sellOn(admin)
		s.extension, s.overExtension = r.Extend(root), r.Extend(over)
		r.RunAll()
		r.Want(s.extension, order.Activated)
		r.Want(s.overExtension, order.Activated)
		s.pendingLost = r.BuyOne()
		r.RunAll()
		lost, claims := map[order.Code]order.Order{}, map[order.Code]string{}
		for _, o := range r.Orders() {
			lost[o.Code], claims[o.Code] = o, r.ClaimCode(o)
		}
		rootEnd, overEnd := r.VoucherOf(root).ValidUntil, r.VoucherOf(over).ValidUntil
		foreign := r.ForeignCharge("INV-77", 4000)

		// The disk is gone; customers pay on.
		r.CloseWebhook()
		r.Pay(known)
		r.PayReference("INV-77", 0)
		r.Clock.Add(90 * time.Minute) // the old end of over passes
		restored := r.loseDisk(t, made.File.Name)
		r.OpenWebhook()
		if len(restored.Skipped) != 1 || restored.Skipped[0] != (backup.SkippedReceipts{Year: 2026, First: 3, Last: 2000}) {
			t.Errorf("skipped %+v after %s", restored.Skipped, lastNumber)
		}
		if !r.Recovering() {
			t.Fatal("nothing is held")
		}
		r.UseGateway(&flaky{Gateway: r.Gateway})
		if _, err := r.Xendit.Pay(payIn(string(s.pendingLost.Code) + "-1")); err != nil { // a code from before the loss, paid now
			t.Fatal(err)
		}
		r.Must(r.Recover(ctx))
		r.Advance(2 * time.Minute)
		if v := r.VoucherOf(r.after(over)); v.State != voucher.Sold && v.State != voucher.Active {
			t.Error("something ended while the recovery stands:", v.State)
		}
		r.WantAlert("recovery")
		m := r.goOn(t)
		r.UseGateway(r.Gateway)
		if m.EndedBy != actor.Server.AuditName || m.Failure != "" {
			t.Errorf("%+v", m)
		}
		r.RunAll()

		// Every order is there again, with its user, and its link opens.
		for name, o := range map[string]order.Order{"qris": s.qris, "hour": s.hour, "month": s.month, "switched": s.switched, "unpaid until now": s.pendingLost, "known": known} {
			now := r.after(o)
			if now.Status != order.Activated || len(now.Flags) > 1 || now.Attention != "" {
				t.Errorf("%s: %s %v %s", name, now.Status, now.Flags, now.Attention)
			}
			if opened, err := r.Store.OrderByToken(ctx, o.Token); err != nil || opened.ID != now.ID {
				t.Errorf("%s: the old link: %v %v", name, opened.Code, err)
			}
			if r.ClaimCode(now) != claims[o.Code] {
				t.Errorf("%s: the old claim code opens nothing", name)
			}
			if delivered := lost[o.Code]; delivered.Status == order.Activated && (now.Username != delivered.Username || now.Password != delivered.Password || now.RouterID != delivered.RouterID) {
				t.Errorf("%s: user %s on %s, was %s on %s", name, now.Username, now.RouterID, delivered.Username, delivered.RouterID)
			}
			if n := r.markedUsers(o.Code); n != 1 {
				t.Errorf("%s has %d users", name, n)
			}
		}
		if until := r.VoucherOf(r.after(s.month)).ValidUntil; !until.Equal(lost[s.month.Code].PaidAt.Add(720 * time.Hour)) {
			t.Error("the month counts from", until, "want from the payment")
		}
		for what, c := range map[string]struct {
			root, more order.Order
			want       time.Time
		}{"month": {root, s.extension, rootEnd}, "hour whose end had passed": {over, s.overExtension, overEnd}} {
			if v := r.VoucherOf(r.after(c.root)); !v.ValidUntil.Equal(c.want) {
				t.Errorf("%s: ends at %s, want %s", what, v.ValidUntil, c.want)
			}
			if more := r.after(c.more); more.Status != order.Activated || more.Extends != r.after(c.root).ID || r.markedUsers(c.more.Code) != 0 {
				t.Errorf("%s: the extension is %s of %s", what, more.Status, more.Extends)
			}
		}
		if now := r.after(s.refunded); now.Status != order.Refunded || !r.Disabled("pojok", lost[s.refunded.Code].Username) {
			t.Error("the refund is forgotten:", now.Status)
		}
		// The sale at the counter is there, and its money waits for a person to say how it came.
		r.RunAll()
		sale := r.after(s.counter)
		if sale.Status != order.Activated || sale.Username != lost[s.counter.Code].Username || sale.Password != lost[s.counter.Code].Password || r.markedUsers(sale.Code) != 1 {
			t.Errorf("%s user %s, was %s", sale.Status, sale.Username, lost[s.counter.Code].Username)
		}
		taken, err := r.Store.CounterPayments(ctx, sale.ID)
		if err != nil || len(taken) != 1 || taken[0].Method != payments.Credit || taken[0].Amount != 5000 || !taken[0].ConfirmedAt.IsZero() {
			t.Fatal(taken, err)
		}
		adopted := func() string {
			st, err := r.RecoveryState(ctx)
			r.Must(err)
			for _, x := range st.Rows {
				if x.Kind == backup.FoundUser {
					return x.State
				}
			}
			return ""
		}
		if got := adopted(); got != backup.FoundAdopted {
			t.Error(got)
		}
		shift := r.OnShift("budi")
		r.Must(r.Shop.Refunds.Confirm(ctx, shift, taken[0].Key, true))
		if got := adopted(); got != backup.FoundRecorded || r.ExpectedTill(shift) != 105_000 {
			t.Error(got, r.ExpectedTill(shift))
		}
		r.wantGatewayInBooks(t)
		got := r.found()
		if got["payment open"] != 0 || got["refund open"] != 0 || got["payment remade"] != 8 || got["payment matched"] != 1 || got["payment unmatched"] != 1 || got["refund matched"] != 1 || got["user adopted"] != 1 {
			t.Error(got)
		}
		rows, err := r.Store.RecoveryRows(ctx, m.Since, backup.FoundPayment, backup.FoundUnmatched, 10)
		if err != nil || len(rows) != 1 || rows[0].ChargeID != foreign || rows[0].Reason != "recovery.reference" {
			t.Error(rows, err)
		}
		if kinds := r.Alerts(); slices.Contains(kinds, "recovery") || !slices.Contains(kinds, "unmatched_money") {
			t.Error(kinds)
		}
		if acts := strings.Join(r.Audits("backup:"+made.File.Name), " "); !strings.Contains(acts, "receipt.skip") || !strings.Contains(acts, "recovery.end") {
			t.Error(acts)
		}
		// Receipts go on beyond what may have been given out.
		for _, o := range r.Orders() {
			if x, found, err := r.Store.Receipt(ctx, o.ID); err != nil || found && x.IssuedAt.After(m.Since) && x.No <= 2000 {
				t.Error(x.Number(), err)
			}
		}
		r.Invariants()

		// What has ended ends now, and once more nothing changes.
		r.Advance(3 * time.Hour)
		if v := r.VoucherOf(r.after(over)); v.State != voucher.Expired || !r.Disabled("pojok", v.Username) {
			t.Error("after the recovery", v.State)
		}
		r.ResendAll()
		r.RunAll()
		if again := r.found(); got["payment remade"] != again["payment remade"] || len(r.Orders()) != len(lost) {
			t.Error(again, len(r.Orders()), len(lost))
		}
		r.wantGatewayInBooks(t)
	})
}

// markedUsers is how many users on all routers carry the mark of an order.
func (r *rig) markedUsers(code order.Code) (n int) {
	for _, router := range r.Routers {
		for _, row := range router.Rows("ip/hotspot/user") {
			if strings.HasSuffix(row["comment"], "-gerai."+string(code)) {
				n++
			}
		}
	}
	return n
}

// wantGatewayInBooks compares what the gateway lists with the books, to the rupiah.
func (r *rig) wantGatewayInBooks(t *testing.T) {
	t.Helper()
	listed := map[string]money.Rupiah{}
	for cursor := ""; ; {
		page, next, err := r.Gateway.Transactions(ctx, shoptest.Start.Add(-time.Hour), r.Clock.Now().Add(time.Hour), cursor)
		r.Must(err)
		for _, x := range page {
			if x.Type == payments.PaymentTransaction {
				listed[x.ChargeID] += x.Amount
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	for key, amount := range listed {
		if p, err := r.Store.Payment(ctx, "xendit", key); err != nil || p.Amount != amount {
			t.Errorf("charge %s over %s: %+v %v", key, amount, p.Amount, err)
		}
	}
}

// A person may end a recovery early, and not while money has no place.
func TestEndRecoveryByHand(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), true)
	r.WantCode(r.EndRecovery(ctx, siti, "x", "salah"), "recovery.none")
	made, err := r.Run(ctx, siti, backup.RunBackup)
	r.Must(err)
	o := r.Bought()
	r.CloseWebhook()
	r.Clock.Add(10 * time.Second)
	r.loseDisk(t, made.File.Name)
	if _, err := r.Run(ctx, siti, backup.RunBackup); err != nil { // in the books, the one that was restored is still being made
		t.Error(err)
	}
	away := &down{Gateway: r.Gateway}
	r.UseGateway(away)
	end := func() error { return r.EndRecovery(ctx, siti, made.File.Name, "gateway lama sudah ditutup") }
	r.Must(r.Recover(ctx))
	r.RunAll()
	if m := r.mark(); m.Failure != "gateway.unavailable" {
		t.Errorf("%+v", m)
	}
	r.WantCode(end(), "recovery.unread")
	r.WantCode(r.EndRecovery(ctx, siti, "lain", "gateway lama sudah ditutup"), "confirm.typed")
	r.WantCode(r.EndRecovery(ctx, siti, made.File.Name, ""), "confirm.reason")
	away.listed = true // it lists, and answers nothing else
	r.Advance(time.Minute)
	r.WantCode(end(), "recovery.open")
	r.UseGateway(r.Gateway)
	r.Advance(2 * time.Minute)
	if r.after(o).Status != order.Activated || !r.mark().Stands() {
		t.Error(r.after(o).Status, r.mark())
	}
	r.Must(end())
	if m := r.mark(); m.Stands() || m.EndedBy != "staff:siti" || m.Reason == "" || r.Recovering() {
		t.Errorf("%+v", m)
	}
	r.WantCode(end(), "recovery.none")
	if kinds := r.Alerts(); slices.Contains(kinds, "recovery") {
		t.Error(kinds)
	}
}

// down is a gateway that does not answer, or only with its list.
type down struct {
	payments.Gateway
	listed bool
}

func (d *down) Transactions(ctx context.Context, from, until time.Time, cursor string) ([]payments.Transaction, string, error) {
	if !d.listed {
		return nil, "", fault.New(fault.Unavailable, "gateway.unavailable")
	}
	return d.Gateway.Transactions(ctx, from, until, cursor)
}

func (d *down) Get(context.Context, string) (payments.Charge, error) {
	return payments.Charge{}, fault.New(fault.Unavailable, "gateway.unavailable")
}

func payIn(reference string) xenditsim.PayIn { return xenditsim.PayIn{ReferenceID: reference} }
