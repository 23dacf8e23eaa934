package templates

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// Kinds of files of sentences.
const (
	ofArea      = "area"         // one word for an area in every layer
	storedCodes = "stored codes" // keys completed by codes that databases, scripts or people hold
	shared      = "shared"
)

// families are the files of sentences, which are also the first parts of all keys.
var families = func() map[string]string {
	out := map[string]string{}
	for kind, names := range map[string]string{
		ofArea:      "storefront orders vouchers stock refunds counter routers catalogue reports alerts reconciliation messages subscribers agents imports privacy backups staff setup",
		storedCodes: "fault trouble why mistake audit alert job done",
		shared:      "common web cli portal",
	} {
		for _, name := range strings.Fields(names) {
			out[name] = kind
		}
	}
	return out
}()

// TestKeysLieInTheirFile holds every file of sentences to one family of keys, in the same
// order in both languages.
func TestKeysLieInTheirFile(t *testing.T) {
	order := map[Lang]map[string][]string{}
	for _, l := range Langs {
		order[l] = map[string][]string{}
		for _, name := range messageNames(l) {
			family := strings.TrimSuffix(strings.TrimPrefix(name, "messages/"), "."+string(l)+".json")
			if families[family] == "" {
				t.Errorf("%s is no area, no family of codes and nothing shared", name)
			}
			for _, key := range keysOf(t, name) {
				if !strings.HasPrefix(key, family+".") {
					t.Errorf("%s does not belong in %s", key, name)
				}
				order[l][family] = append(order[l][family], key)
			}
		}
	}
	for family, keys := range order[Indonesian] {
		if !slices.Equal(keys, order[English][family]) {
			t.Errorf("the keys of %s are others, or in another order, in English", family)
		}
	}
}

// TestPagesLieWithTheirArea holds the file of a page to the folder of its area, and its type
// to a source named by that area.
func TestPagesLieWithTheirArea(t *testing.T) {
	sources, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, source := range sources {
		if source.IsDir() || !strings.HasSuffix(source.Name(), ".go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), source.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name != "file" || fn.Recv == nil {
				continue
			}
			found++
			area := path.Dir(literal(fn.Body.List[0].(*ast.ReturnStmt).Results[0]))
			if families[area] != ofArea && area != "web" {
				t.Errorf("%s is no area", area)
			}
			if name := strings.TrimSuffix(source.Name(), ".go"); name != area && !strings.HasPrefix(name, area+"_") {
				t.Errorf("%s has a page of %s", source.Name(), area)
			}
		}
	}
	if found != len(pages) {
		t.Errorf("%d pages have a file, %d are listed", found, len(pages))
	}
}

// keysOf lists the keys of a file as they stand there.
func keysOf(t *testing.T, name string) (keys []string) {
	t.Helper()
	raw, err := messageFiles.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(raw)
	if _, err := d.Token(); err != nil {
		t.Fatal(name, err)
	}
	for d.More() {
		key, err := d.Token()
		if err == nil {
			_, err = d.Token()
		}
		if err != nil {
			t.Fatal(name, err)
		}
		keys = append(keys, key.(string))
	}
	return keys
}
