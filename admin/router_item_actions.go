package admin

import (
	"strconv"
	"strings"

	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/templates"
)

// target is the row that a form of this page is about.
func (k *request) target(m hotspot.Menu) (routers.Row, error) {
	r, err := k.router()
	if err != nil {
		return routers.Row{}, err
	}
	id, err := k.row()
	return routers.Row{Router: r, Menu: m, ID: id, Was: k.FormValue("was")}, err
}

// toList goes back to a menu after an act.
func (k *request) toList(x routers.Row, done string, err error) error {
	return k.back("/routers/"+x.Router.ID+"/"+string(x.Menu), done, err)
}

// itemToggle switches a row off or on.
func (d *Handler) itemToggle(k *request, m hotspot.Menu) error {
	x, err := k.target(m)
	if err != nil {
		return err
	}
	off := k.FormValue("off") == "yes"
	done := map[bool]string{true: "item_off", false: "item_on"}[off]
	return k.toList(x, done, d.Shop.Routers.ToggleItem(k.ctx(), k.principal.AuditName(), x, off))
}

// kick ends one session.
func (d *Handler) kick(k *request) error {
	x, err := k.target(hotspot.MenuActive)
	if err != nil {
		return err
	}
	return k.toList(x, "kicked", d.Shop.Routers.EndSession(k.ctx(), k.principal.AuditName(), x))
}

// forgetCookie makes a device log in again the next time.
func (d *Handler) forgetCookie(k *request) error {
	x, err := k.target(hotspot.MenuCookies)
	if err != nil {
		return err
	}
	return k.toList(x, "cookie_forgotten", d.Shop.Routers.RemoveItem(k.ctx(), k.principal.AuditName(), x, "", false))
}

// resetUser sets what a user has used back to nothing.
func (d *Handler) resetUser(k *request) error {
	x, err := k.target(hotspot.MenuUsers)
	if err != nil {
		return err
	}
	return k.back("/routers/"+x.Router.ID+"/users/"+x.ID, "user_reset", d.Shop.Routers.ResetUser(k.ctx(), k.principal.AuditName(), x))
}

// itemRemoveForm shows the confirmation to remove a row.
func (d *Handler) itemRemoveForm(k *request, m hotspot.Menu) error {
	return d.confirmRemoveItem(k, m, nil)
}

// itemRemove takes a row away.
func (d *Handler) itemRemove(k *request, m hotspot.Menu) error {
	x, err := k.target(m)
	if err != nil {
		return err
	}
	ctx, cancel := k.soon()
	defer cancel()
	row, err := d.Shop.Routers.Item(ctx, x)
	if err != nil {
		return err
	}
	if err = k.typedName(wanted(row.Name)); err == nil {
		err = d.Shop.Routers.RemoveItem(k.ctx(), k.principal.AuditName(), x, k.reason(), k.FormValue("force") == "yes")
	}
	switch {
	case err == nil:
		return k.toList(x, "item_removed", nil)
	case ours(err):
		return err
	}
	return d.confirmRemoveItem(k, m, err)
}

// wanted is what has to be typed to remove a row: rows without any name still
// need a word.
func wanted(name string) string {
	if name = strings.Join(strings.Fields(hotspot.Shown(name)), " "); name == "" { // as a page shows it
		return "-"
	}
	if r := []rune(name); len(r) > longestWanted {
		return strings.TrimSpace(string(r[:longestWanted]))
	}
	return name
}

// longestWanted bounds what has to be typed, in characters.
const longestWanted = 100

func (d *Handler) confirmRemoveItem(k *request, m hotspot.Menu, cause error) error {
	x, err := k.target(m)
	if err != nil {
		return err
	}
	ctx, cancel := k.soon()
	defer cancel()
	row, err := d.Shop.Routers.Item(ctx, x)
	if err != nil {
		return err
	}
	effects := []string{"adm.effect.item"}
	if m == hotspot.MenuUsers {
		effects = append(effects, "adm.effect.user")
	}
	uses := -1
	if m == hotspot.MenuProfiles {
		list, err := d.Shop.Routers.RouterList(ctx, x.Router, routers.ListQuery{Menu: hotspot.MenuUsers, By: "profile", Text: row.Name})
		if err == nil && list.Err == nil && !list.At.IsZero() {
			uses = list.Matches
		}
	}
	return d.sendRouterConfirmation(k, x.Router, string(m), cause, func(p templates.RouterPanel) templates.RouterConfirmationPage {
		page := templates.RouterConfirmationPage{Act: "remove_item", Want: wanted(row.Name), Was: row.Mark, Force: row.Protected,
			Back: p.At("/" + string(m)), Action: p.At("/" + string(m) + "/" + x.ID + "/remove")}
		for _, e := range effects {
			page.Effects = append(page.Effects, p.T(e, "name", wanted(row.Name)))
		}
		if uses >= 0 {
			page.Effects = append(page.Effects, p.T("adm.effect.profile", "n", strconv.Itoa(uses)))
		}
		if row.Protected {
			page.Effects = append(page.Effects, p.T("adm.effect.needed", "code", wanted(string(row.Sale.Code))))
		}
		return page
	})
}
