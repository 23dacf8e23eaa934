package routerossim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"strconv"
	"time"
)

// seed gives a new router what a set-up hotspot router has.
func (r *Router) seed() {
	r.setNote("boot", r.now().UTC().Format(time.RFC3339Nano))
	r.ensureSingles()
	r.change(r.tables["system/identity"], r.tables["system/identity"].order[0], map[string]string{"name": r.o.Name})
	add := func(path string, pairs ...string) {
		f := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			f[pairs[i]] = pairs[i+1]
		}
		r.insert(path, "", f)
	}
	for i, name := range []string{"ether1", "ether2", "ether3", "ether4", "wlan1", "bridge"} {
		kind := map[string]string{"wlan1": "wlan", "bridge": "bridge"}[name]
		add("interface", "name", name, "default-name", name, "type", or(kind, "ether"), "mac-address",
			fmt.Sprintf("48:A9:8A:%02X:%02X:%02X", r.rand.UintN(256), r.rand.UintN(256), i), "last-link-up-time", unix(r.now()))
	}
	add("ip/address", "address", "10.5.50.1/24", "interface", "bridge", "comment", "hotspot network")
	add("ip/pool", "name", "hs-pool-1", "ranges", "10.5.50.2-10.5.50.254")
	for _, s := range []struct {
		name string
		port int
		off  string
	}{{"telnet", 23, "true"}, {"ftp", 21, "true"}, {"www", 80, ""}, {"ssh", 22, ""}, {"www-ssl", 443, "true"}, {"api", 8728, ""},
		{"winbox", 8291, ""}, {"api-ssl", 8729, ""}} {
		add("ip/service", "name", s.name, "port", strconv.Itoa(s.port))
		if s.off != "" {
			t := r.tables["ip/service"]
			r.change(t, t.first("name", s.name), map[string]string{"disabled": s.off})
		}
	}
	add("ip/hotspot/profile", "name", "default", "default", "true")
	add("ip/hotspot/profile", "name", "hsprof1", "hotspot-address", "10.5.50.1", "dns-name", "login.hotspot")
	add(profilePath, "name", "default", "default", "true")
	add("ip/hotspot", "name", "hotspot1", "interface", "bridge", "address-pool", "hs-pool-1", "profile", "hsprof1")
	add(userPath, "name", "default-trial", "default", "true", "comment", "counters and limits for trial users")
	add("ppp/profile", "name", "default", "default", "true")
	add("ppp/profile", "name", "default-encryption", "use-encryption", "yes", "default", "true")
	for _, name := range []string{"memory", "disk", "echo", "remote"} {
		add("system/logging/action", "name", name, "target", name, "default", "true")
	}
	for _, topic := range []string{"info", "error", "warning"} {
		add("system/logging", "topics", topic, "default", "true")
	}
	add("system/logging", "topics", "critical", "action", "echo", "default", "true")
	r.seedGroups()
	r.seedPages()
}

// ensureSingles gives menus without rows their one record.
func (r *Router) ensureSingles() {
	for _, path := range menuOrder {
		if menus[path].single && r.tables[path].len() == 0 {
			r.insert(path, "*0", map[string]string{})
		}
	}
}

func (r *Router) seedGroups() {
	most := "local,telnet,ssh,reboot,read,test,winbox,password,web,sniff,sensitive,api,romon"
	if r.ver.major == 7 {
		most += ",rest-api"
	}
	for _, g := range [][2]string{{"read", most}, {"write", most + ",write"}, {"full", most + ",write,ftp,policy"}} {
		policy, err := r.convertPolicy(menus["user/group"].byName["policy"], g[1])
		if err != nil {
			panic("routerossim: built-in group: " + err.Error())
		}
		r.insert("user/group", "", map[string]string{"name": g[0], "policy": policy})
	}
}

// ensureAccount makes Options' account exist with its present password.
func (r *Router) ensureAccount() {
	x := r.tables["user"].first("name", r.o.User)
	if x == nil {
		r.putAccount(r.o.User, r.o.Password, "full")
		r.change(r.tables["user"], r.tables["user"].first("name", r.o.User), map[string]string{"comment": "system default user"})
		return
	}
	if x.f["password"] != r.o.Password {
		r.change(r.tables["user"], x, map[string]string{"password": r.o.Password})
	}
}

// loadCertificate makes the api-ssl certificate, or takes it from the journal
// so that a pinned fingerprint outlives a restart.
func (r *Router) loadCertificate() error {
	if r.o.TLSAddr == "" {
		return nil
	}
	if r.notes["certificate"] == "" {
		if err := r.makeCertificate(); err != nil {
			return fmt.Errorf("routerossim: certificate: %w", err)
		}
	}
	cert, err := tls.X509KeyPair([]byte(r.notes["certificate"]), []byte(r.notes["key"]))
	if err != nil {
		return fmt.Errorf("routerossim: certificate: %w", err)
	}
	sum := sha256.Sum256(cert.Certificate[0])
	r.cert, r.print256 = cert, hex.EncodeToString(sum[:])
	if r.tables["certificate"].first("name", "api-ssl") == nil {
		r.insert("certificate", "", map[string]string{"name": "api-ssl", "common-name": r.o.Name, "fingerprint": r.print256,
			"invalid-before": unix(cert.Leaf.NotBefore), "invalid-after": unix(cert.Leaf.NotAfter), "trusted": "true"})
		t := r.tables["ip/service"]
		r.change(t, t.first("name", "api-ssl"), map[string]string{"certificate": "api-ssl", "tls-version": "only-1.2"})
	}
	return nil
}

func (r *Router) makeCertificate() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	from := r.now().Add(-time.Hour)
	t := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: r.o.Name}, NotBefore: from,
		NotAfter: from.AddDate(10, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return err
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	r.setNote("certificate", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	r.setNote("key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})))
	return nil
}
