package stock_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// mikhmon is the comment Mikhmon gives: it offers a batch only with three digits
// at offsets 3 to 5, and breaks on , # = and -|-.
var mikhmon = regexp.MustCompile(`^(vc|up)-[1-9]\d\d-\d\d\.\d\d\.\d\d-[A-Za-z0-9.]*$`)

func TestBatches(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "S19 vouchers are made as described, and Mikhmon knows them", Test: func(t *testing.T, k *shoptest.Harness) {
			in := k.BatchForm("sehari", "pojok", 230)
			in.Mode, in.Charset, in.Length, in.Prefix, in.UptimeLimit, in.DataLimit = catalog.ModePair, "digits", 7, "77", 90*time.Minute, 0
			made, err := k.Shop.Stock.CreateBatches(ctx, actor.Named("staff:siti"), in)
			if err != nil || len(made) != 1 {
				t.Fatal(made, err)
			}
			k.RunAll()
			b := k.CheckBatch(made[0], voucher.BatchDone)
			if !mikhmon.MatchString(b.Comment) || !strings.HasPrefix(b.Comment, "up-") || !strings.HasSuffix(b.Comment, "-gb."+b.Code+".warung") {
				t.Error(b.Comment)
			}
			for _, r := range k.Routers["pojok"].Rows("ip/hotspot/user") {
				if !strings.HasSuffix(r["comment"], "-gb."+b.Code+".warung") {
					continue
				}
				if len(r["name"]) != 9 || !strings.HasPrefix(r["name"], "77") || len(r["password"]) != 7 || r["profile"] != "gerai-sehari" || r["limit-uptime"] != "1h30m" {
					t.Fatal(r)
				}
			}
			v := k.StockVoucher(b, 230)
			if v.State != voucher.Stock || v.Password == v.Username || b.Item.Price != 5000 {
				t.Fatalf("%+v", v)
			}
			k.WantNoAlerts()
		}},
		{Name: "S19 the same form twice makes one batch", Test: func(t *testing.T, k *shoptest.Harness) {
			in := k.BatchForm("bulanan", "melati-a", 5)
			in.RouterIDs = []string{"melati-a", "melati-b"}
			first, err := k.Shop.Stock.CreateBatches(ctx, actor.Named("staff:siti"), in)
			again, err2 := k.Shop.Stock.CreateBatches(ctx, actor.Named("staff:siti"), in)
			if err != nil || err2 != nil || len(first) != 2 || len(again) != 2 || first[0].ID != again[0].ID {
				t.Fatal(first, again, err, err2)
			}
			k.RunAll()
			for _, b := range first {
				k.CheckBatch(b, voucher.BatchDone)
			}
			all, err := k.Store.ListBatches(ctx, nil, "", 10)
			if err != nil || len(all) != 2 {
				t.Fatal(len(all), err)
			}
		}},
		{Name: "S19 nothing is made twice or lost when answers are", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.NewBatch("sehari", "pojok", 250)
			for _, f := range []routerossim.Faults{{DropAfter: true}, {DropBefore: true}, {CutMidSentence: true}, {Garbage: true}} {
				f.Only, f.Count = "/ip/hotspot/user/add", 3
				k.Routers["pojok"].SetFaults(f)
				k.RunAll()
				k.Clock.Add(time.Second)
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(time.Minute)
			k.CheckBatch(b, voucher.BatchDone)
		}},
		{Name: "S19 a router that is away is waited for", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			b := k.NewBatch("sehari", "pojok", 120)
			k.Advance(3 * time.Minute)
			k.CheckBatch(b, voucher.BatchRunning)
			k.WantAlert("router_down")
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(time.Minute)
			k.CheckBatch(b, voucher.BatchDone)
		}},
		{Name: "S19 a router that refuses us stops the batch until a person goes on", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Routers["pojok"].SetFaults(routerossim.Faults{Busy: "not enough permissions (9)", Only: "/ip/hotspot/user/add"})
			b := k.NewBatch("sehari", "pojok", 20)
			k.RunAll()
			if b = k.CheckBatch(b, voucher.BatchStopped); b.Problem != "router.permission" {
				t.Fatal(b.Problem)
			}
			k.WantAlert("batch_stopped")
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			if err := k.Shop.Stock.ResumeBatch(ctx, actor.Named("staff:siti"), b.ID); err != nil {
				t.Fatal(err)
			}
			k.RunAll()
			k.CheckBatch(b, voucher.BatchDone)
			k.WantNoAlerts()
		}},
		{Name: "S19 foreign users keep their names", Test: func(t *testing.T, k *shoptest.Harness) {
			// Names that are there before are not drawn; one that comes between
			// drawing and making gives way.
			in := k.BatchForm("sehari", "pojok", 40)
			in.Charset, in.Length = "digits", 4
			for _, name := range []string{"2222", "3333", "9999"} {
				k.ForeignUser("pojok", name)
			}
			made, err := k.Shop.Stock.CreateBatches(ctx, actor.Named("staff:siti"), in)
			if err != nil {
				t.Fatal(err)
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropBefore: true, Only: "/ip/hotspot/user/add"})
			k.RunAll()
			before := k.StockVoucher(made[0], 7)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.ForeignUser("pojok", before.Username)
			k.Advance(time.Minute)
			b := k.CheckBatch(made[0], voucher.BatchDone)
			if now := k.StockVoucher(b, 7); now.Username == before.Username || now.MadeAt.IsZero() {
				t.Fatalf("%+v", now)
			}
			for _, r := range k.Routers["pojok"].Rows("ip/hotspot/user") {
				if r["name"] == before.Username && r["password"] != "lain" {
					t.Fatal("took a foreign user", r)
				}
			}
		}},
		{Name: "S19 pause, resume, cancel", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.NewBatch("sehari", "pojok", 350)
			parts(t, k, b, 2)
			for range 2 {
				if err := k.Shop.Stock.PauseBatch(ctx, actor.Named("staff:siti"), b.ID); err != nil {
					t.Fatal(err)
				}
			}
			k.RunAll()
			k.CheckBatch(b, voucher.BatchPaused)
			if n, err := k.Store.BatchCounts(ctx, b.ID); err != nil || n.Unmade != 250 {
				t.Fatal(n, err)
			}
			if err := k.Shop.Stock.ResumeBatch(ctx, actor.Named("staff:siti"), b.ID); err != nil {
				t.Fatal(err)
			}
			k.RunAll()
			k.CheckBatch(b, voucher.BatchDone)
			if err := k.Shop.Stock.CancelBatch(ctx, actor.Named("staff:siti"), b.ID); fault.CodeOf(err) != "batch.over" {
				t.Fatal(err)
			}
			if err := k.Shop.Stock.PauseBatch(ctx, actor.Named("staff:siti"), "nothing"); !fault.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
		}},
		{Name: "S19 cancelled in the middle: what is there stays, the rest never comes", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.NewBatch("sehari", "pojok", 350)
			parts(t, k, b, 2)
			if err := k.Shop.Stock.CancelBatch(ctx, actor.Named("staff:siti"), b.ID); err != nil {
				t.Fatal(err)
			}
			k.RunAll()
			k.CheckBatch(b, voucher.BatchCancelled)
			n, err := k.Store.BatchCounts(ctx, b.ID)
			if err != nil || n.By[voucher.Disabled] != 250 || n.By[voucher.Stock] != 100 || n.Unmade != 0 {
				t.Fatal(n, err)
			}
			// A reboot that loses the hundred brings back those and no others.
			k.WipeUsers("pojok")
			k.Routers["pojok"].SetFaults(routerossim.Faults{Reboot: true, RebootMS: 1})
			k.CheckRoutersUntilUp()
			k.RunAll()
			k.CheckBatch(b, voucher.BatchDone)
			if n, err = k.Store.BatchCounts(ctx, b.ID); err != nil || n.By[voucher.Stock] != 100 {
				t.Fatal(n, err)
			}
		}},
		{Name: "S19 lost work is found again", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.NewBatch("sehari", "pojok", 10)
			if err := k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
				j, found, err := tx.LeaseJob(ctx, "bulk:pojok", k.Clock.Now(), k.Clock.Now().Add(time.Second))
				if err != nil || !found {
					t.Fatal(found, err)
				}
				_, err = tx.KillJob(ctx, j, "lost")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			k.RunAll()
			k.CheckBatch(b, voucher.BatchRunning)
			if err := k.Shop.Stock.KeepBatches(ctx); err != nil {
				t.Fatal(err)
			}
			k.RunAll()
			k.CheckBatch(b, voucher.BatchDone)
		}},
		{Name: "S19 a reboot that loses users gets them back", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 130)
			v := k.StockVoucher(b, 3)
			if err := k.Hotspot.Connect(ctx, k.Router("pojok"), k.Phone("pojok", 1), v.Username, v.Password); err != nil {
				t.Fatal(err)
			}
			k.Clock.Add(time.Minute)
			if err := k.Shop.Vouchers.ObserveLogins(ctx); err != nil {
				t.Fatal(err)
			}
			k.WipeUsers("pojok")
			k.Routers["pojok"].SetFaults(routerossim.Faults{Reboot: true, RebootMS: 1})
			k.Clock.Add(time.Minute)
			k.Advance(2 * time.Minute)
			k.CheckRoutersUntilUp()
			k.Advance(time.Minute)
			k.CheckBatch(b, voucher.BatchDone)
		}},
		{Name: "S19 wrong forms change nothing", Test: func(t *testing.T, k *shoptest.Harness) {
			for field, change := range map[string]func(*stock.BatchIn){
				"count": func(in *stock.BatchIn) { in.Count = 10_001 }, "mode": func(in *stock.BatchIn) { in.Mode = "x" }, "charset": func(in *stock.BatchIn) { in.Charset = "x" },
				"length": func(in *stock.BatchIn) { in.Charset, in.Length, in.Count = "digits", 4, 500 }, "prefix": func(in *stock.BatchIn) { in.Prefix = "a-" },
				"note": func(in *stock.BatchIn) { in.Note = "a=b" }, "server": func(in *stock.BatchIn) { in.Server = "a\nb" }, "plan": func(in *stock.BatchIn) { in.Sites = []string{"kos"} },
				"router": func(in *stock.BatchIn) { in.RouterIDs = []string{"melati-a"} }, "nonce": func(in *stock.BatchIn) { in.Nonce = "" },
				"uptime": func(in *stock.BatchIn) { in.UptimeLimit = 1 << 62 }, "data": func(in *stock.BatchIn) { in.DataLimit = 1 << 62 },
			} {
				in := k.BatchForm("sehari", "pojok", 10)
				change(&in)
				_, err := k.Shop.Stock.CreateBatches(ctx, actor.Named("staff:siti"), in)
				var f *fault.Error
				if !asFault(err, &f) || f.Kind != fault.Invalid || f.Field != field {
					t.Errorf("%s: %v", field, err)
				}
			}
			if all, err := k.Store.ListBatches(ctx, nil, "", 10); err != nil || len(all) != 0 {
				t.Fatal(all, err)
			}
		}},
	})
}

// A sale does not wait for a batch: its queue and its connections are others.
func TestASaleBesideABatch(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "a sale in the middle of a batch", Test: func(t *testing.T, k *shoptest.Harness) {
		k.Routers["pojok"].SetFaults(routerossim.Faults{DelayMS: 5})
		b := k.NewBatch("sehari", "pojok", 300)
		o := k.BuyOne()
		k.Pay(o)
		k.RunAll()
		k.Want(o, "activated")
		k.CheckBatch(b, voucher.BatchDone)
		trail, err := k.Store.AuditOf(ctx, "batch:"+b.ID)
		if err != nil || len(trail) != 2 || trail[0].Actor != "staff:siti" {
			t.Fatal(trail, err)
		}
	}}})
}

// parts does the first parts of a batch: the first one draws all its rows.
func parts(t *testing.T, k *shoptest.Harness, b store.Batch, n int) {
	t.Helper()
	for range n {
		if err := k.Shop.Stock.MakeBatch(ctx, jobs.Job{Kind: jobs.BatchMake, Subject: b.ID}); err != nil {
			t.Fatal(err)
		}
	}
}

func asFault(err error, into **fault.Error) bool { return errors.As(err, into) }
