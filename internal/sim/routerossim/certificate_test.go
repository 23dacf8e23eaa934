package routerossim

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"strings"
	"testing"
)

// servedPrint is the fingerprint that api-ssl shows, "" when it has none to show.
func servedPrint(t *testing.T, r *Router) string {
	t.Helper()
	conn, err := tls.Dial("tcp", r.TLSAddr(), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		return ""
	}
	defer conn.Close()
	sum := sha256.Sum256(conn.ConnectionState().PeerCertificates[0].Raw)
	return hex.EncodeToString(sum[:])
}

// What /ip/service names is what api-ssl serves, also after a restart.
func TestCertificates(t *testing.T) {
	state := t.TempDir() + "/state"
	r := start(t, Options{TLSAddr: "127.0.0.1:0", StateFile: state})
	c := dial(t, r)
	old := servedPrint(t, r)
	want(t, old, r.Fingerprint())
	c.refused("input does not match any value of certificate", "/ip/service/set", "=.id=api-ssl", "=certificate=gerai-api")
	c.ok("/certificate/add", "=name=gerai-api", "=common-name=gerai", "=days-valid=10")
	want(t, r.find("certificate", "name", "gerai-api")["fingerprint"], "")
	c.ok("/ip/service/set", "=.id=api-ssl", "=certificate=gerai-api")
	want(t, servedPrint(t, r), "")
	c.ok("/certificate/sign", "=.id=gerai-api")
	c.refused("failure: already signed", "/certificate/sign", "=.id=gerai-api")
	row := r.find("certificate", "name", "gerai-api")
	if row["fingerprint"] == old || row["issuer"] != "CN=gerai" || !strings.HasPrefix(row["expires-after"], "1w2d") && row["expires-after"] != "1w3d" {
		t.Fatal(row)
	}
	want(t, servedPrint(t, r), row["fingerprint"])
	c.ok("/certificate/add", "=name=leaf", "=common-name=shop")
	c.ok("/certificate/sign", "=.id=leaf", "=ca=gerai-api")
	want(t, r.find("certificate", "name", "leaf")["ca"]+r.find("certificate", "name", "leaf")["issuer"], "gerai-apiCN=gerai")
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r = start(t, Options{TLSAddr: "127.0.0.1:0", StateFile: state})
	want(t, servedPrint(t, r), row["fingerprint"])
	c = dial(t, r)
	c.ok("/ip/service/set", "=.id=api-ssl", "=certificate=none")
	c.ok("/certificate/remove", "=.id=api-ssl")
	want(t, servedPrint(t, r), "")
}
