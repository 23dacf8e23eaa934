package orders

import (
	"slices"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/vouchers"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

const (
	// searchGroup is how many hits of a kind a search shows.
	searchGroup = 10
	// shortestSearch and longestSearch bound what is searched for, in characters.
	shortestSearch, longestSearch = 2, 80
)

// searchPage looks for one text among everything that the account may see: orders, vouchers,
// devices that are online, routers and people. A single hit is opened at once.
func searchPage(k *web.Request) error {
	p, err := k.Panel("search")
	if err != nil {
		return err
	}
	page := templates.SearchPage{Panel: p, Text: searchText(k.Query("q"))}
	n := len([]rune(page.Text))
	if page.Asked = n >= shortestSearch && n <= longestSearch; !page.Asked {
		page.Short = n > 0
		return k.SendPage(fiber.StatusOK, p.Theme, page)
	}
	sites, err := k.Sites(k)
	if err != nil {
		return err
	}
	s := search{Request: k, page: &page, sites: web.SiteNames(sites)}
	for _, group := range []struct {
		right staff.Right
		find  func() error
	}{{staff.SeeVouchers, s.vouchers}, {staff.SeeOrders, s.orders}, {staff.Kick, s.devices}, {staff.SeeRouters, s.routers}, {staff.ManageStaff, s.people}} {
		if !k.Principal.May(group.right) {
			continue
		}
		if err := group.find(); err != nil {
			return err
		}
	}
	if len(s.hits) == 1 {
		return k.Redirect(s.hits[0], fiber.StatusSeeOther)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// searchText is what was typed, without what no name or number has.
func searchText(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, web.Truncate(s))
	return strings.Join(strings.Fields(s), " ")
}

// search collects hits; an order and a device that belong to a voucher that was found are no
// hits of their own.
type search struct {
	*web.Request
	page  *templates.SearchPage
	sites map[string]string
	hits  []string // addresses
	users []string // of the vouchers found
	of    []order.ID
}

func (s *search) vouchers() error {
	found, err := s.Store.FindVouchers(s.AuditContext(), store.VoucherFilter{Sites: s.Principal.Sites, Name: s.page.Text, Limit: searchGroup})
	if err != nil {
		return err
	}
	c, err := s.Store.Catalogue(s.AuditContext())
	if err != nil {
		return err
	}
	for _, v := range found {
		line := templates.VoucherLine{ID: v.ID, Username: v.Username, State: string(v.State), Until: v.ValidUntil, Suspended: v.Facts().Suspended()} // the search text holds the name already
		for _, plan := range c.Plans {
			if plan.ID == v.PlanID {
				line.Plan = plan.Name
			}
		}
		s.page.Vouchers = append(s.page.Vouchers, line)
		s.hits, s.users, s.of = append(s.hits, web.Root+"/vouchers/"+v.ID), append(s.users, v.Username), append(s.of, v.OrderID)
	}
	return nil
}

func (s *search) orders() error {
	s.page.Money = s.Principal.May(staff.SeeMoney)
	found, err := s.Store.ListOrders(s.AuditContext(), store.OrderFilter{Sites: s.Principal.Sites, Search: s.page.Text, NoPhone: !s.page.Money, Limit: searchGroup + 1})
	if err != nil {
		return err
	}
	if len(found) > searchGroup {
		found, s.page.MoreOrders = found[:searchGroup], s.page.Href(web.Root+"/orders", "q", s.page.Text)
	}
	for _, o := range found {
		s.page.Orders = append(s.page.Orders, s.Line(s.Request, o, s.sites[o.SiteID]))
		if !slices.Contains(s.of, o.ID) {
			s.hits = append(s.hits, web.Root+"/orders/"+string(o.Code))
		}
	}
	return nil
}

func (s *search) devices() error {
	list, err := s.Shop.Vouchers.Online(s.AuditContext(), vouchers.OnlineQuery{Sites: s.Principal.Sites, Text: s.page.Text})
	if err != nil {
		return err
	}
	at := s.page.Href(web.Root+"/online", "q", s.page.Text)
	if list.Matches > searchGroup {
		list.Devices, s.page.MoreDevices = list.Devices[:searchGroup], at
	}
	own := true
	for _, d := range list.Devices {
		line := templates.FoundDevice{Name: d.Name, MAC: d.MAC, User: hotspot.Shown(d.User), Router: d.Router.Name, Href: s.page.Href(web.Root+"/online", "q", d.MAC)}
		if d.Voucher.ID != "" && !slices.Contains(s.users, d.User) {
			line.User = d.Voucher.PublicName()
		}
		s.page.Devices = append(s.page.Devices, line)
		own = own && slices.Contains(s.users, d.User)
	}
	if !own {
		s.hits = append(s.hits, at)
	}
	return nil
}

func (s *search) routers() error {
	states, err := s.Store.RouterStates(s.AuditContext())
	if err != nil {
		return err
	}
	for _, r := range states {
		if s.Principal.Serves(r.SiteID) && s.named(r.Name) && len(s.page.Routers) < searchGroup {
			s.page.Routers = append(s.page.Routers, templates.FoundName{Name: r.Name, With: s.sites[r.SiteID], Href: web.Root + "/routers/" + r.ID})
			s.hits = append(s.hits, web.Root+"/routers/"+r.ID)
		}
	}
	return nil
}

func (s *search) people() error {
	all, err := s.Store.ListStaff(s.AuditContext())
	if err != nil {
		return err
	}
	for _, x := range all {
		if s.Principal.Manages(x) && s.named(x.Name) && len(s.page.People) < searchGroup {
			s.page.People = append(s.page.People, templates.FoundName{Name: x.Name, With: s.page.T("staff.role." + x.Role), Href: web.Root + "/staff/" + x.ID})
			s.hits = append(s.hits, web.Root+"/staff/"+x.ID)
		}
	}
	return nil
}

// named reports whether a name is looked for.
func (s *search) named(name string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(s.page.Text))
}
