package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"testing"
	"time"
)

// wire is what one page weighs: status line, headers and packed body.
func wire(t testing.TB, url string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := client.Transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	head, err := httputil.DumpResponse(res, false)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return len(head) + len(body)
}

func bytesOnTheWire(t *testing.T, p *page, _ engine) {
	d := start(t, anyPorts...)
	path, _, err := d.order()
	if err != nil {
		t.Fatal(err)
	}
	plan, pay, qr := wire(t, d.Shop+"/h/kopi-pojok"), wire(t, d.Shop+path), wire(t, d.Shop+path+"/qr.png?plain=1")
	p.row("plan page, bytes on the wire", "<= 14,000", fmt.Sprint(plan), "-", "headers and packed body; styles inlined, so one critical request")
	p.row("order page, bytes on the wire", "<= 14,000", fmt.Sprintf("%d + %d for the QR picture", pay, qr), "-", "the same")
}

// answerOf is the shop's answer as it comes over the wire, packed or not.
func answerOf(t *testing.T, url, encoding string) answer {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", encoding)
	res, err := client.Transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(url, res.Status, err)
	}
	return answer{res.Header, body}
}

// sold is an order whose voucher is on its page.
func (s *stage) sold() (path, code string) {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	path, err := s.place(ctx, 0)
	if err == nil {
		var x status
		x, err = s.look(ctx, path)
		code = x.Order
	}
	if err == nil {
		if err = s.pay(code); err == nil {
			_, err = s.voucher(path, 10*time.Millisecond, 10*time.Second)
		}
	}
	if err != nil {
		s.Fatal(err)
	}
	return path, code
}

// pagesPerSecond compares the two pages that customers see with controls that send the same bytes.
func pagesPerSecond(t *testing.T, p *page, e engine) {
	s := setStage(t, e, staged{})
	path, code := s.sold()
	plan, own := s.Shop+"/h/"+s.sites[0], s.Shop+path
	if !e.shared { // the page of plans is kept in memory: no engine is asked
		var bare served
		pid := accompany(t, "fiber", answerOf(t, plan, "gzip"), &bare)
		s.compare(p, "plan page per second (kept, packed once)", ">= 0.6x", plan, bare.URL, pid, "bare Fiber that serves the same headers and the same packed bytes from memory; the shop gives each answer a nonce of its own")
	}
	var bare served
	pid := accompany(t, "order page", readAndRender{Database: s.database, Code: code, Page: answerOf(t, own, "identity")}, &bare)
	s.compare(p, "order page per second, "+e.name, ">= 1x, p99 <= 40 ms at 64 connections", own, bare.URL, pid, "net/http that reads the same order by one prepared statement from the same database, renders the same bytes with html/template and packs them at the same level")
}

// compare measures a page and its control in turns, with 16 connections for the rate and 64 for the slow answers.
func (s *stage) compare(p *page, what, budget, url, control string, controlPID int, how string) {
	s.Helper()
	// The shop packs its page in parts, around the nonce of each answer, which takes some more bytes than packing it whole.
	if shop, bare := wire(s, url), wire(s, control); max(shop, bare)-min(shop, bare) > shop/10 {
		s.Errorf("%s: the shop sends %d bytes, its control %d", what, shop, bare)
	}
	var rate, bareRate, cost, bareCost []float64
	for range 3 {
		r, c := pageCost(s, s.shopPID, url, p.hammer)
		rate, cost = append(rate, r), append(cost, c)
		r, c = pageCost(s, controlPID, control, p.hammer)
		bareRate, bareCost = append(bareRate, r), append(bareCost, c)
	}
	m, k := median(rate), median(bareRate)
	slow, slowBare := hammer(url, 64, p.hammer), hammer(control, 64, p.hammer)
	p.row(what, budget, fmt.Sprintf("%.2fx: %.0f; p99 %s at 64 connections; %.0f µs of CPU a page", m/k, m, short(slow.took.at(.99)), median(cost)),
		fmt.Sprintf("%.0f; p99 %s; %.0f µs", k, short(slowBare.took.at(.99)), median(bareCost)), how)
}

// pageCost is the rate at which a server answers 16 connections, and the processor time in microseconds that one answer takes it.
func pageCost(t testing.TB, pid int, url string, span time.Duration) (rate, micros float64) {
	t.Helper()
	before, err := processTime(pid)
	if err != nil {
		t.Fatal(err)
	}
	h := hammer(url, 16, span)
	after, err := processTime(pid)
	if err != nil {
		t.Fatal(err)
	}
	if len(h.took) == 0 {
		t.Fatal(url, " has no good answer")
	}
	return h.rate, float64((after - before).Microseconds()) / float64(len(h.took))
}
