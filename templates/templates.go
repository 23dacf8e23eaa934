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
)

//go:embed shared/*.html storefront/*.html admin/*.html admin/shared/*.html
var files embed.FS

// Page is one typed page. Each page names the file that shows it.
type Page interface {
	file() string
	layout() string
	language() Lang
}

// pages lists one value of every page, so that all files are parsed, and
// type-checked by the tests, without naming them a second time.
var pages = slices.Concat([]Page{HomePage{}, PlansPage{}, OrderPage{}, ClaimPage{}, ErrorPage{}, ReceiptPage{}, PosterPage{}}, adminPages)

// parsed holds every page in every language, by file and language. Sentences
// without parameters are put into the source before it is parsed: looking them
// up by reflection would be most of what rendering a page costs.
var parsed = func() map[string]map[Lang]*template.Template {
	all := make(map[string]map[Lang]*template.Template, len(pages))
	for _, l := range Langs {
		shop, panel := family("shared/*.html", l), family("admin/shared/*.html", l)
		for _, p := range pages {
			shared := shop
			if strings.HasPrefix(p.file(), "admin/") {
				shared = panel
			}
			t := template.Must(shared.Clone())
			template.Must(t.New(path.Base(p.file())).Parse(spoken(p.file(), l)))
			if all[p.file()] == nil {
				all[p.file()] = map[Lang]*template.Template{}
			}
			all[p.file()][l] = t.Lookup(p.layout()).Option("missingkey=error")
		}
	}
	return all
}()

// family parses what all pages of a door share.
func family(pattern string, l Lang) *template.Template {
	shared := template.New("shared")
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		template.Must(shared.New(path.Base(name)).Parse(spoken(name, l)))
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
	if err := parsed[p.file()][p.language()].Execute(&b, p); err != nil {
		return nil, fmt.Errorf("templates: render %s: %w", p.file(), err)
	}
	return b.Bytes(), nil
}
