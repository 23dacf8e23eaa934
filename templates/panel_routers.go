package templates

import "time"

var routerPages = []Page{RoutersPage{}}

// RoutersPage lists the routers of the person's sites.
type RoutersPage struct {
	Panel
	Routers []RouterLine
}

// RouterLine is one router and how it does.
type RouterLine struct {
	ID, Name, Site, Address string
	TLS, Disabled           bool
	SeenAt                  time.Time // zero: never
	Failure                 string    // sentence, "" when it answers
}

func (RoutersPage) file() string { return "admin/routers.html" }

// Title names the page in the browser's tab.
func (p RoutersPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p RoutersPage) Heading() string { return p.T("adm.menu.routers") }
