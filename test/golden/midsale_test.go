package golden

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/sim/routerossim"
	"gerai/internal/testenv"
)

const (
	midsaleFile = "testdata/midsale.tar.gz"
	midsaleMost = 300 << 10
	batchCount  = 120
	onRouter    = "ip/hotspot/user"
)

// midsale is what the folder of a shop in mid-sale says of itself.
type midsale struct {
	At      time.Time `json:"at"`
	Pending string    `json:"pending"` // page of an order that waits for its customer
	Waiting string    `json:"waiting"` // page of a paid order whose router is away
	Active  string    `json:"active"`  // page of an order whose voucher works
	Batch   string    `json:"batch"`   // page of a batch of which the router has a part
	Made    int       `json:"made"`    // how many that are
	Comment string    `json:"comment"` // what its vouchers carry on the router
	Shift   string    `json:"shift"`   // page of an open shift
}

// TestWriteMidsale leaves a shop in the middle of everything and keeps its
// folder, the simulators' state with it. It writes nothing without -midsale: the
// point of the file is that an older program wrote it.
func TestWriteMidsale(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := &floor{world: newWorld(t, dir, start), staff: map[string]*browser{}, orders: map[string]string{}, shops: map[string]string{}, pages: map[string][]string{}}
	f.first()
	k := f.begin("siti", kasir)
	m := midsale{}
	m.Shift = k.openShift("200.000")
	k.sell("kopi-1hari", "given", "10.000")
	m.Active, _ = f.order("active", "kopi-pojok", "kopi-1hari")
	f.pay(f.orders["active"]+"-1", 0)
	f.want(m.Active, "activated")
	f.halfBatch(&m)
	f.routers["pojok"].SetFaults(routerossim.Faults{Down: true})
	m.Waiting, _ = f.order("waiting", "kopi-pojok", "kopi-7hari")
	f.pay(f.orders["waiting"]+"-1", 0)
	f.want(m.Waiting, "paid")
	m.Pending, _ = f.order("pending", "kos-melati", "kos-bulanan", "method", "va:BRI")
	f.want(m.Pending, "pending")
	m.At = f.clock.Now()
	f.end()
	packed := pack(t, dir, m)
	if len(packed) > midsaleMost {
		t.Errorf("the folder takes %d bytes, at most %d may be kept", len(packed), midsaleMost)
	}
	if *writeMidsale {
		if err := os.WriteFile(midsaleFile, packed, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// What this program leaves behind, this program can finish.
	finish(t, packed)
}

// TestOlderShopInMidsale opens what an older program left in the middle of
// everything, and brings it to its end.
func TestOlderShopInMidsale(t *testing.T) {
	packed, err := os.ReadFile(midsaleFile)
	if err != nil {
		t.Fatal(err)
	}
	finish(t, packed)
}

// halfBatch orders a batch whose router goes away when it has a part of it.
func (f *floor) halfBatch(m *midsale) {
	f.Helper()
	r := f.routers["melati-b"]
	r.SetFaults(routerossim.Faults{DelayMS: 20, Only: "/ip/hotspot/user/add"})
	before, gone := len(r.Rows(onRouter)), make(chan struct{})
	go func() {
		defer close(gone)
		testenv.Eventually(f, 30*time.Second, func() (bool, string) {
			some := len(r.Rows(onRouter)) >= before+batchCount/4
			if some {
				r.SetFaults(routerossim.Faults{Down: true})
			}
			return some, "the batch does not begin"
		})
	}()
	f.boss.does("/admin/vouchers/new?site=kos", "form.card", "plan", "kos-hemat", "router", "melati-b", "count", "120", "note", "blok.c")
	<-gone
	m.Batch = f.boss.page("/admin/vouchers").Find("a[href*='/batches/']").AttrOr("href", "")
	rows := r.Rows(onRouter)
	m.Made, m.Comment = len(rows)-before, rows[len(rows)-1]["comment"]
	if m.Made < 1 || m.Made >= batchCount {
		f.Fatalf("%d of %d vouchers are on the router: that is no half", m.Made, batchCount)
	}
	if p := f.boss.page(m.Batch); p.Find("#progress .tag.good").Length() > 0 {
		f.Fatal("the batch counts as made")
	}
}

// finish opens a shop in mid-sale, a minute later and with routers that are
// back, and does what is left.
func finish(t *testing.T, packed []byte) {
	t.Helper()
	dir := t.TempDir()
	m := unpack(t, packed, dir)
	w := newWorld(t, dir, m.At.Add(time.Minute))
	w.want(m.Active, "activated")
	w.want(m.Waiting, "paid")
	pending := w.want(m.Pending, "pending")
	w.pay(pending.Order+"-1", 0)
	orders := []state{w.want(m.Pending, "activated")}
	for range 40 { // the longest pause between two tries is less than these ten minutes
		w.later(15 * time.Second)
	}
	orders = append(orders, w.want(m.Waiting, "activated"), w.want(m.Active, "activated"))
	for _, o := range orders {
		if n := w.users(func(row map[string]string) bool { return o.Voucher != nil && row["name"] == o.Voucher.Username }); n != 1 {
			t.Errorf("order %s has %d users on the routers, want 1", o.Order, n)
		}
	}
	boss := w.browser().signIn("admin")
	if boss.page(m.Batch).Find("#progress .tag.good").Length() == 0 {
		t.Error("the batch is not done")
	}
	var names []string
	for _, row := range w.routers["melati-b"].Rows(onRouter) {
		if _, mark, _ := strings.Cut(m.Comment, "-gb."); strings.HasSuffix(row["comment"], "-gb."+mark) {
			names = append(names, row["name"])
		}
	}
	slices.Sort(names)
	if all := len(names); all != batchCount || len(slices.Compact(names)) != batchCount {
		t.Errorf("the router has %d users of the batch, want %d different ones", all, batchCount)
	}
	k := w.browser().signIn("siti")
	k.does("/admin/shift", "form[action='"+m.Shift+"/close']", "counted", "205.000", "note", "")
	if form := k.page(m.Shift).Find("form[action$='/close']"); form.Length() > 0 {
		t.Error("the shift is still open")
	}
}

// users counts the users on all routers for which fn holds.
func (w *world) users(fn func(row map[string]string) bool) (n int) {
	for _, r := range w.routers {
		for _, row := range r.Rows(onRouter) {
			if fn(row) {
				n++
			}
		}
	}
	return n
}

// pack makes one file of a folder.
func pack(t *testing.T, dir string, m midsale) []byte {
	t.Helper()
	about, err := json.Marshal(m)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "midsale.json"), about, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	in := tar.NewWriter(z)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file.Name(), ".lock") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err == nil {
			err = in.WriteHeader(&tar.Header{Name: file.Name(), Mode: 0o600, Size: int64(len(text)), ModTime: m.At})
		}
		if err == nil {
			_, err = in.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// unpack writes the folder of a shop and returns what it says of itself.
func unpack(t *testing.T, packed []byte, dir string) (m midsale) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	in := tar.NewReader(z)
	for {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(io.LimitReader(in, 64<<20))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(h.Name)), text, 0o600)
		}
		if err == nil && h.Name == "midsale.json" {
			err = json.Unmarshal(text, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return m
}
