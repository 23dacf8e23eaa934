package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// patience is how long a customer waits for anything, and for all of it together.
const patience = 30 * time.Second

// addresses is how many addresses of this machine the customers come from, as behind as many hotspots: what one address may hold of
// connections and streams is bounded.
const addresses = 200

var dialled atomic.Int64

// phones asks as phones do: from many addresses, on kept connections, for packed pages, which are not unpacked here.
var phones = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{MaxIdleConnsPerHost: 1024, DisableCompression: true, IdleConnTimeout: 30 * time.Second,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			from := net.IPv4(127, 0, 1, byte(1+dialled.Add(1)%addresses))
			return (&net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}).DialContext(ctx, network, address)
		}}}

// errRefused: the shop said that it is too busy for another order, which costs the customer nothing.
var errRefused = errors.New("refused")

// sale is what became of one customer.
type sale struct {
	err     error
	due     time.Time     // when the customer was meant to come
	ordered time.Duration // from then to the page with its code
	paid    time.Time
	shown   time.Duration // from the payment to the voucher on the open page
}

// buy is one customer with a phone: the page of plans, the order, its page, its code, the event stream that the page opens, the payment
// as soon as the code is there, and the page once more when the stream tells about the voucher.
func (s *stage) buy(site int, due time.Time) (x sale) {
	x.due = due
	ctx, cancel := context.WithDeadline(context.Background(), due.Add(patience))
	defer cancel()
	if _, x.err = ask(ctx, http.MethodGet, s.Shop+"/h/"+s.sites[site], nil, http.StatusOK); x.err != nil {
		return x
	}
	var path string
	if path, x.err = s.place(ctx, site); x.err != nil {
		return x
	}
	if _, x.err = ask(ctx, http.MethodGet, s.Shop+path, nil, http.StatusOK); x.err != nil {
		return x
	}
	news := s.watch(ctx, path)
	if x.err = untilOK(ctx, s.Shop+path+"/qr.png"); x.err != nil {
		return x
	}
	x.ordered = time.Since(due)
	first, ok := <-news
	if !ok {
		x.err = errors.New("the page tells nothing")
		return x
	}
	x.paid = time.Now()
	if x.err = s.pay(first.Order); x.err != nil {
		return x
	}
	for n := range news {
		if n.Voucher == nil {
			continue
		}
		x.shown = time.Since(x.paid)
		_, x.err = ask(ctx, http.MethodGet, s.Shop+path, nil, http.StatusOK)
		return x
	}
	x.err = errors.New("no voucher in time")
	return x
}

// place sends the form of the page of plans and returns the path of the order's page.
func (s *stage) place(ctx context.Context, site int) (path string, err error) {
	form := url.Values{"plan": {s.plans[site]}, "method": {"qris"}, "nonce": {fmt.Sprintf("bench-nonce-%d-%d", os.Getpid(), nonces.Add(1))}}
	return ask(ctx, http.MethodPost, s.Shop+"/h/"+s.sites[site]+"/orders", form, http.StatusSeeOther)
}

// ask makes one request and returns the address that the answer leads to.
func ask(ctx context.Context, method, to string, form url.Values, want int) (location string, err error) {
	res, err := request(ctx, method, to, form)
	if err != nil {
		return "", fmt.Errorf("%s: %w", method, reason(err))
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body) // its size is measured elsewhere
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w", method, reason(err))
	case res.StatusCode == http.StatusServiceUnavailable:
		return "", errRefused
	case res.StatusCode != want:
		return "", fmt.Errorf("%s: %s", method, res.Status)
	}
	return res.Header.Get("Location"), nil
}

// reason leaves out what differs from one request to the next, so that reasons can be counted.
func reason(err error) error {
	if os.IsTimeout(err) || errors.Is(err, context.DeadlineExceeded) {
		return errors.New("no answer in time")
	}
	for e := err; ; e = errors.Unwrap(e) {
		if errors.Unwrap(e) == nil {
			return e
		}
	}
}

func request(ctx context.Context, method, to string, form url.Values) (*http.Response, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, to, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return phones.Do(req)
}

// untilOK asks again while the picture is not there yet.
func untilOK(ctx context.Context, to string) error {
	for {
		_, err := ask(ctx, http.MethodGet, to, nil, http.StatusOK)
		if err == nil || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(250 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// pagePoll is how often an open page without a stream asks in its first minute (templates/assets/shop.js).
const pagePoll = 3 * time.Second

// watch follows an order as its open page does: by its event stream, and by asking where it gets none.
func (s *stage) watch(ctx context.Context, path string) <-chan status {
	news := make(chan status, 8)
	go func() {
		defer close(news)
		for ctx.Err() == nil {
			if s.stream(ctx, path, news) {
				return
			}
			if x, err := s.look(ctx, path); err == nil && told(ctx, news, x) {
				return
			}
			select {
			case <-time.After(pagePoll):
			case <-ctx.Done():
			}
		}
	}()
	return news
}

// told passes a status on; done when it was the last one that is waited for.
func told(ctx context.Context, news chan<- status, x status) (done bool) {
	select {
	case news <- x:
	case <-ctx.Done():
	}
	return x.Voucher != nil || ctx.Err() != nil
}

var dataField = []byte("data: ")

// stream follows the event stream until it has told about the voucher.
func (s *stage) stream(ctx context.Context, path string, news chan<- status) (done bool) {
	res, err := request(ctx, http.MethodGet, s.Shop+path+"/events", nil)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return false
	}
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		data, found := bytes.CutPrefix(lines.Bytes(), dataField)
		if !found {
			continue
		}
		var x status
		if json.Unmarshal(data, &x) == nil && told(ctx, news, x) {
			return true
		}
	}
	return false
}

// look asks for the status once.
func (s *stage) look(ctx context.Context, path string) (x status, err error) {
	res, err := request(ctx, http.MethodGet, s.Shop+path+"/status", nil)
	if err != nil {
		return x, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return x, errors.New(res.Status)
	}
	return x, json.NewDecoder(res.Body).Decode(&x)
}
