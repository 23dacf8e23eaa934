package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func sizes(t *testing.T, p *page, _ engine) {
	build(t)
	info, err := os.Stat(filepath.Join(binaries, "gerai"))
	if err != nil {
		t.Fatal(err)
	}
	p.row("stripped binary", "<= 45 MB", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "-", "cmd/gerai, no cgo")
	var first times
	var rss string
	for range p.repeats {
		d := start(t, anyPorts...)
		first = append(first, d.took)
		rss = idleMemory(t, d.cmd.Process.Pid)
		d.kill()
	}
	hello := helloWorld(t)
	alone, memory := productAlone(t, p.repeats)
	p.row("start to first answer", "<= 100 ms", fmt.Sprintf("median of %d: ", p.repeats)+short(alone.at(.5)), short(hello), "gerai serve on a SQLite file that is there already; control: an empty net/http program")
	p.row("idle memory", "<= 64 MB", memory, "-", "resident set of gerai serve on SQLite after 5 s")
	p.row("start to first answer, the demo", "-", fmt.Sprintf("median of %d: ", p.repeats)+short(first.at(.5)), short(hello), "gerai-demo with a fresh database, migration, demo data and simulators; control: an empty net/http program")
	p.row("idle memory, the demo", "-", rss, "-", "resident set of gerai-demo, simulators included, after 5 s")
}

// productAlone starts the product some times on one small shop, without any
// simulator.
func productAlone(t *testing.T, repeats int) (first times, memory string) {
	database := "sqlite:" + t.TempDir() + "/shop.db"
	seedInto(t, database, benchKey, smallShop, 0)
	for range repeats {
		cmd, took := serve(t, database, benchKey, free(t))
		first = append(first, took)
		memory = idleMemory(t, cmd.Process.Pid)
		_ = cmd.Process.Kill() // the next one wants the file
		_ = cmd.Wait()
	}
	return first, memory
}

// idleMemory is what a process has once it has rested for five seconds.
func idleMemory(t *testing.T, pid int) string {
	t.Helper()
	<-time.After(5 * time.Second)
	return fmt.Sprintf("%.1f MB", residentNow(t, pid))
}

// helloWorld builds and times the smallest server there is.
func helloWorld(t *testing.T) time.Duration {
	t.Helper()
	dir := t.TempDir()
	source := `package main

import (
	"fmt"
	"net"
	"net/http"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(l, nil)
	if _, err := http.Get("http://" + l.Addr().String()); err != nil {
		panic(err)
	}
	fmt.Println("ready")
}
`
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "hello")
	if out, err := exec.Command("go", "build", "-o", bin, filepath.Join(dir, "main.go")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	began := time.Now()
	if err := exec.Command(bin).Run(); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

// TestBenchAlone measures what needs no past, when there is no time for the rest.
func TestBenchAlone(t *testing.T) {
	if os.Getenv("GERAI_BENCH_ALONE") != "1" {
		t.Skip("left out: GERAI_BENCH_ALONE asks for it")
	}
	alone(t, sizes, engines(t)[0])
	alone(t, slowRouter, engines(t)[0])
}
