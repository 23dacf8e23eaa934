package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
	"gerai/internal/voucher"
)

// fresh is one more database of the same engine.
func fresh(t *testing.T, f *storetest.Fixture) string {
	t.Helper()
	if f.Engine() == "postgres" {
		return testenv.Postgres(t)
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "more.db")
}

func TestMigrationsUpDownAndNewer(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		if n, err := f.Migrate(ctx); err != nil || n != 0 {
			t.Fatal("a second time:", n, err)
		}
		if ok, err := f.Current(ctx); err != nil || !ok {
			t.Fatal(ok, err)
		}
		store.Exec(t, f.Store, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
		if _, err := f.Migrate(ctx); fault.CodeOf(err) != "store.newer" {
			t.Fatal("a newer schema was accepted:", err)
		}
		g := storetest.Open(t, fresh(t, f))
		if err := store.MigrateDown(ctx, g.Store); err != nil {
			t.Fatal(err)
		}
		if n, err := g.Migrate(ctx); err != nil || n == 0 {
			t.Fatal(n, err)
		}
	})
}

// Several replicas that start together all succeed.
func TestReplicasMigrateTogether(t *testing.T) {
	database := testenv.Postgres(t)
	keys := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "x.db")).Keys
	var all sync.WaitGroup
	for range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			s, err := store.Open(ctx, store.Options{Database: database, Keys: keys, Clock: clock.System{}})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if _, err := s.Migrate(ctx); err != nil {
				t.Error(err)
			}
		}()
	}
	all.Wait()
}

func TestBothEnginesHaveTheSameColumns(t *testing.T) {
	a := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "a.db"))
	b := storetest.Open(t, testenv.Postgres(t))
	lite := map[string]bool{}
	for _, table := range store.Query(t, a.Store, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%'`) {
		for _, column := range store.Query(t, a.Store, `SELECT name FROM pragma_table_info('`+table[0]+`')`) {
			lite[table[0]+"."+column[0]] = true
		}
	}
	n := 0
	for _, r := range store.Query(t, b.Store, `SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'`) {
		n++
		if !lite[r[0]+"."+r[1]] {
			t.Errorf("%s.%s is only on PostgreSQL", r[0], r[1])
		}
	}
	if n != len(lite) || n < 100 {
		t.Errorf("%d columns on PostgreSQL, %d on SQLite", n, len(lite))
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	f := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "one.db"))
	_, err := store.Open(ctx, store.Options{Database: f.Database, Keys: f.Keys, Clock: clock.System{}})
	if !fault.Is(err, fault.Config) || fault.CodeOf(err) != "store.in_use" {
		t.Fatal(err)
	}
}

// F62: a disk that cannot be written answers with an error, and nothing is
// believed to be stored.
// The database holds names, numbers and codes: other users of the machine read
// none of its files, also where the folder is open to them and where an earlier
// version left the files open.
func TestOtherUsersReadNoFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "gerai.db")
	closed := func(when string) {
		t.Helper()
		files, err := filepath.Glob(path + "*")
		if err != nil || len(files) < 3 {
			t.Fatal(when, files, err)
		}
		for _, f := range files {
			info, err := os.Stat(f)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm()&0o007 != 0 {
				t.Errorf("%s: %s has mode %v", when, filepath.Base(f), info.Mode())
			}
		}
	}
	for _, when := range []string{"new", "open before", "open and left by a crash"} {
		s, err := store.Open(ctx, store.Options{Database: "sqlite:" + path, Clock: clock.System{}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		closed(when)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if when == "open before" {
			for _, name := range []string{path + "-wal", path + "-shm"} {
				if err := os.WriteFile(name, nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestAReadOnlyDatabaseIsAnError(t *testing.T) {
	f := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "ro.db"))
	store.Exec(t, f.Store, `PRAGMA query_only = 1`)
	o := f.Order()
	if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.InsertOrder(ctx, o) }); err == nil {
		t.Fatal("stored on a read-only disk")
	}
	store.Exec(t, f.Store, `PRAGMA query_only = 0`)
	if _, err := f.OrderByToken(ctx, o.Token); !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
}

func TestOpeningNonsense(t *testing.T) {
	for _, database := range []string{"sqlite:/dev/null/x.db", "postgres://nobody@127.0.0.1:1/nothing?connect_timeout=1", "postgres://%"} {
		if _, err := store.Open(ctx, store.Options{Database: database, Clock: clock.System{}}); !fault.Is(err, fault.Config) {
			t.Errorf("%s: %v", database, err)
		}
	}
	if _, err := os.Stat("/dev/null/x.db"); err == nil {
		t.Error("made")
	}
}

// growing tables: a statement that runs per request must not read all of one.
var growing = []string{"orders", "attempts", "payments", "vouchers", "refunds", "events", "jobs", "audit", "sessions",
	"batches", "prints", "extensions", "passes", "shifts", "till", "alerts", "claims", "failed_sign_ins", "counter_payments", "receipts", "notes", "bans", "compensations", "compensation_vouchers", "trials", "catalogue_changes"}

// TestNoRequestScansAWholeTable asks both engines how they would run every
// statement of a request, on tables with rows and statistics.
func TestNoRequestScansAWholeTable(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		fill(t, f)
		request, _ := store.Statements()
		if len(request) < 30 {
			t.Fatalf("only %d statements registered", len(request))
		}
		for _, statement := range slices.Concat(request, listings(), voucherLists(), auditRows()) {
			wantNoScan(t, f, statement)
		}
	})
}

func wantNoScan(t *testing.T, f *storetest.Fixture, statement string) {
	t.Helper()
	plan := explain(t, f, statement)
	for _, table := range growing {
		scan := regexp.MustCompile(`(?m)^SCAN (?:` + table + `|[a-z]+ )\b(?:.*)$`)
		if f.Engine() == "postgres" {
			scan = regexp.MustCompile(`(?m)Seq Scan on ` + table + `\b.*$`)
		}
		if found := scan.FindString(plan); found != "" && !strings.Contains(found, "USING") {
			t.Errorf("%s\nreads all of %s:\n%s", statement, table, plan)
		}
	}
}

// TestPlansWithoutStatistics: SQLite keeps no statistics in a shop, so that an
// index that fits must win by its shape alone. These statements run every few
// seconds or in the transaction of an order.
func TestPlansWithoutStatistics(t *testing.T) {
	f := storetest.Open(t, storetest.SQLite(t))
	request, _ := store.Statements()
	for part, index := range map[string]string{
		"FROM vouchers WHERE state = 'expired' AND valid_until_ms >": "vouchers_over",
		"FROM orders WHERE status IN ('pending', 'paid') AND plan":   "orders_status",
		"FROM orders WHERE status = 'pending' AND created_ms >":      "orders_status",
		"FROM vouchers WHERE sold_ms >":                              "vouchers_sold",
		"FROM jobs WHERE due_ms IS NOT NULL ORDER BY set_ms":         "jobs_set",
		"FROM orders WHERE check_ms IS NOT NULL AND check_set_ms":    "orders_check_set",
		"SELECT batch_id, router_id, COUNT(*) FROM vouchers WHERE":   "vouchers_ready",
	} {
		at := slices.IndexFunc(request, func(s string) bool { return strings.Contains(s, part) })
		if at < 0 {
			t.Errorf("no statement has %q", part)
		} else if plan := explain(t, f, request[at]); !strings.Contains(plan, index+" ") && !strings.HasSuffix(plan, index) {
			t.Errorf("%s\ndoes not use %s:\n%s", request[at], index, plan)
		}
	}
}

// listings are the order list's statements, one for each filter of the panel:
// each alone, with a site, and with a page already turned.
func listings() []string {
	now := storetest.Start
	filters := []store.OrderFilter{{}, {Status: order.Pending}, {Status: order.Paid, Calm: true}, {Attention: true}, {Flag: order.FlagLate}, {Flag: order.FlagUnderpaid},
		{Flag: order.FlagOverpaid}, {Flag: order.FlagDuplicate}, {Status: order.Expired}, {RefundDue: true}, {Channel: order.Online}, {Channel: order.OverCounter},
		{PlanID: "p1"}, {SellerID: "st"}, {Voucher: voucher.Active, From: now}, {ValidAt: now, From: now}, {Redeem: report.Lapsed, Now: now, From: now}, {Validity: new(time.Duration), From: now}, {EndedAt: now, From: now}, {From: now, Until: now.Add(time.Hour)}}
	var out []string
	for _, f := range filters {
		f.Limit = 50
		for _, site := range []string{"", "s1"} {
			out = append(out, store.OrderStatement(f, site, nil))
			f.Before = store.Cursor{CreatedAt: now, ID: "o"}
			out = append(out, store.OrderStatement(f, site, nil))
		}
	}
	return append(out, store.OrderStatement(store.OrderFilter{Sites: []string{"s1"}}, "", []string{"a", "b"}))
}

// auditRows are the statements of the audit page, each way to whose rows are
// wanted.
func auditRows() (out []string) {
	for _, f := range []store.AuditFilter{{}, {Staff: []string{"st"}}, {Names: []string{"staff:siti"}}, {Actor: "server"}, {Action: "staff.add"}, {Subject: "order:x"},
		{Staff: []string{"st"}, From: storetest.Start, To: storetest.Start}, {Text: "x"}, {Action: "staff."}} {
		f.Before, f.Limit = 1000, 50
		out = append(out, store.AuditStatements(f)...)
	}
	return out
}

var mark = regexp.MustCompile(`\$\d+`)

func explain(t *testing.T, f *storetest.Fixture, statement string) string {
	t.Helper()
	statement = store.Text(f.Store, statement)
	highest := 0
	for _, m := range mark.FindAllString(statement, -1) {
		n := 0
		if _, err := fmt.Sscanf(m, "$%d", &n); err == nil {
			highest = max(highest, n)
		}
	}
	var plan []string
	if f.Engine() == "postgres" {
		// A generic plan needs no values (PostgreSQL 16 has EXPLAIN (GENERIC_PLAN), 15 does it by a prepared statement).
		store.Exec(t, f.Store, `SET plan_cache_mode = force_generic_plan`)
		store.Exec(t, f.Store, `SET random_page_cost = 1.1`) // of a disk without arms, and these tables are small
		store.Exec(t, f.Store, `PREPARE asked AS `+statement)
		nulls := strings.TrimSuffix(strings.Repeat("NULL,", highest), ",")
		if nulls != "" {
			nulls = "(" + nulls + ")"
		}
		for _, line := range store.Query(t, f.Store, `EXPLAIN EXECUTE asked`+nulls) {
			plan = append(plan, line[0])
		}
		store.Exec(t, f.Store, `DEALLOCATE asked`)
		return strings.Join(plan, "\n")
	}
	args := make([]any, highest)
	for _, line := range store.Query(t, f.Store, `EXPLAIN QUERY PLAN `+statement, args...) {
		plan = append(plan, line[len(line)-1])
	}
	return strings.Join(plan, "\n")
}

// fill writes enough rows that an index pays, fast.
func fill(t *testing.T, f *storetest.Fixture) {
	t.Helper()
	const n, part = 4000, 100
	for start := 0; start < n; start += part {
		fillPart(t, f, start, start+part)
	}
	// A compensation for each voucher: written by the shop, each would look at all of them.
	store.Exec(t, f.Store, `INSERT INTO compensations (id, nonce, site_id, began_ms, ended_ms, more_ms, reason, asked_by, at_ms, done_ms) SELECT id, id, 's1', 0, 1, 1, 'listrik padam', 'staff:siti', 0, 1 FROM vouchers`)
	store.Exec(t, f.Store, `INSERT INTO compensation_vouchers (compensation_id, voucher_id, outcome) SELECT id, id, 'given' FROM vouchers`)
	store.Exec(t, f.Store, `INSERT INTO trials (id, nonce, router_id, plan_id, username, asked_by, at_ms) SELECT id, id, 'r1', 'p1', id, 'staff:siti', 0 FROM vouchers`)
	store.Exec(t, f.Store, `INSERT INTO catalogue_changes (id, site_id, subject, action, old_fields, new_fields, changed_by, at_ms) SELECT id, 's1', 'plan:p1', 'plan.edit', '{}', '{}', 'staff:siti', 0 FROM vouchers`)
	store.Exec(t, f.Store, `ANALYZE`)
}

func fillPart(t *testing.T, f *storetest.Fixture, from, to int) {
	t.Helper()
	f.Write(func(tx *store.Tx) error {
		before := ""
		for i := from; i < to; i++ {
			o := f.Order()
			o.CreatedAt = o.CreatedAt.Add(time.Duration(i) * time.Second)
			o.ExpiresAt = o.CreatedAt.Add(30 * time.Minute)
			switch i % 4 {
			case 0:
				o.Status, o.ExpiredAt = order.Expired, o.ExpiresAt
			case 1:
				o.Status, o.CancelledAt, o.Channel, o.SellerID = order.Cancelled, o.ExpiresAt, order.OverCounter, string(o.ID)
			case 2:
				o.Status, o.PaidAt, o.ActivateAt = order.Paid, o.CreatedAt, o.CreatedAt
			}
			o.Item.PlanID, o.Phone = fmt.Sprint("p", i%7), fmt.Sprintf("+62812%08d", i*7919)
			if i%200 == 0 {
				o.Flags = append(o.Flags, order.FlagLate)
			}
			if err := tx.InsertOrder(ctx, o); err != nil {
				return err
			}
			if err := tx.InsertAttempt(ctx, attempt(o)); err != nil {
				return err
			}
			if _, _, err := tx.InsertPayment(ctx, payment(o)); err != nil {
				return err
			}
			if _, err := tx.InsertVoucher(ctx, soldVoucher(o, i), time.Time{}); err != nil {
				return err
			}
			if _, _, err := tx.InsertWebhookEvent(ctx, store.WebhookEvent{Gateway: "g", Key: string(o.ID), Body: []byte("{}"), State: store.WebhookEventDone, OrderID: string(o.ID), ReceivedAt: f.Clock.Now()}); err != nil {
				return err
			}
			if err := tx.Enqueue(ctx, job(o, f.Clock.Now())); err != nil {
				return err
			}
			done := o.CreatedAt
			if i%100 == 0 {
				done = time.Time{}
			}
			if _, err := tx.InsertRefund(ctx, order.Refund{ID: "f" + string(o.ID), OrderID: o.ID, PaymentKey: string(o.ID), Amount: 1, Reason: order.RefundExcess, DueAt: o.CreatedAt, DoneAt: done}); err != nil {
				return err
			}
			if i == 0 {
				if err := tx.InsertStaff(ctx, store.Staff{ID: "st", Name: "siti", Role: "kasir", PasswordHash: "x", CreatedAt: o.CreatedAt}); err != nil {
					return err
				}
			}
			if err := tx.InsertSession(ctx, store.Session{TokenHash: string(o.ID), StaffID: "st", CreatedAt: o.CreatedAt, SeenAt: o.CreatedAt, ExpiresAt: o.ExpiresAt}); err != nil {
				return err
			}
			tx.Audit("act", "order:"+string(o.ID), nil)
			if _, err := tx.OpenAlert(ctx, "stuck", string(o.ID), ""); err != nil {
				return err
			}
			if i%100 != 0 {
				if _, err := tx.CloseAlert(ctx, "stuck", string(o.ID)); err != nil {
					return err
				}
			}
			if err := counterRows(tx, o, i); err != nil {
				return err
			}
			if err := stockRows(tx, string(o.ID), before, i); err != nil {
				return err
			}
			before = string(o.ID)
		}
		return nil
	})
}

// The server outlives a panic of one request; so must the database.
func TestAPanicHandsTheWriterOn(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		s := person(f, "siti")
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = f.InTx(ctx, actor.Named("staff:siti"), func(tx *store.Tx) error {
				_, err := tx.HoldStaff(ctx, s.ID)
				f.Must(err)
				panic("a bug")
			})
		}()
		next := make(chan error, 1)
		go func() {
			next <- f.InTx(ctx, actor.Named("staff:ani"), func(tx *store.Tx) error {
				_, err := tx.HoldStaff(ctx, s.ID)
				return err
			})
		}()
		select {
		case err := <-next:
			f.Must(err)
		case <-time.After(5 * time.Second):
			t.Fatal("nobody can write any more")
		}
	})
}
