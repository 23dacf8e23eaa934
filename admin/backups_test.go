package admin

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/archive/folder"
	"gerai/internal/backup"
	"gerai/internal/jobs"
	"gerai/internal/shop/shoptest"
	"gerai/internal/staff"
)

// backed gives a shop a folder for its backups.
func backed(t testing.TB, k *shoptest.Harness) {
	s := k.Shop.Backups
	s.Places, s.WorkDir = []backup.Place{folder.New(t.TempDir())}, t.TempDir()
	s.StartShop = func(context.Context, string) error { return nil }
}

// full is a place that has no room.
type full struct{ backup.Place }

func (full) Put(context.Context, backup.File, io.Reader) error {
	return backup.ErrFull.With(errors.New("no space left on device"))
}

func TestBackupPages(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	doc := b.get("/admin/backups").page(http.StatusOK)
	if said := text(doc.Find("#no-place")); !strings.Contains(said, "GERAI_BACKUP_TO") || doc.Find("main form").Length() != 0 || doc.Find("#state, #runs").Length() != 0 {
		t.Error("nothing is configured:", text(doc.Find("main")))
	}
	tile := func() string {
		p.Clock.Add(10 * time.Second)
		return text(b.get("/admin").page(http.StatusOK).Find("#board a[href='/admin/backups']"))
	}
	if said := tile(); !strings.Contains(said, "belum diatur") {
		t.Error(said)
	}
	if to := b.post("/admin/backups/now").moved(); to != "/admin/backups?m=backup.no_place" {
		t.Error(to)
	}

	backed(t, p.Harness)
	doc = b.get("/admin/backups").page(http.StatusOK)
	if said := text(doc.Find("#no-recipient")); !strings.Contains(said, "GERAI_BACKUP_RECIPIENT") || text(doc.Find(".place .tag.warn")) != "masih kosong" || text(doc.Find("#state .tag.warn")) != "sudah waktunya" {
		t.Error("nothing was made:", text(doc.Find("main")))
	}
	if said := tile(); !strings.Contains(said, "belum ada") {
		t.Error(said)
	}
	_, err := p.Shop.Backups.Run(ctx, actor.Server, backup.RunDrill)
	p.Must(err)
	p.Clock.Add(2 * time.Hour)
	b.submit("/admin/login", "form", "name", "uji-admin", "password", password).moved()
	doc = b.get("/admin/backups").page(http.StatusOK)
	row := doc.Find(".place tbody tr")
	if row.Length() != 1 || !strings.Contains(text(row), "2 jam") || text(row.Find(".tag.bad")) != "tidak" || text(doc.Find(".place .tag.good")) != "baik" {
		t.Error("one is there:", text(doc.Find(".place")))
	}
	if said := text(doc.Find("#runs li")); !strings.Contains(said, "Cadangan dengan uji pemulihan berhasil") || !strings.Contains(said, "otomatis") || !strings.Contains(text(doc.Find("#state")), "2 jam") {
		t.Error(said, text(doc.Find("#state")))
	}
	if said := tile(); !strings.Contains(said, "2 jam lalu") {
		t.Error(said)
	}

	p.Clock.Add(backup.OldAfter)
	b.submit("/admin/login", "form", "name", "uji-admin", "password", password).moved()
	doc = b.get("/admin/backups").page(http.StatusOK)
	if text(doc.Find(".place p .tag.bad")) != "sudah lama" || b.get("/admin").page(http.StatusOK).Find("#board .bad a[href='/admin/backups']").Length() != 1 {
		t.Error("an old one:", text(doc.Find(".place")))
	}
	p.Shop.Backups.Places = []backup.Place{full{p.Shop.Backups.Places[0]}}
	if _, err := p.Shop.Backups.Run(ctx, actor.Staff("x", "budi", nil), backup.RunBackup); !errors.Is(err, backup.ErrFull) {
		t.Fatal(err)
	}
	doc = b.get("/admin/backups").page(http.StatusOK)
	failed := doc.Find("#runs li").First()
	if text(failed.Find(".tag.bad")) != "gagal" || !strings.Contains(text(failed), "budi") || !strings.Contains(text(failed), "Tempat penyimpanannya penuh.") {
		t.Error(text(failed))
	}
	for _, kind := range []string{"backup_old", "drill_failed", "drill_by_hand_due", "recovery"} {
		p.openAlert(kind, "backups", "")
	}
	if n := b.get("/admin/alerts").page(http.StatusOK).Find("main li a[href='/admin/backups']").Length(); n != 5 {
		t.Errorf("%d alerts lead to the page", n)
	}
}

func TestAskingForBackups(t *testing.T) {
	p := open(t)
	backed(t, p.Harness)
	admin := p.as(staff.Admin)
	for act, kind := range map[string]jobs.Kind{"now": jobs.BackupRun, "drill": jobs.BackupDrill} {
		if to := admin.submit("/admin/backups", "form[action$='/"+act+"']").moved(); to != "/admin/backups?m=backup."+act {
			t.Error(to)
		}
		if waits, err := p.Store.HasJob(ctx, kind, "staff:uji-admin"); err != nil || !waits {
			t.Error(act, waits, err)
		}
	}
	if rows, err := p.Store.AuditOf(ctx, "backups"); err != nil || len(rows) != 2 || rows[0].Action != "backup.ask" {
		t.Error(rows, err)
	}
	for _, role := range []string{staff.Kasir, staff.Teknisi} {
		b := p.as(role)
		for _, a := range []answer{b.get("/admin/backups"), b.post("/admin/backups/now"), b.post("/admin/backups/drill")} {
			if a.StatusCode != http.StatusForbidden {
				t.Error(role, a.StatusCode)
			}
		}
		if b.get("/admin").page(http.StatusOK).Find("a[href='/admin/backups']").Length() != 0 {
			t.Errorf("%s is led to a page that is not theirs", role)
		}
	}
}
