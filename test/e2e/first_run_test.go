package e2e

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // of RFC 6238
	"encoding/base32"
	endian "encoding/binary"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gerai/internal/secret"
	"gerai/internal/testenv"
)

// emptyShop starts the product on an empty database, without keys of a gateway, and returns it with the
// link that it printed.
func emptyShop(t *testing.T) (*demo, string) {
	t.Helper()
	dir := t.TempDir()
	if err := testenv.Build(context.Background(), dir, "gerai/cmd/gerai"); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(dir, "gerai"), "serve")
	cmd.Env = append(os.Environ(), "GERAI_ADDR="+addr, "GERAI_BASE_URL=http://"+addr, "GERAI_DATABASE=sqlite:"+filepath.Join(dir, "gerai.db"), "GERAI_SECRET_KEY="+secret.Generate(), "GERAI_LOG_LEVEL=error")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // what it serves is gone with it
		_ = cmd.Wait()
	})
	links := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(said)
		for lines.Scan() {
			if _, path, found := strings.Cut(lines.Text(), "http://"+addr); found && len(links) == 0 {
				links <- strings.Fields(path)[0]
			}
		}
	}()
	select {
	case link := <-links:
		return &demo{Shop: "http://" + addr}, link
	case <-time.After(patience):
		t.Fatal("the first start prints no link")
		return nil, ""
	}
}

// codeOf is the code of an authenticator app at this moment.
func codeOf(t *testing.T, secretText string) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(strings.TrimSpace(secretText), " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	h := hmac.New(sha1.New, key)
	if err := endian.Write(h, endian.BigEndian, time.Now().Unix()/30); err != nil {
		t.Fatal(err)
	}
	sum := h.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", endian.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

// TestFirstRunInTheBrowser walks from the link that the first start prints to the first sold voucher, on a
// phone, by the guided page alone. What it costs is in docs/sop/admin.md.
func TestFirstRunInTheBrowser(t *testing.T) {
	t.Parallel()
	routers := own(t).API
	d, link := emptyShop(t)
	p := newPhone(t, d, modern)
	taps := 0
	follow := func(selector string) {
		t.Helper()
		taps++
		if status := p.follow(selector); status >= 400 {
			p.picture("first-run-refused")
			t.Fatalf("%s: %d at %s: %s", selector, status, p.at(), p.read("main"))
		}
	}
	fields := 0
	write := func(selector, text string) {
		t.Helper()
		fields++
		p.fill(selector, text)
	}
	p.open("/")
	if !p.sees("a[href='/admin/setup']") {
		t.Error("the front page of an empty shop does not lead to its setup")
	}
	p.open(link)
	write("#name", "ani")
	write("#new", "kopi manis pagi hari")
	write("#again", "kopi manis pagi hari")
	follow("main form .btn")
	follow("a[href='/admin/account/second/app']")
	write("#code", codeOf(t, eval[string](p, `document.querySelector("details .mono").textContent`)))
	follow("main form .btn")
	follow("a[href='/admin']")
	p.picture("first-run-1-empty")
	p.fits("the guided page of an empty shop", 360)
	write("#site-name", "Kopi Pojok")
	follow("#site form .btn")
	p.picture("first-run-2-router")
	follow("#router a.btn")
	write("#name", "Pojok")
	write("#address", routers[0].Addr)
	write("#user", routers[0].User)
	write("#password", routers[0].Password)
	follow("button[value=save]")
	p.picture("first-run-3-router-saved")
	follow("main .note a[href='/admin/setup']")
	p.picture("first-run-4-plan")
	write("#plan-name", "1 Hari")
	write("#plan-price", "5000")
	follow("#plan form .btn")
	follow("#trial form .btn")
	p.picture("first-run-5-tried")
	follow("#sale a.btn")
	follow("form[action='/admin/shift/open'] .btn")
	follow("#sell .btn")
	p.waits("#sold:not([hx-get]) .receipt", 30*time.Second) // the router has it
	p.picture("first-run-6-sold")
	p.open("/admin/setup")
	p.fits("the guided page of a shop that has sold", 360)
	if said := p.read("main"); !strings.Contains(said, "Toko siap") {
		t.Error(said)
	}
	t.Logf("%d taps, %d fields", taps, fields)
}
