package routerossim

import (
	"fmt"
	"strings"
	"testing"
)

// somewhere is where the walled garden tests point: two names share an address.
var somewhere = Internet{"shop.test": {IP: "203.0.113.7", Handler: says("shop")}, "cdn.shop.test": {Handler: says("cdn")},
	"twin.test": {IP: "203.0.113.7", Handler: says("twin")}, "bank.test": {IP: "203.0.113.9", Handler: says("bank")},
	"198.51.100.4": {Handler: says("bare")}}

func TestGardenByAddress(t *testing.T) {
	const web, tls = "http://shop.test/x", "shop.test:443"
	for _, v := range []struct {
		rows []string // arguments of walled-garden/ip/add, in order
		to   string
		pass bool
	}{
		{nil, web, false},
		{[]string{"=dst-host=shop.test"}, web, true},
		{[]string{"=dst-host=shop.test"}, tls, true},
		{[]string{"=dst-host=SHOP.test"}, tls, true},
		{[]string{"=dst-host=shop.test"}, "http://twin.test/", true}, // the same address: what an IP rule opens
		{[]string{"=dst-host=shop.test"}, "bank.test:443", false},
		{[]string{"=dst-host=*.shop.test"}, tls, false},
		{[]string{"=dst-host=*.shop.test"}, "cdn.shop.test:443", true},
		{[]string{"=dst-host=*shop.tes?"}, tls, true},
		{[]string{"=dst-host=shop.test =dst-port=443"}, web, false},
		{[]string{"=dst-host=shop.test =dst-port=443"}, tls, true},
		{[]string{"=dst-host=shop.test =protocol=tcp"}, tls, true},
		{[]string{"=dst-host=shop.test =protocol=udp"}, tls, false},
		{[]string{"=dst-host=shop.test =protocol=!udp"}, tls, true},
		{[]string{"=dst-host=shop.test =disabled=yes"}, tls, false},
		{[]string{"=dst-host=shop.test =server=hotspot1"}, tls, true},
		{[]string{"=dst-host=shop.test =server=hotspot2"}, tls, false},
		{[]string{"=dst-host=shop.test =src-address=10.5.50.0/24"}, tls, true},
		{[]string{"=dst-host=shop.test =src-address=!10.5.50.9"}, tls, false},
		{[]string{"=dst-host=shop.test =src-address-list=vip"}, tls, true},
		{[]string{"=dst-host=shop.test =src-address-list=paid"}, tls, false},
		{[]string{"=dst-address=203.0.113.7"}, tls, true},
		{[]string{"=dst-address=203.0.113.0/29"}, tls, true},
		{[]string{"=dst-address=203.0.113.0/29"}, "bank.test:443", false},
		{[]string{"=dst-address=!203.0.113.7"}, tls, false},
		{[]string{"=dst-address=198.51.100.4"}, "http://198.51.100.4/", true},
		{[]string{"=dst-address-list=paid"}, tls, true},             // an entry by name
		{[]string{"=dst-address-list=paid"}, "bank.test:443", true}, // by range
		{[]string{"=dst-address-list=paid"}, "http://198.51.100.4/", false},
		{[]string{"=dst-address-list=!paid"}, tls, false},
		{[]string{"=dst-address-list=off"}, tls, false},
		{[]string{"=action=reject =dst-host=shop.test", "=dst-host=shop.test"}, tls, false}, // the first decides
		{[]string{"=dst-host=shop.test", "=action=drop =dst-host=shop.test"}, tls, true},
		{[]string{"=action=drop =dst-host=shop.test"}, web, false},
		{[]string{""}, tls, true}, // a row without conditions opens everything
		{[]string{""}, "http://nowhere.test/", true},
	} {
		t.Run(fmt.Sprint(v.rows, v.to), func(t *testing.T) {
			r, c, _ := hotspot(t, Options{})
			c.ok("/ip/hotspot/add", "=name=hotspot2", "=interface=ether2")
			for _, e := range []string{"paid shop.test", "paid 203.0.113.9-203.0.113.12", "vip 10.5.50.0/28", "off 203.0.113.7"} {
				list, address, _ := strings.Cut(e, " ")
				c.ok("/ip/firewall/address-list/add", "=list="+list, "=address="+address, "=disabled="+yesNo(list == "off", "yes", "no"))
			}
			for _, words := range v.rows {
				c.ok(append([]string{"/ip/hotspot/walled-garden/ip/add"}, strings.Fields(words)...)...)
			}
			to := target{}
			if rest, ok := strings.CutPrefix(v.to, "http://"); ok {
				host, path, _ := strings.Cut(rest, "/")
				to = target{host, "80", "GET", "/" + path}
			} else {
				to.host, to.port = hostPort(v.to, "")
			}
			want(t, r.wayOf(phone, to, somewhere) == toWalledGarden, v.pass)
		})
	}
}

func TestGardenByName(t *testing.T) {
	for _, v := range []struct {
		rows string // of walled-garden, divided by ";"
		url  string
		hits string // of every row; a passing request answers 200
		pass bool
	}{
		{"=dst-host=shop.test", "http://shop.test/", "1", true},
		{"=dst-host=shop.test", "http://twin.test/", "0", false},
		{"=dst-host=*.test", "http://bank.test/", "1", true},
		{"=dst-host=?ank.test", "http://bank.test/", "1", true},
		{"=dst-host=bank", "http://bank.test/", "0", false}, // the whole string
		{"=dst-host=:^(bank|shop)\\.test$", "http://bank.test/", "1", true},
		{"=dst-host=:ank", "http://bank.test/", "1", true}, // an expression may be a part
		{"=dst-host=:(", "http://bank.test/", "0", false},
		{"=dst-host=shop.test =path=/pay/*", "http://shop.test/pay/7", "1", true},
		{"=dst-host=shop.test =path=pay/*", "http://shop.test/pay/7", "1", true},
		{"=dst-host=shop.test =path=/pay/*", "http://shop.test/admin", "0", false},
		{"=dst-host=shop.test =method=POST", "http://shop.test/", "0", false},
		{"=dst-host=shop.test =method=get", "http://shop.test/", "1", true},
		{"=dst-host=shop.test =dst-port=8000-8080", "http://shop.test:8080/", "1", true},
		{"=dst-host=shop.test", "http://shop.test:8000/", "0", false}, // the router's proxy never sees it
		{"=dst-host=shop.test =dst-port=80,443", "http://shop.test:8080/", "0", false},
		{"=action=deny =dst-host=shop.test;=dst-host=*", "http://shop.test/", "1 0", false},
		{"=action=deny =dst-host=shop.test;=dst-host=*", "http://bank.test/", "0 1", true},
		{"=dst-host=shop.test =disabled=yes", "http://shop.test/", "0", false},
		{"=dst-host=shop.test =src-address=10.9.0.0/16", "http://shop.test/", "0", false},
		{"=dst-host=shop.test =server=hotspot1", "http://shop.test/", "1", true},
	} {
		t.Run(v.rows+v.url, func(t *testing.T) {
			r, c, _ := hotspot(t, Options{})
			for words := range strings.SplitSeq(v.rows, ";") {
				c.ok(append([]string{"/ip/hotspot/walled-garden/add"}, strings.Fields(words)...)...)
			}
			b := browse(t, r, phone, somewhere)
			a := b.get(v.url)
			if v.pass != (a.status == 200) || !v.pass && a.status != 302 && a.status != 403 {
				t.Fatal(a.status, a.body)
			}
			var hits []string
			for _, row := range r.Rows(walledGardenPath) {
				hits = append(hits, row["hits"])
			}
			want(t, strings.Join(hits, " "), v.hits)
			want(t, b.tunnel("shop.test:443"), 403) // never for TLS
			if v.pass && numOf(r.Rows(hostPath)[0]["bytes-out"]) == 0 {
				t.Fatal("nothing was counted")
			}
		})
	}
}

// A name of the walled garden that does not exist fails as DNS does.
func TestGardenKnowsNoSuchHost(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	c.ok("/ip/hotspot/walled-garden/ip/add", "=dst-host=gone.test")
	c.ok("/ip/hotspot/walled-garden/add", "=dst-host=lost.test")
	c.ok("/ip/hotspot/walled-garden/add", "=dst-host=bank.test")
	c.ok("/ip/hotspot/walled-garden/ip/add", "=action=reject", "=dst-address=203.0.113.9")
	b := browse(t, r, phone, somewhere)
	want(t, b.get("http://bank.test/").status, 302) // refused by address, whatever its name
	want(t, b.get("http://gone.test/").status, 502)
	want(t, b.get("http://neither.test/").status, 302) // not the same nothing
	want(t, b.get("http://lost.test/").status, 502)
	want(t, b.tunnel("gone.test:443"), 502)
}
