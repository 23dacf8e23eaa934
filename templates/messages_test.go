package templates

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gerai/internal/fault"
	"gerai/payments"
)

var hole = regexp.MustCompile(`\{[a-z_]+\}`)

func TestLanguagesSayTheSame(t *testing.T) {
	for key, said := range messages[Indonesian] {
		other, ok := messages[English][key]
		if !ok {
			t.Errorf("%s: no English", key)
		}
		a, b := hole.FindAllString(said, -1), hole.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: fills %v here and %v there", key, a, b)
		}
		if strings.TrimSpace(said) == "" || strings.TrimSpace(other) == "" {
			t.Errorf("%s: empty", key)
		}
	}
	for key := range messages[English] {
		if !HasText(key) {
			t.Errorf("%s: no Indonesian", key)
		}
	}
}

func TestNoKeyTwice(t *testing.T) {
	for l := range messages {
		keys := 0
		for _, name := range messageNames(l) {
			raw, err := messageFiles.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			d := json.NewDecoder(bytes.NewReader(raw))
			for d.More() {
				if tok, err := d.Token(); err != nil {
					t.Fatal(err)
				} else if _, ok := tok.(string); ok {
					keys++
				}
			}
		}
		if keys != 2*len(messages[l]) {
			t.Errorf("%s: a key is there twice", l)
		}
	}
}

// TestKeysAreUsedAndThere reads every key out of the templates and the code of the
// handlers: each must have a sentence, and each sentence a use.
func TestKeysAreUsedAndThere(t *testing.T) {
	used := dynamicKeys()
	inTemplate := regexp.MustCompile(`\.(?:T|Say) "([a-z_A-Z0-9.]+)"`)
	prefix := regexp.MustCompile(`\.T \(print "([a-z_.]+\.)" `)
	look := func(source fs.FS, path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(source, path)
		for _, m := range inTemplate.FindAllSubmatch(raw, -1) {
			used[string(m[1])] = true
		}
		for _, m := range prefix.FindAllSubmatch(raw, -1) {
			for key := range messages[Indonesian] {
				if strings.HasPrefix(key, string(m[1])) {
					used[key] = true
				}
			}
		}
		return err
	}
	for _, source := range []fs.FS{files, portalFiles} {
		if err := fs.WalkDir(source, ".", func(path string, d fs.DirEntry, err error) error { return look(source, path, d, err) }); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{".", "../storefront", "../admin", "../cmd/gerai"} {
		for _, lit := range textKeys(t, dir) {
			used[lit] = true
		}
	}
	for key := range used {
		if !HasText(key) {
			t.Errorf("no sentence for %s", key)
		}
	}
	for key := range messages[Indonesian] {
		if !used[key] && !byName.MatchString(key) {
			t.Errorf("%s is said nowhere", key)
		}
	}
}

// byName are sentences chosen by a name that is found in data.
var byName = regexp.MustCompile(`^(fault|mistake|cli\.(staff|dr\.router|help)|adm\.(alert|trouble|role|done|told|does|choice|expiry|act|why|status|reason|flag|refund\.state|moment\.job|report\.(column|channel|period)))\.`)

// dynamicKeys lists keys that are put together at run time.
func dynamicKeys() map[string]bool {
	used := map[string]bool{"state.away.text_never": true, "state.active.text_far": true, "method.credit": true}
	for _, s := range OrderStates {
		used["state."+string(s)+".title"] = true
		if s != StatePayQR && s != StatePayVA {
			used["state."+string(s)+".text"] = true
		}
	}
	for _, f := range []string{"400", "403", "404", "405", "409", "413", "429", "500", "503"} {
		used["error."+f+".title"], used["error."+f+".text"] = true, true
	}
	for _, u := range []string{"day", "hour", "minute", "second"} {
		used["unit."+u+".one"], used["unit."+u+".many"] = true, true
	}
	for _, w := range []string{"va", "amount", "user", "pass"} {
		used["copy.what."+w] = true
	}
	for _, p := range Papers {
		used["paper."+string(p)] = true
	}
	for _, b := range payments.Banks {
		used["bank."+b] = true
	}
	for _, k := range []fault.Kind{fault.Invalid, fault.NotFound, fault.Conflict, fault.Denied, fault.Limited, fault.Unavailable, fault.Unknown, fault.Refused, fault.Config, fault.Internal} {
		used["fault.kind."+string(k)] = true
	}
	for _, key := range provisioningKeys() {
		used[key] = true
	}
	return used
}

// textKeys finds the literal keys of calls of T and Text in a package's code.
func textKeys(t *testing.T, dir string) (keys []string) {
	t.Helper()
	eachFile(t, dir, func(f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok {
				if key := literal(lit); (strings.HasPrefix(key, "adm.") || strings.HasPrefix(key, "cli.")) && !strings.HasSuffix(key, ".") {
					keys = append(keys, key) // the panel passes keys on before it translates them
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, _ := call.Fun.(*ast.SelectorExpr)
			id, _ := call.Fun.(*ast.Ident)
			if sel != nil && sel.Sel.Name == "say" && len(call.Args) > 1 { // of the router commands
				if key := literal(call.Args[1]); key != "" {
					keys = append(keys, "kit.say."+key)
				}
			}
			if (sel != nil && (sel.Sel.Name == "T" || sel.Sel.Name == "Text")) || (id != nil && id.Name == "Text") {
				for _, arg := range call.Args[:min(2, len(call.Args))] {
					if key := literal(arg); strings.Contains(key, ".") && !strings.HasSuffix(key, ".") {
						keys = append(keys, key)
					}
				}
			}
			return true
		})
	})
	return keys
}

func eachFile(t *testing.T, dir string, look func(*ast.File)) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			look(f)
		}
	}
}

func TestFaultText(t *testing.T) {
	if got := FaultText(English, fault.New(fault.Limited, "limit.check")); !strings.HasPrefix(got, "Checked just now") {
		t.Errorf("%q", got)
	}
	for _, err := range []error{fault.New(fault.Refused, "secret.detail"), os.ErrNotExist} {
		if got := FaultText(Indonesian, err); got == "" || strings.Contains(got, "secret") || strings.Contains(got, "exist") || strings.HasPrefix(got, "[") {
			t.Errorf("%q", got)
		}
	}
	if got := Text(Indonesian, "no.such"); got != "[no.such]" {
		t.Errorf("%q", got)
	}
}
