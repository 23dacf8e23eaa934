package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/order"
	"gerai/internal/staff"
	"gerai/internal/store"
)

// The page says what was found after a restore and what is open, and an admin may end the
// recovery when no money is.
func TestRecoveryPage(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	if doc := b.get("/admin/backups/recovery").page(http.StatusOK); doc.Find("#state, #rows, main form").Length() != 0 {
		t.Error("never restored:", text(doc.Find("main")))
	}
	if to := b.get("/admin/backups/recovery/end").moved(); to != "/admin/backups/recovery?m=recovery.none" {
		t.Error("never restored:", to)
	}
	o := p.Bought()
	mark := backup.Recovery{Since: p.Clock.Now(), TakenAt: p.Clock.Now().Add(-6 * time.Hour), Backup: "gerai-toko.tar.zst.age", Failure: "gateway.unavailable", FailedAt: p.Clock.Now()}
	rows := []store.RecoveryRow{
		{Kind: backup.FoundPayment, Key: "t1", State: backup.FoundOpen, Reference: "ABCD2345-1", Amount: 5000, MadeAt: p.Clock.Now()},
		{Kind: backup.FoundPayment, Key: "t2", State: backup.FoundUnmatched, Reference: "INV-7", Amount: 4000, Reason: order.ErrForeignReference.Code, MadeAt: p.Clock.Now()},
		{Kind: backup.FoundUser, Key: "pojok/x", State: backup.FoundUnmatched, Reference: "ABCD2346", RouterID: "pojok", Reason: "recovery.user_plan", MadeAt: p.Clock.Now()},
		{Kind: backup.FoundPayment, Key: "t3", State: backup.FoundRemade, Reference: string(o.Code) + "-1", OrderID: o.ID, Amount: 5000, MadeAt: p.Clock.Now()},
	}
	p.Must(p.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if err := tx.PutRecovery(ctx, mark); err != nil {
			return err
		}
		if err := tx.SkipReceipts(ctx, backup.SkippedReceipts{Year: 2026, First: 2, Last: 2000}, mark.Backup); err != nil {
			return err
		}
		return tx.NoteRecoveryRows(ctx, mark.Since, rows)
	}))
	_, err := p.Shop.Backups.LookAtRecovery(ctx)
	p.Must(err)
	if link := b.get("/admin/backups").page(http.StatusOK).Find("#recovering a[href='/admin/backups/recovery']"); link.Length() != 1 {
		t.Error("the page about backups says nothing of it")
	}
	doc := b.get("/admin/backups/recovery").page(http.StatusOK)
	said := text(doc.Find("main"))
	for _, want := range []string{"1 transaksi masih diperiksa", "2026-000002 – 2026-002000", "Referensinya bukan milik pesanan", "sedang diperiksa", "pesanan dibuat ulang", "dibiarkan di router", mark.Backup} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q: %s", want, said)
		}
	}
	if doc.Find("#rows li").Length() != 4 || doc.Find("#sums tbody tr").Length() != 4 || doc.Find("#rows a[href='/admin/money']").Length() != 1 || doc.Find("#rows a[href='/admin/orders/"+string(o.Code)+"']").Length() != 1 {
		t.Error(said)
	}
	const end = "/admin/backups/recovery/end"
	if doc.Find("main a[href='"+end+"']").Length() != 0 {
		t.Error("it may be ended while money is open")
	}
	confirm := func() string {
		return b.submit(end, "main form", "typed", mark.Backup, "reason", "gateway lama sudah tutup").moved()
	}
	if to := confirm(); to != "/admin/backups/recovery?m=recovery.open" {
		t.Error(to)
	}
	p.Must(p.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		mark.ReadTo, mark.Failure = p.Clock.Now(), ""
		rows[0].State = backup.FoundMatched
		if err := tx.SaveRecoveryRow(ctx, mark.Since, rows[0]); err != nil {
			return err
		}
		return tx.PutRecovery(ctx, mark)
	}))
	if b.get("/admin/backups/recovery").page(http.StatusOK).Find("main a[href='"+end+"']").Length() != 1 {
		t.Error("it may not be ended")
	}
	wrong := b.submit(end, "main form", "typed", "lain", "reason", "gateway lama sudah tutup").page(http.StatusUnprocessableEntity)
	if !strings.Contains(text(wrong.Find("main")), mark.Backup) {
		t.Error(text(wrong.Find("main")))
	}
	if to := confirm(); to != "/admin/backups/recovery?m=recovery.end" {
		t.Error(to)
	}
	if m, err := p.Store.LastRecovery(ctx); err != nil || m.Stands() || !strings.HasPrefix(m.EndedBy, "staff:") {
		t.Error(m, err)
	}
	if said := text(b.get("/admin/backups/recovery").page(http.StatusOK).Find("main")); !strings.Contains(said, "gateway lama sudah tutup") {
		t.Error(said)
	}
}
