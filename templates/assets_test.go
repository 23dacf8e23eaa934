package templates

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"testing"

	"gerai/internal/catalog"
)

func zipped(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

func TestAssetBudgets(t *testing.T) {
	if n := len(NewTheme(catalog.DefaultBrand).Style); n > 6<<10 {
		t.Errorf("the inlined sheet has %d bytes, at most %d", n, 6<<10)
	}
	if n := zipped(t, scriptSource); n > 3<<10 {
		t.Errorf("the script has %d bytes zipped, at most %d", n, 3<<10)
	}
}

func TestAssetsAreCleanAndNamedByContent(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range Assets() {
		if seen[a.Path] || !strings.HasPrefix(a.Path, "/assets/") || len(a.Body) == 0 || a.Type == "" {
			t.Errorf("%+v", a.Path)
		}
		seen[a.Path] = true
		if again := newAsset("shop", "js", a.Type, append([]byte("x"), a.Body...)); again.Path == a.Path {
			t.Errorf("%s does not change with its content", a.Path)
		}
		if found := banned.Find(a.Body); found != nil && a.Type != "image/svg+xml" && !slices.ContainsFunc(panelAssets, func(p Asset) bool { return p.Path == a.Path }) {
			t.Errorf("%s: banned %s", a.Path, found)
		}
	}
	if found := banned.FindString(sheet); found != "" {
		t.Errorf("sheet: banned %s", found)
	}
}

func TestSheetReachesThePageAsHashed(t *testing.T) {
	theme := NewTheme(catalog.Brand{Name: "x", Color: "#aa3300"})
	html, err := Render(ErrorPage{Base: Base{Lang: Indonesian, Theme: theme}, Code: 404})
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(html), "<style>")
	inlined, _, found := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(inlined))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !found || theme.StyleHash != want {
		t.Errorf("the browser would refuse the sheet: %s, want %s", theme.StyleHash, want)
	}
}

func TestSqueeze(t *testing.T) {
	if got := squeeze("/* x\ny */ a, b > c {\n color: red;\n margin: 0 auto;\n}\n"); got != "a,b>c{color:red;margin:0 auto}" {
		t.Errorf("%q", got)
	}
}

// TestPagesFitTheFirstFlight: a phone gets page and headers in one round trip.
func TestPagesFitTheFirstFlight(t *testing.T) {
	const headers = 1000 // generous; handlers measure the real ones
	for name, p := range samples(Indonesian) {
		html, err := Render(p)
		if err != nil {
			t.Fatal(err)
		}
		if n := zipped(t, html); n+headers > 14000 {
			t.Errorf("%s: %d bytes zipped", name, n)
		}
	}
	if _, err := gzip.NewReader(bytes.NewReader(nil)); err != io.EOF {
		t.Fatal(err)
	}
}
