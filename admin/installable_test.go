package admin

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gerai/templates"
)

// The panel can be installed by people who are not signed in, and what the browser keeps of
// it is one page without anything of the shop, its sheet and its picture.
func TestPanelIsInstallable(t *testing.T) {
	p := open(t)
	b := p.browser()
	to := b.get("/admin/login").page(http.StatusOK).Find("link[rel=manifest]").AttrOr("href", "")
	a := b.get(to)
	var manifest struct {
		Name  string
		Start string `json:"start_url"`
		Icons []struct{ Src string }
	}
	if err := json.Unmarshal(a.body, &manifest); err != nil || manifest.Name == "" || manifest.Start != "/admin" || len(manifest.Icons) == 0 || a.Header.Get("Content-Type") != "application/manifest+json" {
		t.Fatalf("%s %v: %s", a.Header.Get("Content-Type"), err, a.body)
	}
	isAsset := func(path string) bool {
		return slices.ContainsFunc(templates.Assets(), func(x templates.Asset) bool { return x.Path == path })
	}
	if !isAsset(manifest.Icons[0].Src) {
		t.Errorf("no icon at %s", manifest.Icons[0].Src)
	}
	worker := b.get("/admin/sw.js")
	kept := regexp.MustCompile(`FILES = \[PAGE, "([^"]+)", "([^"]+)"\];`).FindSubmatch(worker.body)
	if worker.StatusCode != http.StatusOK || kept == nil || !isAsset(string(kept[1])) || !isAsset(string(kept[2])) {
		t.Fatalf("%d %s", worker.StatusCode, worker.body)
	}
	// The panel's first page is /admin, outside of what the worker's own address covers.
	if worker.Header.Get("Service-Worker-Allowed") != "/admin" || !slices.ContainsFunc(templates.Assets(), func(x templates.Asset) bool {
		return bytes.Contains(x.Body, []byte(`register("/admin/sw.js", {scope: "/admin"})`))
	}) {
		t.Error("the worker does not cover the panel's first page:", worker.Header)
	}
	doc := b.get("/admin/offline").page(http.StatusOK)
	if doc.Find("form, .menu, .who").Length() != 0 || !strings.Contains(text(doc.Find("main")), "koneksi") {
		t.Error(text(doc.Find("body")))
	}
}
