package routerossim

import (
	"bufio"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"testing"
	"time"
)

func TestChallengeVector(t *testing.T) {
	// From the login test of go-routeros.
	want(t, challengeResponse("passTest", "abc123"), "0021277bff9ac7caf06aa608e46616d47f")
}

func TestLogin(t *testing.T) {
	r := start(t, Options{})
	c := dialRaw(t, r)
	c.refused(msgBadLogin, "/login", "=name=admin", "=password=wrong")
	c.refused(msgBadLogin, "/login", "=name=nobody", "=password=secret")
	c.refused(msgBadLogin, "/login") // bare: an old client meets a new router
	a := c.ok("/login", "=name=admin", "=password=secret")
	if len(a) != 1 || len(a[0]) != 1 {
		t.Fatalf("%v", a)
	}
	c.ok("/login", "=name=admin", "=password=secret", ".tag=again") // Mikhmon logs in twice
	want(t, len(c.ok("/system/identity/print").rows()), 1)
	if u := r.find("user", "name", "admin"); u["last-logged-in"] == "" || u["password"] != "" {
		t.Fatalf("%v", u)
	}
}

func TestOldLogin(t *testing.T) {
	r := start(t, Options{Version: "6.49", OldLogin: true})
	c := dialRaw(t, r)
	challenge := c.ok("/login", "=name=admin", "=password=secret").ret()
	want(t, len(challenge), 32)
	if again := c.ok("/login").ret(); again == challenge {
		t.Fatal("the same challenge twice")
	} else {
		challenge = again
	}
	c.refused("cannot log in", "/login", "=name=admin", "=response=00"+challenge)
	c.refused("cannot log in", "/login", "=name=admin", "=response="+challengeResponse("secret", challenge)) // a challenge serves once
	challenge = c.ok("/login").ret()
	c.ok("/login", "=name=admin", "=response="+challengeResponse("secret", challenge))
	c.ok("/system/identity/print")
	if _, err := New(Options{Version: "7.16", OldLogin: true}); err == nil {
		t.Fatal("version 7 has no old login")
	}
}

func TestFatal(t *testing.T) {
	r := start(t, Options{})
	c := dialRaw(t, r)
	a := c.do("/system/identity/print", ".tag=1")
	wantList(t, a[0], "!fatal", ".tag=1", "not logged in")
	c.closed()
	c = dial(t, r)
	wantList(t, c.do("/quit")[0], "!fatal", "session terminated on request")
	c.closed()
}

func TestClientHalfClose(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	c.send("/ip/hotspot/user/add", "=name=late")
	if err := c.conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	want(t, c.next()[0], "!done")
	c.closed()
	if r.find(userPath, "name", "late") == nil {
		t.Fatal("a command sent before the end was not executed")
	}
}

func TestLimitsBeforeLogin(t *testing.T) {
	r := start(t, Options{})
	for name, wire := range map[string][]byte{"long word": {0xF0, 0x10, 0, 0, 0}, "reserved": {0xFB}, "5000 bytes": {0x93, 0x88}} {
		c := dialRaw(t, r)
		if _, err := c.conn.Write(wire); err != nil {
			t.Fatal(name, err)
		}
		c.closed()
	}
	c := dial(t, r)
	big := make([]byte, 50000)
	c.refused("unknown parameter x", "/ip/hotspot/user/add", "=x="+string(big)) // allowed once logged in
	if _, err := c.conn.Write([]byte{0}); err != nil {
		t.Fatal(err)
	}
	c.ok("/system/identity/print") // an empty sentence is ignored
}

func TestSessionLimit(t *testing.T) {
	r := start(t, Options{})
	var first *client
	for range sessionLimit {
		c := dial(t, r)
		if first == nil {
			first = c
		}
	}
	r.turnsAway(t)
	first.conn.Close()
	eventually(t, "a place is free", func() bool { return r.status().Connections < sessionLimit })
	c := dial(t, r)
	c.ok("/ip/service/set", "=numbers=api", "=max-sessions=3")
	r.turnsAway(t)
}

func TestServiceAndAccountAddresses(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	c.ok("/user/add", "=name=far", "=password=p", "=group=full", "=address=10.0.0.0/8")
	c.ok("/user/add", "=name=near", "=password=p", "=group=full", "=address=10.0.0.0/8,127.0.0.1")
	c.ok("/user/add", "=name=off", "=password=p", "=group=full", "=disabled=yes")
	for name, text := range map[string]string{"far": msgBadLogin, "near": "", "off": msgBadLogin} {
		want(t, dialRaw(t, r).do("/login", "=name="+name, "=password=p").trap(), text)
	}
	c.ok("/ip/service/set", "=.id=api", "=address=192.0.2.0/24")
	r.turnsAway(t)
	c.ok("/ip/service/set", "=.id=api", "=address=", "=disabled=yes")
	r.turnsAway(t)
}

func TestPolicies(t *testing.T) {
	r := start(t, Options{})
	r.AddUser("reader", "p", "read")
	r.AddUser("writer", "p", "write")
	r.AddUser("nobody", "p", "none")
	admin := dial(t, r)
	admin.ok("/user/group/add", "=name=shop", "=policy=api,read,write,test,!sensitive")
	g := r.find("user/group", "name", "shop")
	want(t, g["policy"], "read,write,test,api,!local,!telnet,!ssh,!ftp,!reboot,!policy,!winbox,!password,!web,!sniff,!sensitive,!romon,!rest-api")
	r.AddUser("shop", "p", "shop")
	admin.ok("/ip/hotspot/user/add", "=name=v", "=password=hush")
	login := func(name string) *client {
		c := dialRaw(t, r)
		c.ok("/login", "=name="+name, "=password=p")
		return c
	}
	want(t, dialRaw(t, r).do("/login", "=name=nobody", "=password=p").trap(), msgBadLogin) // no api policy
	c := login("reader")
	c.refused(msgNoPermission, "/ip/hotspot/user/add", "=name=x")
	want(t, c.ok("/ip/hotspot/user/print", "?name=v").rows()[0]["password"], "hush")
	c = login("writer")
	c.ok("/ip/hotspot/user/add", "=name=x")
	c.refused(msgNoPermission, "/user/add", "=name=y", "=group=full")
	c = login("shop")
	c.ok("/ip/hotspot/user/add", "=name=z")
	want(t, c.ok("/ip/hotspot/user/print", "?name=v").rows()[0]["password"], "*****")
	want(t, c.ok("/ip/hotspot/user/get", "=.id=v", "=value-name=password").ret(), "*****")
	c.refused(msgNoPermission, "/system/reboot")
	admin.ok("/user/group/set", "=numbers=shop", "=policy=api,read")
	c.refused(msgNoPermission, "/ip/hotspot/user/remove", "=.id=z") // open connections obey at once
	admin.refused("input does not match any value of policy", "/user/group/set", "=numbers=shop", "=policy=fly")
}

func TestHideSensitive(t *testing.T) {
	for _, v := range []struct {
		version string
		hide    bool
		plain   string
	}{{"7.22", true, "*****"}, {"7.22", false, "hush"}, {"7.16", true, "hush"}} {
		r := start(t, Options{Version: v.version, HideSensitive: v.hide})
		c := dial(t, r)
		c.ok("/ip/hotspot/user/add", "=name=v", "=password=hush")
		want(t, c.ok("/ip/hotspot/user/print", "?name=v").rows()[0]["password"], v.plain)
		a := c.do("/ip/hotspot/user/print", "?name=v", "=show-sensitive=")
		if v.version == "7.16" {
			want(t, a.trap(), "unknown parameter show-sensitive")
		} else {
			want(t, a.rows()[0]["password"], "hush")
		}
	}
}

func TestBadLoginDelay(t *testing.T) {
	r := start(t, Options{BadLoginDelay: 60 * time.Millisecond})
	c := dialRaw(t, r)
	began := time.Now()
	c.refused(msgBadLogin, "/login", "=name=admin", "=password=x")
	if took := time.Since(began); took < 60*time.Millisecond {
		t.Fatalf("answered after %v", took)
	}
}

func TestTLS(t *testing.T) {
	r := start(t, Options{TLSAddr: "127.0.0.1:0"})
	conn, err := tls.Dial("tcp", r.TLSAddr(), &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error {
		sum := sha256.Sum256(s.PeerCertificates[0].Raw)
		want(t, hex.EncodeToString(sum[:]), r.Fingerprint())
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	c := &client{t, conn, bufio.NewReader(conn)}
	c.ok("/login", "=name=admin", "=password=secret")
	want(t, c.ok("/certificate/print").rows()[0]["fingerprint"], r.Fingerprint())
}
