package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/clock"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// lived is a shop at version 10 that has lived: at least one row in each table.
var lived = []string{
	`INSERT INTO sites (id, slug, name) VALUES ('s1', 'kopi', 'Kopi'), ('s2', 'kos', 'Kos')`,
	`INSERT INTO slugs (slug, site_id) VALUES ('kopi', 's1'), ('warung', 's1')`,
	`INSERT INTO routers (id, site_id, name, address, username, password_sealed, deleted_ms) VALUES ('r1', 's1', 'satu', '10.0.0.1', 'gerai', 'sealed', NULL), ('r2', 's2', 'dua', '10.0.0.2', 'gerai', 'sealed', 7)`,
	`INSERT INTO router_slots (router_id, slot_ms, checks, answers) VALUES ('r1', 900000, 4, 3)`,
	`INSERT INTO router_outages (router_id, began_ms, failure) VALUES ('r1', 5, 'router.down')`,
	`INSERT INTO kits (id, router_id, state, plan_sealed, created_ms, finished_ms) VALUES ('k1', 'r1', 'applied', 'sealed', 1, 2)`,
	`INSERT INTO kit_steps (kit_id, no, name, state, at_ms) VALUES ('k1', 0, 'dns', 'done', 2)`,
	`INSERT INTO plans (id, site_id, name, price, validity_ms, valid_from, shared_users) VALUES ('p1', 's1', '1 Hari', 5000, 86400000, 'first_login', 1)`,
	`INSERT INTO settings (key, value, updated_ms) VALUES ('counter', '{"second_above":1000}', 1)`,
	`INSERT INTO staff (id, name, role, password_hash, created_ms) VALUES ('st1', 'siti', 'kasir', 'hash', 1)`,
	`INSERT INTO sessions (token_hash, staff_id, created_ms, seen_ms, expires_ms) VALUES ('t', 'st1', 1, 1, 9)`,
	`INSERT INTO recovery_codes (staff_id, code_hash) VALUES ('st1', 'c')`,
	`INSERT INTO passkeys (id, staff_id, name, credential, created_ms) VALUES ('pk', 'st1', 'hp', '{}', 1)`,
	`INSERT INTO ceremonies (id, kind, data, expires_ms) VALUES ('ce', 'sign_in', '{}', 9)`,
	`INSERT INTO invites (token_hash, created_ms, expires_ms) VALUES ('iv', 1, 9)`,
	`INSERT INTO outlets (id, name, created_ms) VALUES ('ou1', 'Warung', 1), ('ou2', 'Dua tempat', 1), ('ou3', 'Kosong', 1)`,
	`INSERT INTO batches (id, code, nonce, site_id, router_id, plan_id, item, mode, charset, length, comment, count, drawn, state, created_by, created_ms, done_ms)
		VALUES ('b1', 'K7M4XQ', 'bn', 's1', 'r1', 'p1', '{"PlanID":"p1","Name":"1 Hari","Price":5000,"Validity":86400000000000}', 'same', 'abc', 7, 'c', 5, 5, 'done', 'staff:siti', 1, 2)`,
	`INSERT INTO prints (id, batch_id, nonce, first_no, last_no, format, actor, at_ms) VALUES ('pr1', 'b1', 'pn', 1, 1, 'page', 'staff:siti', 3)`,
	`INSERT INTO stock_levels (plan_id, low) VALUES ('p1', 10)`,
	// Ended by a refund, ended by its time, on paper at outlets, unsold, disabled with
	// its batch while the router was away.
	`INSERT INTO vouchers (id, order_id, site_id, plan_id, router_id, username, state, sold_ms, first_login_ms, ended_ms) VALUES ('v1', 'o1', 's1', 'p1', 'r1', 'u1', 'disabled', 100, NULL, 900),
		('v2', 'o2', 's1', 'p1', 'r1', 'u2', 'active', 100, 200, NULL)`,
	`INSERT INTO vouchers (id, site_id, plan_id, router_id, username, state, batch_id, no, password, made_ms, outlet_id, printed_ms, sold_ms, first_login_ms, valid_until_ms, ended_ms) VALUES
		('w1', 's1', 'p1', 'r1', 'w1', 'stock', 'b1', 1, 'x', 5, 'ou1', 6, NULL, NULL, NULL, NULL), ('w2', 's1', 'p1', 'r1', 'w2', 'expired', 'b1', 2, 'x', 5, 'ou2', 6, 7, 7, 8, 9),
		('w3', 's2', 'p1', 'r1', 'w3', 'stock', 'b1', 3, 'x', 5, 'ou2', 6, NULL, NULL, NULL, NULL), ('w4', 's1', 'p1', 'r1', 'w4', 'disabled', 'b1', 4, 'x', 5, NULL, NULL, NULL, NULL, NULL, 9)`,
	`INSERT INTO extensions (order_id, voucher_order, router_id, username, at_ms) VALUES ('o3', 'o2', 'r1', 'u2', 300)`,
	`INSERT INTO passes (order_id, site_id, router_id, mac, username, started_ms, ends_ms) VALUES ('o1', 's1', 'r1', 'AA', 'gp-1', 1, 2)`,
	`INSERT INTO attempts (id, order_id, no, method, amount, reference, idem_key, state, expires_ms, created_ms) VALUES ('a1', 'o1', 1, 'qris', 5000, 'AAAAAAA1-1', 'ik', 'settled', 9, 1)`,
	`INSERT INTO payments (gateway, key, order_id, method, amount, currency, paid_ms, recorded_ms) VALUES ('xendit', 'pr1', 'o1', 'qris', 5000, 'IDR', 50, 51), ('counter', 'n2', 'o2', 'transfer', 5000, 'IDR', 60, 60),
		('counter', 'n3', 'o3', 'cash', 5000, 'IDR', 70, 70), ('xendit', 'stray', NULL, 'qris', 7000, 'IDR', 80, 81)`,
	`INSERT INTO shifts (id, staff_id, opened_ms, opening, closed_ms, counted, expected) VALUES ('sh1', 'st1', 10, 100000, 500, 104000, 105000), ('sh2', 'st1', 600, 0, NULL, NULL, NULL)`,
	`INSERT INTO till (source, shift_id, kind, amount, order_id, at_ms) VALUES ('payment:n3', 'sh1', 'sale', 5000, 'o3', 70)`,
	`INSERT INTO counter_payments (key, order_id, method, amount, given, reference, staff_id, staff_name, shift_id, taken_ms, confirmed_ms) VALUES ('n2', 'o2', 'transfer', 5000, 5000, 'BCA 1', 'st1', 'siti', 'sh1', 60, NULL),
		('n3', 'o3', 'cash', 5000, 10000, '', 'st1', 'siti', 'sh1', 70, 70)`,
	`INSERT INTO refunds (id, order_id, gateway, payment_key, amount, reason, state, ends_voucher, disabled_ms, due_ms, done_ms, closed_ms) VALUES ('f1', 'o1', 'xendit', 'pr1', 5000, 'staff', 'done', TRUE, 900, 800, 950, 950)`,
	`INSERT INTO refunds (id, gateway, payment_key, amount, reason, state, nonce, due_ms) VALUES ('f2', 'xendit', 'stray', 7000, 'staff', 'manual', 'fn', 800)`,
	`INSERT INTO refund_proofs (refund_id, media_type, body, added_by, added_ms) VALUES ('f1', 'image/png', 'png', 'siti', 1)`,
	`INSERT INTO receipt_years (year, last) VALUES (2026, 3)`,
	`INSERT INTO receipts (order_id, year, no, issued_ms) VALUES ('o1', 2026, 1, 50), ('o2', 2026, 2, 60), ('o3', 2026, 3, 70)`,
	`INSERT INTO events (id, gateway, key, body, state, received_ms) VALUES ('e1', 'xendit', 'ek', 'body', 'done', 50)`,
	`INSERT INTO jobs (id, kind, queue, subject, state, due_ms, created_ms) VALUES ('j1', 'refund.send', 'gateway', 'f2', 'waiting', 800, 800)`,
	`INSERT INTO alerts (id, kind, subject, opened_ms) VALUES ('al1', 'refund_due', 'o1', 1), ('al2', 'stock_low', 'p1', 1), ('al3', 'router_down', 'r2', 1), ('al4', 'batch_stopped', 'b1', 1), ('al5', 'unmatched_money', 'e1', 1)`,
	`INSERT INTO notes (id, order_id, staff_name, text, at_ms) VALUES ('no1', 'o1', 'siti', 'catatan', 1)`,
	`INSERT INTO saved_filters (id, staff_id, name, query) VALUES ('sf1', 'st1', 'telat', 'flag=late')`,
	`INSERT INTO report_days (day, zone, made_ms) VALUES ('1970-01-01', 'UTC', 99)`,
	`INSERT INTO report_cells (day, kind, site_id, plan_id, method, test, amount, n) VALUES ('1970-01-01', 'in', 's1', 'p1', 'qris', FALSE, 5000, 3)`,
	`INSERT INTO report_flows (day, site_id, router_id, test, numbers) VALUES ('1970-01-01', 's1', 'r1', FALSE, '{}')`,
	`INSERT INTO report_marks (id, at_ms) VALUES ('m1', 5)`,
}

// sumsOnly are tables whose rows may be thrown away: they are made again.
var sumsOnly = []string{"report_days", "report_cells", "report_flows", "report_marks"}

// changedByUpgrade are columns whose text the upgrade changes on purpose.
var changedByUpgrade = map[string][]string{
	"vouchers": {"off_ms", "password"}, "routers": {"password_sealed"}, "kits": {"plan_sealed"}, "extensions": {"username"}, "passes": {"phone"},
	"orders": {"token", "nonce", "phone", "phone_tail", "password"}, "saved_filters": {"query"},
}

// content is every row of every table, by table, of the columns it had.
func content(t *testing.T, s *store.Store, columns map[string][]string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for table, names := range columns {
		cells := make([]string, len(names))
		for i, n := range names {
			cells[i] = `COALESCE(CAST(` + n + ` AS TEXT), 'NULL')`
		}
		for _, row := range store.Query(t, s, `SELECT `+strings.Join(cells, ", ")+` FROM `+table) {
			out[table] = append(out[table], strings.Join(row, "|"))
		}
		slices.Sort(out[table])
	}
	return out
}

func columnsOf(t *testing.T, s *store.Store) map[string][]string {
	t.Helper()
	query := `SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'goose%'`
	if s.Engine() == "postgres" {
		query = `SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'`
	}
	out := map[string][]string{}
	for _, r := range store.Query(t, s, query) {
		out[r[0]] = append(out[r[0]], r[1])
	}
	return out
}

// A shop of version 10 finds everything again after an upgrade.
func TestUpgradeOfAShopThatHasLived(t *testing.T) {
	testenv.Databases(t, func(t *testing.T, database string) {
		keys := storetest.Open(t, storetest.SQLite(t)).Keys
		s, err := store.Open(ctx, store.Options{Database: database, Keys: keys, Clock: clock.NewFixed(storetest.Start)})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := store.MigrateUpTo(ctx, s, 10); err != nil {
			t.Fatal(err)
		}
		store.Exec(t, s, lived[0])
		for i, status := range []string{"refunded", "activated", "activated"} {
			extends := map[int]string{2: "o2"}[i]
			store.Exec(t, s, fmt.Sprintf(`INSERT INTO orders (id, code, token, nonce, site_id, plan_id, item, total, username, password, status, created_ms, expires_ms, paid_ms, activate_ms, activated_ms, closed_ms, extends)
				VALUES ('o%[1]d', 'AAAAAAA%[1]d', '%040[1]d', 'n%[1]d', 's1', 'p1', '{"PlanID":"p1","Name":"1 Hari","Price":5000}', 5000, 'u%[1]d', 'x', '%[2]s', %[3]d, %[3]d + 1000, %[4]d, %[4]d, 100, CASE WHEN '%[2]s' = 'refunded' THEN 950 END, '%[5]s')`,
				i+1, status, 10*(i+1), 50+10*i, extends))
		}
		for _, row := range lived[1:] {
			store.Exec(t, s, row)
		}
		columns := columnsOf(t, s)
		for table, changed := range changedByUpgrade {
			columns[table] = slices.DeleteFunc(columns[table], func(n string) bool { return slices.Contains(changed, n) })
		}
		before := content(t, s, columns)
		for table := range columns {
			if len(before[table]) == 0 && table != "audit" {
				t.Errorf("no row in %s", table)
			}
		}
		if n, err := s.Migrate(ctx); err != nil || n == 0 {
			t.Fatal(n, err)
		}
		now := columnsOf(t, s)
		for table, names := range columns {
			if slices.Contains(sumsOnly, table) {
				continue
			}
			for _, n := range names {
				if !slices.Contains(now[table], n) {
					t.Errorf("%s.%s is gone", table, n)
				}
			}
		}
		kept := map[string][]string{}
		for table, names := range columns {
			if !slices.Contains(sumsOnly, table) && !slices.Contains([]string{"settings", "audit", "audit_head"}, table) {
				kept[table] = names
			}
		}
		after := content(t, s, kept)
		for table := range kept {
			if !slices.Equal(before[table], after[table]) {
				t.Errorf("%s was\n%s\nand is\n%s", table, strings.Join(before[table], "\n"), strings.Join(after[table], "\n"))
			}
		}
		for query, want := range map[string]string{
			`SELECT value FROM settings WHERE key = 'counter'`:                                                                     `{"second_above":1000}`,
			`SELECT CAST(COUNT(*) AS TEXT) FROM report_days`:                                                                       "0",
			`SELECT CAST(COUNT(*) AS TEXT) FROM vouchers`:                                                                          "6",
			`SELECT CAST(off_ms AS TEXT) FROM vouchers WHERE id = 'v1'`:                                                            "900",
			`SELECT id FROM vouchers WHERE off_ms IS NULL AND state = 'disabled'`:                                                  "w4", // its router was never told
			`SELECT site_id FROM outlets WHERE id = 'ou1'`:                                                                         "s1",
			`SELECT site_id FROM outlets WHERE id = 'ou2'`:                                                                         "", // of two sites
			`SELECT site_id FROM outlets WHERE id = 'ou3'`:                                                                         "",
			`SELECT site_id FROM alerts WHERE id = 'al1'`:                                                                          "s1",
			`SELECT site_id FROM alerts WHERE id = 'al2'`:                                                                          "s1",
			`SELECT site_id FROM alerts WHERE id = 'al3'`:                                                                          "s2",
			`SELECT site_id FROM alerts WHERE id = 'al4'`:                                                                          "s1",
			`SELECT site_id FROM alerts WHERE id = 'al5'`:                                                                          "",
			`SELECT CAST(COUNT(*) AS TEXT) FROM payments WHERE written_ms IS NULL`:                                                 "4",
			`SELECT CAST(COUNT(*) AS TEXT) FROM extensions WHERE taken_ms IS NULL`:                                                 "1",
			`SELECT delivery FROM plans WHERE id = 'p1'`:                                                                           "",
			`SELECT username || state FROM vouchers WHERE id = 'w2'`:                                                               "w2expired",
			`SELECT CAST(sold_ms AS TEXT) || CAST(valid_until_ms AS TEXT) || outlet_id FROM vouchers WHERE no = 2`:                 "78ou2",
			`SELECT CAST(made_ms AS TEXT) || CAST(ended_ms AS TEXT) || batch_id FROM vouchers WHERE state = 'disabled' AND no = 4`: "59b1",
		} {
			if got := store.Query(t, s, query); len(got) != 1 || got[0][0] != want {
				t.Errorf("%s: %v, want %q", query, got, want)
			}
		}
		// What is read is what was written, and means the same.
		for id, want := range map[order.ID]order.Status{"o1": order.Refunded, "o2": order.Activated, "o3": order.Activated} {
			o, facts, err := s.Facts(ctx, id)
			if v := order.Derive(facts, storetest.Start); err != nil || v.Status != want || o.Status != want || len(v.Missing(facts)) != 0 {
				t.Errorf("%s is %s, derived %s (%v)", id, o.Status, v.Status, err)
			}
		}
		owed, err := s.Receivables(ctx)
		if err != nil || len(owed) != 1 || owed[0].Key != "n2" || owed[0].Amount != 5000 {
			t.Error(owed, err)
		}
		sums, err := s.TillSums(ctx, "sh1")
		if err != nil || len(sums) != 1 || sums[0].Amount != 5000 {
			t.Error(sums, err)
		}
		if days, err := s.SummedDays(ctx, "1970-01-01", "1970-12-31", time.UTC); err != nil || len(days) != 0 {
			t.Error("old sums are believed", days, err)
		}
		if _, err := s.VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
	})
}
