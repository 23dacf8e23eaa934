package replicas

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/internal/testenv"
	"gerai/test/proc"
)

// two starts two replicas on one PostgreSQL and one Redis. The gateway's
// webhooks go to the first.
func two(t *testing.T) (w *proc.World, a, b *proc.Program) {
	t.Helper()
	w = proc.NewWorld(t, testenv.Postgres(t), testenv.Redis(t))
	a = proc.Start(w, proc.Reserve(t))
	b = proc.Start(w, proc.Reserve(t))
	w.Gateway.SetWebhookURL("http://" + a.Addr + "/webhooks/xendit")
	return w, a, b
}

func pay(t *testing.T, w *proc.World, code string) {
	t.Helper()
	if _, err := w.Gateway.Pay(xenditsim.PayIn{ReferenceID: code + "-1"}); err != nil {
		t.Fatal(err)
	}
}

func order(t *testing.T, p *proc.Program, n int) (path, code string) {
	t.Helper()
	path, err := p.Order(n, "qris")
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Status(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, s.Order
}

// until reads a page's events until one carries the credentials.
func until(t *testing.T, lines <-chan string, limit time.Duration) {
	t.Helper()
	deadline := time.After(limit)
	for {
		select {
		case line, open := <-lines:
			if !open {
				t.Fatal("the stream ended before the voucher")
			}
			var s proc.Status
			if err := json.Unmarshal([]byte(line), &s); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if s.Voucher != nil {
				return
			}
		case <-deadline:
			t.Fatalf("no voucher within %s", limit)
		}
	}
}

func TestWebhookAtOnePageAtTheOther(t *testing.T) {
	w, a, b := two(t)
	path, code := order(t, a, 1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	lines, err := b.Stream(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	pay(t, w, code)
	until(t, lines, 10*time.Second)
}

func TestEitherReplicaMayDie(t *testing.T) {
	for _, which := range []string{"the one that took the webhook", "the one with the page"} {
		t.Run(which, func(t *testing.T) {
			w, a, b := two(t)
			path, code := order(t, b, 1)
			w.Routers["kopi-1"].SetFaults(routerossim.Faults{Down: true})
			pay(t, w, code)
			testenv.Eventually(t, 10*time.Second, func() (bool, string) {
				s, err := a.Status(path)
				return err == nil && s.Status == "paid", s.Status
			})
			dead, alive := a, b
			if strings.Contains(which, "page") {
				dead, alive = b, a
			}
			dead.Kill()
			w.Routers["kopi-1"].SetFaults(routerossim.Faults{})
			testenv.Eventually(t, 30*time.Second, func() (bool, string) {
				s, err := alive.Status(path)
				return err == nil && s.Voucher != nil, s.Status
			})
		})
	}
}

func TestBothStartAtOnceAndShareTheWork(t *testing.T) {
	w, a, b := two(t)
	const n = 60
	paths := make([]string, n)
	for i := range n {
		p := a
		if i%2 == 1 {
			p = b
		}
		var code string
		paths[i], code = order(t, p, i)
		pay(t, w, code)
	}
	for _, path := range paths {
		testenv.Eventually(t, 30*time.Second, func() (bool, string) {
			s, err := b.Status(path)
			return err == nil && s.Voucher != nil, s.Status
		})
	}
	a.Stop()
	b.Stop()
	w.Store(func(s *store.Store) {
		if _, err := s.VerifyAudit(context.Background()); err != nil {
			t.Error(err)
		}
	})
	users := 0
	for _, row := range w.Routers["kopi-1"].Rows("ip/hotspot/user") {
		if strings.Contains(row["comment"], "gerai.") {
			users++
		}
	}
	if users != n {
		t.Errorf("%d users for %d orders", users, n)
	}
}
