package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/templates"
)

// SeeOther sends the browser to a page of the panel, by GET. Pairs of name and
// value become parameters, empty ones are left out.
func (k *Request) SeeOther(path string, pairs ...string) error {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	path = Root + path
	if len(q) > 0 {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		path += sep + q.Encode()
	}
	return k.Redirect(path, fiber.StatusSeeOther)
}

// Back redirects to a page with the outcome of an act: done is a key below
// "done."; an error that has a sentence is shown by its code.
func (k *Request) Back(path, done string, err error) error {
	switch {
	case fault.Is(err, fault.Internal):
		return err
	case err != nil && (templates.HasText("fault."+fault.CodeOf(err)) || templates.HasText("trouble."+fault.CodeOf(err))):
		done = fault.CodeOf(err)
	case err != nil:
		done = "kind." + string(fault.KindOf(err))
	}
	return k.SeeOther(path, "m", done)
}

// BackOrError is back, except for things that are not there.
func BackOrError(k *Request, path, done string, err error) error {
	if err != nil && httpx.Status(err) == fiber.StatusNotFound {
		return err
	}
	return k.Back(path, done, err)
}

// Inside returns next if it is an address of the panel, else root: a sign-in never
// redirects to another site.
func Inside(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || (u.Path != Root && !strings.HasPrefix(u.Path, Root+"/")) || strings.ContainsAny(next, "\\\r\n") {
		return Root
	}
	return u.RequestURI()
}
