package bench

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

func kills(t *testing.T, p *page, _ engine) {
	dir := t.TempDir()
	d := start(t, "--addr", free(t), "--sim-addr", free(t), "--routeros-addr", "127.0.0.1:"+strconv.Itoa(19000+os.Getpid()%900), "--dir", dir, "--log-level", "error")
	var serving, resolved times
	for range p.repeats {
		var paths []string
		for range 30 {
			path, code, err := d.order()
			if err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
			if err := d.pay(code); err != nil {
				t.Fatal(err)
			}
		}
		d.kill()
		began := time.Now()
		d.launch()
		serving = append(serving, d.took)
		for _, path := range paths {
			if _, err := d.voucher(path, 10*time.Millisecond, 60*time.Second); err != nil {
				t.Fatal(err)
			}
		}
		resolved = append(resolved, time.Since(began))
	}
	p.row("serving again after kill -9", "<= 0.3 s", fmt.Sprintf("slowest of %d: ", p.repeats)+short(serving.at(1)), "-", "start of the process, both simulators included, to the first answer")
	p.row("every order in flight resolved after kill -9", "<= 1 s", fmt.Sprintf("slowest of %d: ", p.repeats)+short(resolved.at(1)), "-", "30 orders paid right before each kill, SQLite")
}

// replicaKilled has two processes of the shop on one database, and kills the one that takes the webhooks right after payments.
func replicaKilled(t *testing.T, p *page, e engine) {
	if !e.shared {
		return
	}
	s := setStage(t, e, staged{})
	second := free(t)
	s.serve(second)
	first := s.Shop
	var paths []string
	for range 30 {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		path, err := s.place(ctx, 0)
		var x status
		if err == nil {
			if x, err = s.look(ctx, path); err == nil {
				err = s.pay(x.Order)
			}
		}
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	s.kill()
	s.Shop = "http://" + second
	began := time.Now()
	for _, path := range paths {
		if _, err := s.voucher(path, 10*time.Millisecond, time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	p.row("every order in flight resolved after one of two replicas was killed, "+e.name, "<= 13 s, one lease", short(time.Since(began)), "-",
		fmt.Sprintf("30 orders paid right before the kill; webhooks went to %s, which is gone", first))
}
