package staff_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/staff"
	"gerai/internal/store"
)

func TestAnchors(t *testing.T) {
	each(t, func(b *harness) {
		for day := range 100 {
			b.Must(b.Anchor(ctx))
			b.Must(b.Anchor(ctx)) // once a day
			if day%10 == 0 {
				b.in("siti")
			}
			b.Fixture.Clock.Add(24 * time.Hour)
		}
		all, err := b.Anchors(ctx)
		b.Must(err)
		if len(all) != 11 { // only where something was added
			t.Fatal(len(all))
		}
		rows, err := b.Accounts.VerifyAudit(ctx, all...)
		b.Must(err)
		if rows < 12 {
			t.Error(rows)
		}
		for name, a := range map[string]staff.Anchor{"another hash": {Seq: all[3].Seq, Hash: all[4].Hash}, "gone": {Seq: rows + 1, Hash: "x"}} {
			if _, err := b.Accounts.VerifyAudit(ctx, a); err == nil {
				t.Errorf("%s: unnoticed", name)
			}
		}
	})
}

func TestExportIsHarmless(t *testing.T) {
	each(t, func(b *harness) {
		b.Must(b.InTx(store.WithOrigin(ctx, store.Origin{Address: "10.0.0.9", Session: "abcd"}), actor.Named("=cmd|' /C calc'!A0"), func(tx *store.Tx) error {
			for range 2500 {
				tx.Audit("act", "@SUM(A1)", map[string]any{"text": "a,\"b\"\nc"})
			}
			return nil
		}))
		var out strings.Builder
		n, err := b.ExportAudit(ctx, &out, store.AuditFilter{Action: "act"}, 0)
		b.Must(err)
		rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		b.Must(err)
		if n != 2500 || len(rows) != 2501 || rows[1][2] != "'=cmd|' /C calc'!A0" || rows[1][4] != "'@SUM(A1)" || rows[1][6] != "10.0.0.9" || rows[1][7] != "abcd" {
			t.Errorf("%d %d %q", n, len(rows), rows[1])
		}
		out.Reset()
		if n, err = b.ExportAudit(ctx, &out, store.AuditFilter{}, 1200); err != nil || n != 1200 {
			t.Error(n, err)
		}
	})
}

// What would allow a sign-in is nowhere in the database: passwords, session tokens, links,
// recovery codes, the app's secret.
func TestNothingToStealFromTheFile(t *testing.T) {
	o, f := accounts(t)
	lenient := staff.DefaultPolicy
	lenient.SecondFactor = nil
	f.Must(o.SetPolicy(ctx, actor.Named("test"), "", lenient))
	b := &harness{Accounts: o, Fixture: f, t: t}
	p, token := b.in("siti")
	secret, _, codes := b.enrol(p)
	_, link, err := b.CreateUser(ctx, actor.Named("test"), "budi", staff.Assignment{Role: staff.Kasir}, "")
	f.Must(err)
	var all []byte
	path := strings.TrimPrefix(f.Database, "sqlite:")
	for _, name := range []string{path, path + "-wal"} {
		raw, err := os.ReadFile(name)
		f.Must(err)
		all = append(all, raw...)
	}
	text := string(all)
	if !strings.Contains(text, "staff.totp_add") {
		t.Fatal("this is not where the rows are")
	}
	for what, hidden := range map[string]string{"password": password, "session": token, "link": link, "secret": secret, "code": codes[0], "bare code": strings.ReplaceAll(codes[0], "-", "")} {
		if strings.Contains(text, hidden) {
			t.Errorf("the %s lies in the file", what)
		}
	}
}
