package admin

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// hireForm asks for a new account.
func (d *Door) hireForm(k *desk) error {
	return d.showHire(k, fiber.StatusOK, templates.Typed{}, staff.Post{Role: staff.Kasir})
}

// hire adds a person and shows the link with which they start.
func (d *Door) hire(k *desk) error {
	post := k.post()
	s, link, err := d.Office.Hire(k.ctx(), k.person.By(), k.FormValue("name"), post, k.FormValue("password"))
	if err != nil {
		form, ok := k.typed(err, "name")
		if !ok {
			return err
		}
		if form.Field == "" {
			form.Field = "name"
		}
		return d.showHire(k, httpx.Status(err), form, post)
	}
	if link == "" {
		return k.see("/staff/"+s.ID, "m", "staff_added")
	}
	return d.showLink(k, s.ID, s.Name, link)
}

// post reads role and sites of a form.
func (k *desk) post() staff.Post {
	p := staff.Post{Role: k.FormValue("role")}
	for _, raw := range k.Context().PostArgs().PeekMulti("site") {
		if id := string(raw); id != "" && !slices.Contains(p.Sites, id) {
			p.Sites = append(p.Sites, id)
		}
	}
	return p
}

func (d *Door) showHire(k *desk, status int, form templates.Typed, post staff.Post) error {
	p, err := k.panel("staff")
	if err != nil {
		return err
	}
	policy, err := d.Office.Policy(k.ctx())
	if err != nil {
		return err
	}
	own, err := d.postForm(k, post)
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.HirePage{Panel: p, Post: own, Rules: rules(policy)})
}

// postForm is the part of a form that asks for role and sites: those that are
// the person's to give.
func (d *Door) postForm(k *desk, post staff.Post) (templates.PostForm, error) {
	f := templates.PostForm{Role: post.Role, Roles: staff.Roles, Some: !k.person.Whole()}
	sites, err := d.Store.Sites(k.ctx())
	for _, s := range sites {
		if k.person.Serves(s.ID) {
			f.Sites = append(f.Sites, templates.SiteChoice{ID: s.ID, Name: s.Name, Chosen: slices.Contains(post.Sites, s.ID)})
		}
	}
	return f, err
}

// showLink shows a one-time link, once.
func (d *Door) showLink(k *desk, id, name, link string) error {
	p, err := k.panel("staff")
	if err != nil {
		return err
	}
	return k.send(fiber.StatusOK, p.Theme, templates.LinkPage{Panel: p, ID: id, Name: name, URL: d.BaseURL + root + "/invite?" + url.Values{"token": {link}}.Encode()})
}
