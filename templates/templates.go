package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed storefront web alerts backups catalogue counter orders reconciliation refunds reports routers setup staff stock vouchers
var files embed.FS

// Page is one typed page. Each page names the file that shows it.
type Page interface {
	file() string
	layout() string
	language() Lang
}

// pages lists one value of every page, so that all files are parsed, and
// type-checked by the tests, without naming them a second time.
var pages = slices.Concat([]Page{HomePage{}, PlansPage{}, OrderPage{}, ClaimPage{}, ErrorPage{}, BusyPage{}, ReceiptPage{}, PosterPage{}}, adminPages)

// tongue is one page in one language.
type tongue struct {
	file string
	lang Lang
}

// parsed holds every page in every language. Sentences without parameters are put into the
// source before it is parsed: looking them up by reflection would be most of what rendering
// a page costs. What customers see is ready from the start; the panel's pages, of which
// there are many, are parsed when one is first opened: parsed all at once they took a third
// of the memory and of the time to start.
var parsed = func() map[tongue]func() *template.Template {
	all := make(map[tongue]func() *template.Template, len(pages)*len(Langs))
	for _, l := range Langs {
		shop := sync.OnceValue(func() *template.Template { return family(l, inStorefront) })
		panel := sync.OnceValue(func() *template.Template { return family(l, func(name string) bool { return !inStorefront(name) }) })
		for _, p := range pages {
			shared, later := shop, !inStorefront(p.file())
			if later {
				shared = panel
			}
			made := sync.OnceValue(func() *template.Template {
				t := template.Must(shared().Clone())
				template.Must(t.New(path.Base(p.file())).Parse(spoken(p.file(), l)))
				return t.Lookup(p.layout()).Option("missingkey=error")
			})
			if !later {
				made()
			}
			all[tongue{p.file(), l}] = made
		}
	}
	return all
}()

// inStorefront tells the customer's files from those of the panel's areas.
func inStorefront(name string) bool { return strings.HasPrefix(name, "storefront/") }

// family parses what the customer's pages share, or the panel's: every <area>/shared/*.html.
func family(l Lang, of func(name string) bool) *template.Template {
	shared := template.New("shared")
	names, err := fs.Glob(files, "*/shared/*.html")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		if of(name) {
			template.Must(shared.New(path.Base(name)).Parse(spoken(name, l)))
		}
	}
	return shared
}

// fixed is a sentence without parameters, anywhere in a template.
var fixed = regexp.MustCompile(`\{\{-? ?\$?\.T "([^"{}]+)" ?-?\}\}`)

// spoken reads a template with its fixed sentences in one language, escaped
// for text and quoted attributes, the only places they stand in. Trim marks
// are kept by leaving those rare ones to the template.
func spoken(name string, l Lang) string {
	source, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return fixed.ReplaceAllStringFunc(string(source), func(action string) string {
		text, known := messages[l][fixed.FindStringSubmatch(action)[1]]
		if !known || strings.Contains(action, "-") && (strings.HasPrefix(action, "{{-") || strings.HasSuffix(action, "-}}")) {
			return action
		}
		return template.HTMLEscapeString(text)
	})
}

// Render writes the whole page to memory, so that a page is sent whole or not
// at all. It is safe for several goroutines.
func Render(p Page) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(16 << 10)
	if err := parsed[tongue{p.file(), p.language()}]().Execute(&b, p); err != nil {
		return nil, fmt.Errorf("templates: render %s: %w", p.file(), err)
	}
	return b.Bytes(), nil
}
