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

func init() {
	define("certificate", "add set remove listen", `!name:str common-name:str country:str organization:str subject-alt-name:str
		key-size:str=2048 key-usage:str days-valid:num=365 trusted:bool=false digest-algorithm:str=sha256 -issuer:str -ca:str
		-fingerprint:str -serial-number:str -invalid-before:when -invalid-after:when -expires-after:dur -private-key:bool=false
		-authority:bool -expired:bool=false`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: certificate with the same name already exists"
		m.live = liveCertificate
		m.extra["sign"] = signCertificate
		m.after = func(r *Router, _ *row) { r.presentCertificate() }
	})
}

// loadCertificate gives a new router with api-ssl a certificate, once: who
// removes it has a router without one. It lies in its row, so that a pinned
// fingerprint outlives a restart.
func (r *Router) loadCertificate() error {
	if r.o.TLSAddr != "" && r.notes["certificate"] == "" {
		r.setNote("certificate", "made")
		x := r.insert("certificate", "", map[string]string{"name": "api-ssl", "common-name": r.o.Name, "days-valid": "3650", "trusted": "true"})
		if err := r.issue(x, nil); err != nil {
			return fmt.Errorf("routerossim: certificate: %w", err)
		}
		t := r.tables["ip/service"]
		r.change(t, t.first("name", "api-ssl"), map[string]string{"certificate": "api-ssl", "tls-version": "only-1.2"})
	}
	r.presentCertificate()
	return nil
}

// presentCertificate takes what /ip/service names into use, for connections to come. A
// service without a signed certificate offers anonymous ciphers only, which
// modern clients do not speak: here the handshake fails.
func (r *Router) presentCertificate() {
	r.cert, r.print256 = tls.Certificate{}, ""
	t := r.tables["ip/service"]
	service := t.first("name", "api-ssl")
	if service == nil {
		return
	}
	x := r.tables["certificate"].first("name", value(t, service, "certificate"))
	if x == nil || x.f["#cert"] == "" {
		return
	}
	if cert, err := tls.X509KeyPair([]byte(x.f["#cert"]), []byte(x.f["#key"])); err == nil {
		r.cert, r.print256 = cert, x.f["fingerprint"]
	}
}

// issue makes the key and signs a template; without an authority it signs itself. The key
// is elliptic whatever key-size says: RSA primes would take too long.
func (r *Router) issue(x, authority *row) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	days, _ := strconv.Atoi(value(r.tables["certificate"], x, "days-valid"))
	from := r.now().UTC().Truncate(time.Second)
	t := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: x.f["common-name"]}, NotBefore: from, NotAfter: from.AddDate(0, 0, days),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA: true, BasicConstraintsValid: true}
	parent, signer := t, any(key)
	if authority != nil {
		pair, err := tls.X509KeyPair([]byte(authority.f["#cert"]), []byte(authority.f["#key"]))
		if err != nil {
			return err
		}
		parent, signer = pair.Leaf, pair.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, &key.PublicKey, signer)
	if err != nil {
		return err
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(der)
	f := map[string]string{"#cert": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		"#key":        string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})),
		"fingerprint": hex.EncodeToString(sum[:]), "serial-number": fmt.Sprintf("%X", serial),
		"invalid-before": unix(t.NotBefore), "invalid-after": unix(t.NotAfter), "private-key": "true", "issuer": "CN=" + parent.Subject.CommonName}
	if authority != nil {
		f["ca"] = authority.f["name"]
	} else {
		f["authority"] = "true"
	}
	r.change(r.tables["certificate"], x, f)
	return nil
}

// signCertificate serves /certificate/sign.
func signCertificate(c *call) error {
	if err := c.only(".id", "numbers", "ca", "name", "ca-crl-host"); err != nil {
		return err
	}
	x, err := c.one()
	if err != nil {
		return err
	}
	if x.f["fingerprint"] != "" {
		return fail("failure: already signed")
	}
	var authority *row
	if name := c.args["ca"]; name != "" {
		if authority = c.t.find(name); authority == nil || authority.f["#key"] == "" {
			return noMatch("ca")
		}
	}
	if x.f["common-name"] == "" {
		return fail("failure: common name required")
	}
	if err := c.r.issue(x, authority); err != nil {
		return err
	}
	c.replies = []out{{word: "!re", attrs: []string{attr("progress", "done")}}}
	return nil
}

// liveCertificate tells how long a certificate still lasts.
func liveCertificate(r *Router, x *row, get map[string]string) {
	end, err := time.Parse(time.RFC3339, x.f["invalid-after"])
	if err != nil {
		return
	}
	left := end.Sub(r.now())
	get["expired"] = strconv.FormatBool(left <= 0)
	get["expires-after"] = formatDur(max(0, left).Truncate(time.Second))
}

// certificates is what the next TLS handshake offers; the caller holds the lock.
func (r *Router) certificates() []tls.Certificate {
	if r.print256 == "" {
		return nil
	}
	return []tls.Certificate{r.cert}
}
