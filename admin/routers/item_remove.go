package routers

import (
	"strconv"
	"strings"

	"gerai/admin/web"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/templates"
)

// itemRemoveForm shows the confirmation to remove a row.
func itemRemoveForm(k *web.Request, m hotspot.Menu) error {
	return confirmRemoveItem(k, m, nil)
}

// itemRemove takes a row away.
func itemRemove(k *web.Request, m hotspot.Menu) error {
	x, err := target(k, m)
	if err != nil {
		return err
	}
	ctx, cancel := soon(k)
	defer cancel()
	row, err := k.Shop.Routers.Item(ctx, x)
	if err != nil {
		return err
	}
	if err = k.TypedName(Wanted(row.Name)); err == nil {
		err = k.Shop.Routers.RemoveItem(k.AuditContext(), k.Principal.Actor(), x, k.Reason(), k.FormValue("force") == "yes")
	}
	switch {
	case err == nil:
		return toList(k, x, "item_removed", nil)
	case ours(err):
		return err
	}
	return confirmRemoveItem(k, m, err)
}

// Wanted is what has to be typed to remove a row: rows without any name still
// need a word.
func Wanted(name string) string {
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

func confirmRemoveItem(k *web.Request, m hotspot.Menu, cause error) error {
	x, err := target(k, m)
	if err != nil {
		return err
	}
	ctx, cancel := soon(k)
	defer cancel()
	row, err := k.Shop.Routers.Item(ctx, x)
	if err != nil {
		return err
	}
	effects := []string{"routers.effect.item"}
	if m == hotspot.MenuUsers {
		effects = append(effects, "routers.effect.user")
	}
	uses := -1
	if m == hotspot.MenuProfiles {
		list, err := k.Shop.Routers.ListItems(ctx, x.Router, routers.ListQuery{Menu: hotspot.MenuUsers, By: "profile", Text: row.Name})
		if err == nil && list.Err == nil && !list.At.IsZero() {
			uses = list.Matches
		}
	}
	return sendRouterConfirmation(k, x.Router, string(m), cause, func(p templates.RouterPanel) templates.RouterConfirmationPage {
		page := templates.RouterConfirmationPage{Act: "remove_item", Want: Wanted(row.Name), Was: row.Mark, Force: row.Protected,
			Back: p.At("/" + string(m)), Action: p.At("/" + string(m) + "/" + x.ID + "/remove")}
		for _, e := range effects {
			page.Effects = append(page.Effects, p.T(e, "name", Wanted(row.Name)))
		}
		if uses >= 0 {
			page.Effects = append(page.Effects, p.T("routers.effect.profile", "n", strconv.Itoa(uses)))
		}
		if row.Protected {
			page.Effects = append(page.Effects, p.T("routers.effect.needed", "code", Wanted(string(row.Sale.Code))))
		}
		return page
	})
}
