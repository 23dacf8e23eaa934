package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gerai/internal/secret"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/testenv"
	"gerai/test/proc"
)

// The runbook's steps after a lost disk, with the program as it is: backup beside the shop,
// kill -9, restore, serve. What was sold and paid after the backup is there again, under
// the link that the customer has.
func TestLostDiskWithTheCommands(t *testing.T) {
	dir, programs, addr := t.TempDir(), t.TempDir(), proc.Reserve(t)
	if err := testenv.Build(t.Context(), programs, "gerai/cmd/gerai"); err != nil { // proc.Binary's folder goes with the test that asked first
		t.Fatal(err)
	}
	path := filepath.Join(programs, "gerai")
	sim, err := xenditsim.New(xenditsim.Options{APIKey: "xnd_development_abcdefghij", CallbackToken: "callback-token-0123456789", WebhookURL: "http://" + addr + "/webhooks/xendit"})
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(sim.Handler())
	t.Cleanup(func() { api.Close(); _ = sim.Close() })
	database, saved := filepath.Join(dir, "data", "gerai.db"), filepath.Join(dir, "saved")
	environ := append(os.Environ(), "GERAI_DATABASE=sqlite:"+database, "GERAI_SECRET_KEY="+secret.Generate(), "GERAI_BASE_URL=http://"+addr, "GERAI_ADDR="+addr, "GERAI_BACKUP_TO="+saved,
		"GERAI_XENDIT_KEY=xnd_development_abcdefghij", "GERAI_XENDIT_CALLBACK_TOKEN=callback-token-0123456789", "GERAI_XENDIT_URL="+api.URL, "GERAI_LOG_LEVEL=info", "LANG=en_US.UTF-8")
	tool := func(args ...string) string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c := exec.CommandContext(ctx, path, args...)
		c.Env, c.Dir = environ, dir
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", args, err, out)
		}
		return string(out)
	}
	buy := func(n int) (link string) {
		t.Helper()
		client := http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.PostForm("http://"+addr+"/h/toko/orders", url.Values{"plan": {"satu"}, "method": {"qris"}, "nonce": {fmt.Sprintf("%032x", n)}})
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return strings.TrimPrefix(res.Header.Get("Location"), "http://"+addr)
	}
	status := func(link string) (s struct{ Order, Status string }) {
		_ = json.Unmarshal([]byte(page(t, "http://"+addr+link+"/status")), &s) // while there is none it is empty
		return s
	}
	paid := func(link string) {
		t.Helper()
		testenv.Eventually(t, 30*time.Second, func() (bool, string) { s := status(link); return s.Status == "paid", fmt.Sprintf("%s is %+v", link, s) })
	}
	pay := func(link string) {
		t.Helper()
		code := strings.ReplaceAll(status(link).Order, "-", "")
		testenv.Eventually(t, 30*time.Second, func() (bool, string) {
			_, err := sim.Pay(xenditsim.PayIn{ReferenceID: code + "-1"})
			return err == nil, fmt.Sprint("not paid: ", err)
		})
	}
	if err := os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(shopFile), 0o600); err != nil {
		t.Fatal(err)
	}
	shop := serveReady(t, path, dir, addr, environ)
	tool("import", "catalogue", "shop.yaml")
	before := buy(1)
	pay(before)
	paid(before)
	var made struct{ Name string }
	if err := json.Unmarshal([]byte(tool("backup", "now", "--json")), &made); err != nil || made.Name == "" {
		t.Fatal(made, err)
	}
	since, later := buy(2), buy(3)
	pay(since)
	paid(since)
	code := status(later).Order
	if err := shop.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = shop.Wait()
	if err := os.RemoveAll(filepath.Dir(database)); err != nil {
		t.Fatal(err)
	}

	var restored struct {
		OK, Recovery bool
		Skipped      []struct{ Year, First, Last int } `json:"receipts_skipped"`
	}
	out := tool("restore", filepath.Join(saved, made.Name), "--database", "sqlite:"+database, "--json")
	if err := json.Unmarshal([]byte(out), &restored); err != nil || !restored.OK || !restored.Recovery || len(restored.Skipped) != 1 || restored.Skipped[0].First != 2 || restored.Skipped[0].Last != 2000 {
		t.Fatal(out, err)
	}
	serveReady(t, path, dir, addr, environ)
	paid(since) // found in the gateway's list
	if _, err := sim.Pay(xenditsim.PayIn{ReferenceID: strings.ReplaceAll(code, "-", "") + "-1"}); err != nil {
		t.Fatal(err)
	}
	paid(later) // a code from before the loss, paid now
	paid(before)
	if out := tool("backup", "list"); !strings.Contains(out, made.Name) {
		t.Error(out)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, path, "doctor")
	c.Env, c.Dir = environ, dir
	if said, _ := c.CombinedOutput(); !strings.Contains(string(said), made.Name) { // it fails: alerts are open
		t.Errorf("doctor says nothing of the recovery:\n%s", said)
	}
}
