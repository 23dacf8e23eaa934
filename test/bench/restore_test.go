package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"
)

// restore measures how soon a shop sells again whose disk was lost: an encrypted backup is
// verified, unpacked and migrated in an empty place, and the shop starts on it.
func restore(t *testing.T, p *page, e engine, database, key string, orders int) {
	build(t)
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	identityFile := filepath.Join(dir, "identity.txt")
	if err := os.WriteFile(identityFile, []byte(identity.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(out any, database string, args ...string) (time.Duration, *exec.Cmd) {
		t.Helper()
		cmd := exec.Command(filepath.Join(binaries, "gerai"), args...)
		cmd.Env, cmd.Dir = append(serveEnv(database, key, "127.0.0.1:1", dir), "PATH="+os.Getenv("PATH"), "GERAI_BACKUP_RECIPIENT="+identity.Recipient().String()), dir
		cmd.Stderr = os.Stderr
		began := time.Now()
		said, err := cmd.Output()
		took := time.Since(began)
		if err != nil {
			t.Fatalf("gerai %v: %v: %s", args, err, said)
		}
		if err := json.Unmarshal(said, out); err != nil {
			t.Fatalf("gerai %v said %s: %v", args, said, err)
		}
		return took, cmd
	}
	var made struct {
		Name  string
		Bytes int64
	}
	packed, _ := run(&made, database, "backup", "now", "--to", dir, "--json")
	var back struct{ Rows int64 }
	empty := e.database(t)
	took, cmd := run(&back, empty, "restore", filepath.Join(dir, made.Name), "--database", empty, "--identity", identityFile, "--json")
	shop, ready := serve(t, empty, key, free(t))
	_ = shop.Process.Kill() // a measurement has nothing to lose
	p.row("restore of "+thousands(orders)+" orders, "+e.name, "selling again <= 5 min", (took + ready).Round(time.Second).String(), "-",
		fmt.Sprintf("gerai restore of %s rows from an encrypted backup of %d MB (%s), start to ready (%s); at most %d MB resident; the backup itself took %s",
			thousands(int(back.Rows)), made.Bytes>>20, took.Round(time.Second), ready.Round(10*time.Millisecond), mostResident(cmd), packed.Round(time.Second)))
}

// TestBenchRestoreOn measures the restore alone, of the SQLite file that GERAI_BENCH_RESTORE
// names and GERAI_BENCH_KEY opens, or with GERAI_BENCH_RESTORE=1 of pasts that it makes.
func TestBenchRestoreOn(t *testing.T) {
	database := os.Getenv("GERAI_BENCH_RESTORE")
	switch database {
	case "":
		t.Skip("left out: GERAI_BENCH_RESTORE names no database")
	case "1":
		for _, e := range engines(t) {
			n, database := pastOrders(), e.database(t)
			seedInto(t, database, benchKey, n, n/5)
			restore(t, newPage(os.Stdout, effortOf(t)), e, database, benchKey, n)
		}
	default:
		p := newPage(os.Stdout, effortOf(t))
		restore(t, p, engines(t)[0], database, os.Getenv("GERAI_BENCH_KEY"), pastOrders())
		t.Log(p.budget.rows)
	}
}
