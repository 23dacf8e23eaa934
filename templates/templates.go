package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
)

//go:embed shared/*.html storefront/*.html
var files embed.FS

// Page is one typed page. Each page names the file that shows it.
type Page interface {
	file() string
}

// pages lists one value of every page, so that all files are parsed, and
// type-checked by the tests, without naming them a second time.
var pages = []Page{HomePage{}, PlansPage{}, OrderPage{}, ClaimPage{}, ErrorPage{}}

var parsed = func() map[string]*template.Template {
	shared := template.Must(template.ParseFS(files, "shared/*.html"))
	all := make(map[string]*template.Template, len(pages))
	for _, p := range pages {
		t := template.Must(template.Must(shared.Clone()).ParseFS(files, p.file()))
		all[p.file()] = t.Lookup("layout.html").Option("missingkey=error")
	}
	return all
}()

// Render writes the whole page to memory, so that a page is sent whole or not
// at all. It is safe for several goroutines.
func Render(p Page) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(16 << 10)
	if err := parsed[p.file()].Execute(&b, p); err != nil {
		return nil, fmt.Errorf("templates: render %s: %w", p.file(), err)
	}
	return b.Bytes(), nil
}
