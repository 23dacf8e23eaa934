package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// oneOfUs shows one account and what can be done with it.
func (d *Door) oneOfUs(k *desk) error { return d.showPerson(k, fiber.StatusOK, templates.Typed{}, "") }

func (d *Door) showPerson(k *desk, status int, form templates.Typed, act string) error {
	s, err := d.Store.StaffByID(k.ctx(), k.Params("id"))
	if err == nil && !k.person.Manages(s) {
		err = fault.New(fault.NotFound, "staff.not_found")
	}
	if err != nil {
		return err
	}
	p, err := k.panel("staff")
	if err != nil {
		return err
	}
	sites, err := d.Store.Sites(k.ctx())
	if err != nil {
		return err
	}
	page := templates.PersonPage{Panel: p, Act: act, Created: s.CreatedAt, PasswordAt: s.PasswordAt, Tokens: map[string]string{}}
	for key, path := range personActs {
		page.Tokens[key] = k.consentToken(root + "/staff/" + s.ID + path)
	}
	if page.PersonLine, err = d.personLine(k, s, sites); err != nil {
		return err
	}
	page.Form, page.Audit = form, k.person.May(staff.SeeAudit) && k.person.Whole()
	post := staff.Post{Role: s.Role, Sites: s.Sites}
	if act == "post" {
		post = k.post()
	}
	if page.Post, err = d.postForm(k, post); err != nil {
		return err
	}
	return k.send(status, p.Theme, page)
}

// personActs are the acts of the page that need consent, and where they go.
var personActs = map[string]string{"post": "/post", "link": "/link", "reset": "/reset-second", "disable": "/disable"}

// askPerson shows the page again with one act's form open.
func askPerson(act string) asks {
	return func(d *Door, k *desk, cause error) error {
		status, form, err := k.asking(cause)
		if err != nil {
			return err
		}
		return d.showPerson(k, status, form, act)
	}
}

// confirmed reads what comes with an act that cannot simply be taken back.
func (k *desk) confirmed() staff.Confirmation {
	return staff.Confirmation{Typed: k.FormValue("typed"), Reason: k.FormValue("reason")}
}

// managed ends an act on an account: back to its page, or to the form that was
// refused.
func (d *Door) managed(k *desk, act, done string, err error) error {
	if form, ok := k.typed(err, "typed", "reason"); ok && err != nil && form.Field != "" {
		return d.showPerson(k, httpx.Status(err), form, act)
	}
	if k.person.ID == k.Params("id") && err == nil {
		return k.see("/login") // it was one's own account: the session has ended
	}
	return k.backOrError("/staff/"+k.Params("id"), done, err)
}

// backOrError is back, except for things that are not there.
func (k *desk) backOrError(path, done string, err error) error {
	if err != nil && httpx.Status(err) == fiber.StatusNotFound {
		return err
	}
	return k.back(path, done, err)
}

func (d *Door) reassign(k *desk) error {
	return d.managed(k, "post", "staff_reassigned", d.Office.Reassign(k.ctx(), k.person.By(), k.Params("id"), k.post(), k.confirmed()))
}

func (d *Door) disableStaff(k *desk) error {
	return d.managed(k, "disable", "staff_disabled", d.Office.Disable(k.ctx(), k.person.By(), k.Params("id"), k.confirmed()))
}

func (d *Door) enableStaff(k *desk) error {
	return k.backOrError("/staff/"+k.Params("id"), "staff_enabled", d.Office.Enable(k.ctx(), k.person.By(), k.Params("id")))
}

func (d *Door) resetSecond(k *desk) error {
	return d.managed(k, "reset", "second_reset", d.Office.ResetSecond(k.ctx(), k.person.By(), k.Params("id"), k.confirmed()))
}

func (d *Door) endSessionsOf(k *desk) error {
	_, err := d.Office.EndSessionsOf(k.ctx(), k.person.By(), k.Params("id"))
	return d.managed(k, "", "sessions_ended", err)
}

// inviteAgain makes a new one-time link and shows it, once.
func (d *Door) inviteAgain(k *desk) error {
	link, err := d.Office.Invite(k.ctx(), k.person.By(), k.Params("id"), k.confirmed())
	if err != nil {
		return d.managed(k, "link", "", err)
	}
	s, err := d.Store.StaffByID(k.ctx(), k.Params("id"))
	if err != nil {
		return err
	}
	return d.showLink(k, s.ID, s.Name, link)
}
