package staff

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// userCreateForm asks for a new account.
func userCreateForm(k *web.Request) error {
	return showUserCreate(k, fiber.StatusOK, templates.Typed{}, staff.Assignment{Role: staff.Kasir})
}

// userCreate adds an account and shows the link with which its owner signs in first.
func userCreate(k *web.Request) error {
	post := assignment(k)
	s, link, err := k.Accounts.CreateUser(k.AuditContext(), k.Principal.Actor(), k.FormValue("name"), post, k.FormValue("password"))
	if err != nil {
		form, ok := k.Typed(err, "name")
		if !ok {
			return err
		}
		if form.Field == "" {
			form.Field = "name"
		}
		return showUserCreate(k, httpx.Status(err), form, post)
	}
	if link == "" {
		return k.SeeOther("/staff/"+s.ID, "m", "staff_added")
	}
	return showLink(k, s.ID, s.Name, link)
}

// assignment reads role and sites of a form.
func assignment(k *web.Request) staff.Assignment {
	p := staff.Assignment{Role: k.FormValue("role")}
	for _, raw := range k.Context().PostArgs().PeekMulti("site") {
		if id := string(raw); id != "" && !slices.Contains(p.Sites, id) {
			p.Sites = append(p.Sites, id)
		}
	}
	return p
}

func showUserCreate(k *web.Request, status int, form templates.Typed, post staff.Assignment) error {
	p, err := k.Panel("staff")
	if err != nil {
		return err
	}
	policy, err := k.Accounts.Policy(k.AuditContext())
	if err != nil {
		return err
	}
	own, err := assignmentForm(k, post)
	if err != nil {
		return err
	}
	p.Form = form
	return k.SendPage(status, p.Theme, templates.UserCreatePage{Panel: p, Assignment: own, Rules: rules(policy)})
}

// assignmentForm is the part of a form that asks for role and sites: those that are
// the account's to give.
func assignmentForm(k *web.Request, post staff.Assignment) (templates.AssignmentForm, error) {
	f := templates.AssignmentForm{Role: post.Role, Roles: staff.Roles, Some: !k.Principal.AllSites()}
	sites, err := k.Store.Sites(k.AuditContext())
	for _, s := range sites {
		if k.Principal.Serves(s.ID) {
			f.Sites = append(f.Sites, templates.SiteChoice{ID: s.ID, Name: s.Name, Chosen: slices.Contains(post.Sites, s.ID)})
		}
	}
	return f, err
}
