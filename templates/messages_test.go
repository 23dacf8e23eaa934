package templates

import (
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
			keys += len(keysOf(t, name))
		}
		if keys != len(messages[l]) {
			t.Errorf("%s: a key is there twice", l)
		}
	}
}

// TestKeysAreUsedAndThere reads every key out of the templates and the code of the
// handlers: each must have a sentence, and each sentence a use.
func TestKeysAreUsedAndThere(t *testing.T) {
	used := dynamicKeys()
	inTemplate := regexp.MustCompile(`\.(?:T|Say) "([a-z_A-Z0-9.]+)"`)
	composed := regexp.MustCompile(`\.T \(print "([a-z_.]+\.)" `)
	look := func(source fs.FS, path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(source, path)
		for _, m := range inTemplate.FindAllSubmatch(raw, -1) {
			used[string(m[1])] = true
		}
		for _, m := range composed.FindAllSubmatch(raw, -1) {
			useAll(used, string(m[1]))
		}
		return err
	}
	for _, source := range []fs.FS{files, portalFiles} {
		if err := fs.WalkDir(source, ".", func(path string, d fs.DirEntry, err error) error { return look(source, path, d, err) }); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{".", "../storefront", "../admin", "../cmd/gerai"} {
		eachFile(t, dir, func(f *ast.File) { textKeys(f, used) })
	}
	for key := range used {
		if !HasText(key) {
			t.Errorf("no sentence for %s", key)
		}
	}
	for key := range messages[Indonesian] {
		if !used[key] && !byCode.MatchString(key) {
			t.Errorf("%s is said nowhere", key)
		}
	}
}

// byCode are sentences chosen by their English text, see Translated.
var byCode = regexp.MustCompile(`^(mistake|cli\.(staff|help))\.`)

// useAll marks every key below a prefix that is completed at run time.
func useAll(used map[string]bool, prefix string) {
	for key := range messages[Indonesian] {
		if strings.HasPrefix(key, prefix) {
			used[key] = true
		}
	}
}

// dynamicKeys lists keys that are put together at run time.
func dynamicKeys() map[string]bool {
	used := map[string]bool{"storefront.state.away.text_never": true, "storefront.state.active.text_far": true, "common.method.credit": true}
	for _, s := range OrderStates {
		used["storefront.state."+string(s)+".title"] = true
		if s != StatePayQR && s != StatePayVA {
			used["storefront.state."+string(s)+".text"] = true
		}
	}
	for _, f := range []string{"400", "403", "404", "405", "409", "413", "429", "500", "503"} {
		used["storefront.error."+f+".title"], used["storefront.error."+f+".text"] = true, true
	}
	for _, u := range []string{"day", "hour", "minute", "second"} {
		used["common.unit."+u] = true
	}
	for _, w := range []string{"va", "amount", "user", "pass"} {
		used["storefront.copy.what."+w] = true
	}
	for _, p := range Papers {
		used["common.paper."+string(p)] = true
	}
	for _, b := range payments.Banks {
		used["common.bank."+b] = true
	}
	for _, k := range []fault.Kind{fault.Invalid, fault.NotFound, fault.Conflict, fault.Denied, fault.Limited, fault.Unavailable, fault.Unknown, fault.Refused, fault.Config, fault.Internal} {
		used["fault.kind."+string(k)] = true
	}
	for _, key := range provisioningKeys() {
		used[key] = true
	}
	return used
}

// textKeys finds the keys in a file's code: what is given to T and Text, and every literal
// that looks like a key, because handlers pass keys on before they are translated. A literal
// that ends in a dot is completed at run time.
func textKeys(f *ast.File, used map[string]bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			key := literal(n)
			area, _, dotted := strings.Cut(key, ".")
			switch {
			case !dotted || families[area] == "":
			case strings.HasSuffix(key, "."):
				useAll(used, key)
			case HasText(key) || keyLike.MatchString(key) && !isCode(key) && !strings.HasSuffix(key, ".css"):
				used[key] = true
			}
		case *ast.CallExpr:
			sel, _ := n.Fun.(*ast.SelectorExpr)
			id, _ := n.Fun.(*ast.Ident)
			if sel != nil && sel.Sel.Name == "say" && len(n.Args) > 1 { // of the router commands
				if key := literal(n.Args[1]); key != "" {
					used["routers.setup.say."+key] = true
				}
			}
			if (sel != nil && (sel.Sel.Name == "T" || sel.Sel.Name == "Text")) || (id != nil && id.Name == "Text") {
				for _, arg := range n.Args[:min(2, len(n.Args))] {
					if key := literal(arg); strings.Contains(key, ".") && !strings.HasSuffix(key, ".") {
						used[key] = true
					}
				}
			}
		}
		return true
	})
}

var keyLike = regexp.MustCompile(`^[a-z_]+(\.[a-z_0-9]+)+$`)

// isCode reports whether a text is a code of a family: of a fault, an act, a notice.
func isCode(text string) bool {
	for family, kind := range families {
		if kind == storedCodes && HasText(family+"."+text) {
			return true
		}
	}
	return false
}

// eachFile parses the code of a package and of those below it, without tests.
func eachFile(t *testing.T, dir string, look func(*ast.File)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err == nil {
			look(f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// counted is a number before a word that ends like a plural, with at most one word between.
var counted = regexp.MustCompile(`\{(?:n|all|count|bytes|days|drawn|files|limit|made|most|online|plans|routers|sealed|sites|sold|active|stock|keys|codes)\} (?:[a-z]+ )?[a-z]+s\b`)

const (
	always  = "says one thing, always"
	minimum = "a password has at least eight characters"
)

// oneForm are sentences in which the number before such a word chooses no form.
var oneForm = map[string]string{
	"orders.cancel.order":                always,
	"refunds.refund.effect_skip":         always,
	"refunds.receivables.effect_voucher": always,
	"routers.effect.secret":              always,
	"vouchers.effect.off":                always,
	"vouchers.effect.on":                 always,
	"cli.staff.password_short":           minimum,
	"staff.password.rules":               minimum,
	"routers.setup.check.page_too_long":  "thousands of bytes",
}

// TestEnglishHasSingulars refuses an English sentence that counts in one form only.
func TestEnglishHasSingulars(t *testing.T) {
	for key, said := range messages[English] {
		found := counted.FindString(said)
		if why := oneForm[key]; (found == "") != (why == "") {
			t.Errorf("%s: %q has one form; write {n|one|other}, or say why (%s)", key, found, why)
		}
		for _, form := range forms.FindAllStringSubmatch(said, -1) {
			if !strings.Contains(said, "{"+form[1]+"}") {
				t.Errorf("%s: %s is chosen by a number that is not said", key, form[0])
			}
		}
		if strings.Contains(forms.ReplaceAllString(said, ""), "|") && strings.Contains(said, "{") && !strings.HasPrefix(key, "cli.help.") {
			t.Errorf("%s: a form that cannot be read", key)
		}
	}
	for n, want := range map[int]string{0: "0 devices are online and will be cut off.", 1: "1 device is online and will be cut off.", 2: "2 devices are online and will be cut off."} {
		if got := Text(English, "routers.effect.active", "n", n); got != want {
			t.Errorf("%q, want %q", got, want)
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
