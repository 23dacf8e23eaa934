package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"gerai/internal/store/storetest"
)

// upgrade measures how long a shop of an older version stands still while what it left
// readable is sealed, killed once in the middle.
func upgrade(t *testing.T, p *page, e engine, database, key string, orders int) {
	storetest.Unsealed(t, database)
	middle := storetest.RawText(t, database, fmt.Sprintf(`SELECT id FROM orders ORDER BY id LIMIT 1 OFFSET %d`, orders/2))
	began := time.Now()
	cmd := migrate(t, database, key)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for storetest.RawText(t, database, `SELECT token_sealed FROM orders WHERE id = '`+middle+`'`) == "" {
		if time.Since(began) > time.Hour {
			t.Fatal("half of the orders are not sealed after an hour")
		}
		<-look.C
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	first := time.Since(began)
	began = time.Now()
	again := migrate(t, database, key)
	if out, err := again.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	second := time.Since(began)
	if left := storetest.RawText(t, database, `SELECT COUNT(*) FROM orders WHERE token_sealed IS NULL OR phone LIKE '+%' OR nonce NOT LIKE 'h:%' OR password NOT LIKE 'v2:%'`); left != "0" {
		t.Errorf("%s orders are readable after the upgrade", left)
	}
	p.row("upgrade of "+thousands(orders)+" orders to sealed rows, "+e.name, "-", (first + second).Round(time.Second).String(), "-",
		fmt.Sprintf("gerai migrate, killed after half of them (%s) and run again (%s); at most %d MB resident", first.Round(time.Second), second.Round(time.Second), max(mostResident(cmd), mostResident(again))))
}

func migrate(t *testing.T, database, key string) *exec.Cmd {
	t.Helper()
	build(t)
	dir := t.TempDir()
	cmd := exec.Command(filepath.Join(binaries, "gerai"), "migrate")
	cmd.Env, cmd.Dir = serveEnv(database, key, "127.0.0.1:1", dir), dir
	return cmd
}

// TestBenchUpgradeOn measures the upgrade alone, on pasts that it makes: GERAI_BENCH_UPGRADE=1.
func TestBenchUpgradeOn(t *testing.T) {
	if os.Getenv("GERAI_BENCH_UPGRADE") == "" {
		t.Skip("left out: GERAI_BENCH_UPGRADE is not set")
	}
	for _, e := range engines(t) {
		n, database := pastOrders(), e.database(t)
		seedInto(t, database, benchKey, n, n/5)
		upgrade(t, newPage(os.Stdout, effortOf(t)), e, database, benchKey, n)
	}
}
