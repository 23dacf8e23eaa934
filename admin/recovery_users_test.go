package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// The page lists the users that tell of acts which the books have forgotten, and an admin
// decides about each.
func TestRecoveryUsers(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	off, more := p.Bought(), p.Bought()
	mark := backup.Recovery{Since: p.Clock.Now(), TakenAt: p.Clock.Now().Add(-6 * time.Hour), Backup: "gerai-toko.tar.zst.age", EndedAt: p.Clock.Now()}
	rows := []store.RecoveryRow{
		{Kind: backup.FoundUser, Key: "pojok/1/off", State: backup.FoundOpen, RouterID: "pojok", OrderID: off.ID, Reason: "recovery.act_off", MadeAt: p.Clock.Now(), VoucherID: p.VoucherOf(off).ID, Act: voucher.ActOff},
		{Kind: backup.FoundUser, Key: "pojok/2/more", State: backup.FoundOpen, RouterID: "pojok", OrderID: more.ID, Reason: "recovery.act_more", MadeAt: p.Clock.Now(), VoucherID: p.VoucherOf(more).ID,
			Act: voucher.ActMore, More: voucher.Grant{Validity: 3 * time.Hour}},
	}
	p.Must(p.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if err := tx.PutRecovery(ctx, mark); err != nil {
			return err
		}
		return tx.NoteRecoveryRows(ctx, mark.Since, rows)
	}))
	_, err := p.Shop.Backups.LookAtRecovery(ctx)
	p.Must(err)
	const page = "/admin/backups/recovery"
	doc := b.get(page).page(http.StatusOK)
	said := text(doc.Find("main"))
	for _, want := range []string{"3 jam lebih lama dari yang tercatat", "Di router ia dimatikan", "perlu diputuskan"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q: %s", want, said)
		}
	}
	if doc.Find("#undecided").Length() != 1 || doc.Find("#rows form").Length() != 2 || doc.Find("#rows a[href='/admin/vouchers/"+rows[0].VoucherID+"']").Length() != 1 {
		t.Error(said)
	}
	all := doc.Find("input[name=all][value=more]").Parent()
	if seen, _ := all.Find("input[name=seen]").Attr("value"); seen != "1" || !strings.Contains(text(all), "Semua (1)") {
		t.Error("all of an act without their number:", text(all))
	}
	for _, c := range []struct{ right, seen, want string }{{"books", "100", "recovery.others"}, {"books", "", "recovery.others"}, {"", "1", "recovery.right"}, {"somebody", "1", "recovery.right"}} {
		if to := b.post(page+"/users", "all", "more", "seen", c.seen, "right", c.right, "reason", "sudah dicek").moved(); to != page+"?m="+c.want {
			t.Errorf("%v: %s", c, to)
		}
	}
	decide := func(key, right, reason string) string {
		return b.post(page+"/users", "key", key, "right", right, "reason", reason).moved()
	}
	for _, c := range []struct{ key, right, reason, want string }{
		{rows[0].Key, "router", "", "confirm.reason"}, {rows[0].Key, "router", "sudah dicek", "recovery.decide"}, {rows[0].Key, "router", "sudah dicek", "recovery.decided"},
		{rows[1].Key, "books", "sudah dicek", "recovery.decide"}, {"pojok/3/off", "books", "sudah dicek", "recovery.no_user"},
	} {
		if to := decide(c.key, c.right, c.reason); to != page+"?m="+c.want {
			t.Errorf("%s: %s, want %s", c.key, to, c.want)
		}
	}
	if v := p.VoucherOf(off); !v.Facts().Suspended() {
		t.Error("what its router has is not taken over")
	}
	if v := p.VoucherOf(more); v.Given != (voucher.Grant{}) {
		t.Error("the books were to stay:", v.Given)
	}
	if doc := b.get(page).page(http.StatusOK); doc.Find("#undecided, #rows form").Length() != 0 {
		t.Error(text(doc.Find("main")))
	}
}
