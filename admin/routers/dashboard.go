package routers

import (
	"encoding/json"
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/hotspot"
	"gerai/internal/staff"
	"gerai/templates"
)

const dashboardLines = 8 // of the log

// routerDashboard shows what a router says about itself.
func routerDashboard(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	p, err := withRouter(k, r, "board")
	if err != nil {
		return err
	}
	page := templates.RouterDashboardPage{RouterPanel: p, CanReboot: k.Principal.May(staff.RebootRouter)}
	page.Charts = true
	site, err := k.Store.Site(k.AuditContext(), r.SiteID)
	if err != nil {
		return err
	}
	instead, err := newStandIns(k)
	if err != nil {
		return err
	}
	if page.Router.StandIn, err = instead.of(k, site, r); err != nil {
		return err
	}
	if page.StillHeld, err = k.Store.StillHeld(k.AuditContext(), r.ID); err != nil {
		return err
	}
	ctx, cancel := soon(k)
	defer cancel()
	o, err := k.Shop.Routers.Overview(ctx, r)
	if ours(err) {
		return err
	}
	if err != nil {
		page.Trouble = trouble(p.Panel, err)
		return k.SendPage(fiber.StatusOK, p.Theme, page)
	}
	page.Known, page.Overview = true, o
	if page.Interface = chosen(o.Interfaces, k.Query("interface")); page.Interface != "" {
		// A page without these two is still a page.
		page.Rate, err = k.Shop.Routers.Traffic(ctx, r, page.Interface)
		if err != nil {
			page.Trouble = trouble(p.Panel, err)
		}
		page.Live = chart{X: []int64{k.Clock.Now().Unix()}, Series: []line{{p.T("routers.overview.rx") + " (Mbps)", []*float64{mbps(page.Rate.Rx)}}, {p.T("routers.overview.tx") + " (Mbps)", []*float64{mbps(page.Rate.Tx)}}}}.text()
	}
	if page.Log, err = k.Shop.Routers.RouterLog(ctx, r, "", dashboardLines); err != nil && page.Trouble == "" {
		page.Trouble = trouble(p.Panel, err)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// chosen is the interface to show: the one asked for if there is one of that
// name, else the first that runs.
func chosen(all []hotspot.Interface, name string) string {
	if i := slices.IndexFunc(all, func(x hotspot.Interface) bool { return x.Name == name }); i >= 0 {
		return all[i].Name
	}
	if i := slices.IndexFunc(all, func(x hotspot.Interface) bool { return x.Running && !x.Disabled }); i >= 0 {
		return all[i].Name
	}
	if len(all) > 0 {
		return all[0].Name
	}
	return ""
}

// chart is what the panel's script draws.
type chart struct {
	X      []int64 `json:"x"` // Unix seconds
	Series []line  `json:"series"`
}

type line struct {
	Name   string     `json:"name"`
	Values []*float64 `json:"values"`
}

func (c chart) text() string {
	raw, _ := json.Marshal(c) // plain values always encode
	return string(raw)
}

func mbps(bits int64) *float64 {
	v := float64(bits/1000) / 1000
	return &v
}
