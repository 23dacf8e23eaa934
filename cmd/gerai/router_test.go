package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
)

// shopWithRouter is an environment whose one router has never been set up.
func shopWithRouter(t *testing.T, version string) (map[string]string, *routerossim.Router) {
	t.Helper()
	sim, err := routerossim.New(routerossim.Options{Name: "jaya-1", User: "admin", Password: "very-secret-word", Version: version, Addr: "127.0.0.1:0", TLSAddr: "127.0.0.1:0"})
	if err == nil {
		err = sim.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, page := range []string{"login.html", "rlogin.html", "alogin.html", "status.html", "logout.html", "error.html", "errors.txt", "md5.js"} {
		sim.PutFile("hotspot/"+page, "stock")
	}
	env := world(t)
	env["GERAI_BASE_URL"] = "https://voucher.example.net"
	run(t, env, "", "migrate").want(t, 0)
	file := filepath.Join(t.TempDir(), "catalogue.yaml")
	text := strings.NewReplacer("127.0.0.1:1", sim.Addr(), "user: gerai", "user: admin").Replace(goodCatalogue)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, env, "", "import", "catalogue", file).want(t, 0)
	return env, sim
}

func TestRouterSetupCheckUndo(t *testing.T) {
	env, sim := shopWithRouter(t, "7.24.2")
	run(t, env, "", "router", "check", "jaya-1").want(t, exitSick, "WRONG API group gerai: missing.", "Run gerai router setup.")
	run(t, env, "", "router", "check", "jaya-1", "--lang", "id").want(t, exitSick, "SALAH Grup API gerai: tidak ada.")
	run(t, env, "", "router", "check", "jaya-1", "--lang", "indonesia").want(t, exitUsage, "must be id or en")
	run(t, env, "n\n", "router", "setup", "jaya-1", "--lang", "id").want(t, 0, "Terapkan ini ke jaya-1? [y/N]", "Tidak ada yang diubah.")
	setup := []string{"router", "setup", "jaya-1", "--tls-address", sim.TLSAddr()}
	for _, no := range []string{"", "n\n", "whatever\n"} {
		run(t, env, no, setup...).want(t, 0, "1. Make the API group gerai with api, read, write, test", "Add http-pap to hsprof1", "login-by: cookie,http-chap -> cookie,http-chap,http-pap", "Nothing was changed.")
	}
	if rows := sim.Rows("user"); len(rows) != 1 {
		t.Fatal("no is no:", rows)
	}
	o := run(t, env, "y\n", setup...)
	o.want(t, 0, "is set up. Changes made: ", "user: gerai", `fingerprint: "`+sim.Fingerprint()+`"`, sim.TLSAddr())
	if strings.Contains(o.text, "very-secret-word") {
		t.Error("it prints a password")
	}
	run(t, env, "", append(setup, "--yes")...).want(t, 0, "nothing to do")
	run(t, env, "", "router", "check", "jaya-1").want(t, 0, "note ")
	o = run(t, env, "", "router", "check", "jaya-1", "--json")
	var findings []struct{ ID, Severity, Text, Mend string }
	if err := json.Unmarshal([]byte(o.text), &findings); err != nil || len(findings) == 0 || findings[0].ID == "" || findings[0].Mend == "" {
		t.Error(err, o.text)
	}
	if err := sim.Command("/ip/hotspot/walled-garden/add", "=dst-host=captive.apple.com"); err != nil {
		t.Fatal(err)
	}
	run(t, env, "", "router", "check", "jaya-1").want(t, exitSick, "captive.apple.com", "Remove that row")
	run(t, env, "n\n", "router", "undo", "jaya-1").want(t, 0, "newest first", "Nothing was changed.")
	run(t, env, "", "router", "undo", "jaya-1", "--yes").want(t, 0, "taken back: Make the API group gerai", "jaya-1: taken back.")
	run(t, env, "", "router", "undo", "jaya-1", "--yes").want(t, exitFailed, "No setup is on record")
	if rows := sim.Rows("user"); len(rows) != 1 || rows[0]["name"] != "admin" {
		t.Error(rows)
	}
}

// The operator's account comes from standard input, before the answer.
func TestRouterSetupAsSomebodyElse(t *testing.T) {
	env, sim := shopWithRouter(t, "7.16")
	sim.AddUser("admin", "very-secret-word", "write")
	sim.AddUser("boss", "boss-word", "full")
	line := []string{"router", "setup", "jaya-1", "--tls-address", sim.TLSAddr()}
	run(t, env, "y\n", line...).want(t, exitConfig, "It stopped at: Make the API group", "the router is as it was", "--user")
	run(t, env, "wrong\ny\n", append(line, "--user", "boss")...).want(t, exitConfig, "refused the name or the password")
	o := run(t, env, "boss-word\ny\n", append(line, "--user", "boss")...)
	o.want(t, 0, "is set up")
	if strings.Contains(o.text, "boss-word") {
		t.Error("it prints a password")
	}
	run(t, env, "boss-word\n", "router", "undo", "jaya-1", "--yes", "--user", "boss").want(t, 0, "taken back.")
}

func TestRouterTroubleIsSaidHonestly(t *testing.T) {
	env, sim := shopWithRouter(t, "6.49")
	run(t, env, "", "router", "setup", "nobody").want(t, exitFailed, "no router of that name")
	run(t, env, "", "router", "setup", "jaya-1", "--tls-address", "here").want(t, exitUsage, "host:port")
	if err := sim.Command("/file/remove", "=.id=hotspot/alogin.html"); err != nil {
		t.Fatal(err)
	}
	run(t, env, "", "router", "setup", "jaya-1").want(t, exitSick, "before 7.9 cannot make files", "setup --no-pages", "Nothing was changed.")
	run(t, env, "", "router", "setup", "jaya-1", "--no-pages", "--yes", "--tls-address", sim.TLSAddr()).want(t, 0, "is set up")
	sim.SetFaults(routerossim.Faults{Down: true})
	run(t, env, "", "router", "check", "jaya-1").want(t, exitFailed, "does not answer")
	run(t, env, "", "router", "undo", "jaya-1", "--yes").want(t, exitFailed, "Changes still there: ", "does not answer")
	delete(env, "GERAI_BASE_URL")
	run(t, env, "", "router", "kit", "jaya-1").want(t, exitConfig, "GERAI_BASE_URL")
}

func TestRouterKitWritesFiles(t *testing.T) {
	env, _ := shopWithRouter(t, "7.16")
	dir := filepath.Join(t.TempDir(), "kit")
	run(t, env, "", "router", "kit", "jaya-1", "--out", dir).want(t, 0, "setup.rsc", filepath.Join("portal", "login.html"), "README.txt")
	for _, name := range []string{"README.txt", "setup.rsc", "portal/login.html", "portal/api.json"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 || info.Size() == 0 {
			t.Error(name, info, err)
		}
	}
	t.Chdir(t.TempDir())
	run(t, env, "", "router", "kit", "jaya-1").want(t, 0, filepath.Join("gerai-jaya-1", "setup.rsc"))
}

// Every command works beside a running shop.
func TestRouterBesideARunningShop(t *testing.T) {
	env, sim := shopWithRouter(t, "7.24.2")
	shop, err := store.Open(t.Context(), store.Options{Database: env["GERAI_DATABASE"]})
	if err != nil {
		t.Fatal(err)
	}
	defer shop.Close()
	run(t, env, "", "router", "check", "jaya-1").want(t, exitSick, "WRONG")
	run(t, env, "", "router", "kit", "jaya-1", "--out", t.TempDir()).want(t, 0, "README.txt")
	run(t, env, "", "router", "setup", "jaya-1", "--yes", "--tls-address", sim.TLSAddr()).want(t, 0, "is set up")
	run(t, env, "", "router", "undo", "jaya-1", "--yes").want(t, 0, "taken back")
}
