package templates

import "time"

var setupPages = []Page{GuidePage{}, GatewayPage{}}

// Guide is how far a shop is on its way to the first sale, for a line on every page.
type Guide struct{ Done, All int }

// GuidePage leads from an empty shop to its first sale.
type GuidePage struct {
	Panel
	Steps     []GuideStep
	Done, All int    // of the steps that have to be done
	Wrong     string // the step whose form was refused
	Nonce     string
	Sites     []GuideSite
	Routers   []GuideRouter
	Try       []Choice // routers that answer
	Plans     []Choice
	Gateway   GatewayView
	Sold      time.Time
	BaseURL   string
}

// GuideStep is one step.
type GuideStep struct {
	Key        string // message key "setup.step.<key>"
	No         int
	Done, Next bool
	Optional   bool
	Missing    []string // names of the steps before it that are not done
}

// Open reports whether its form is shown unfolded.
func (s GuideStep) Open() bool { return s.Next }

// GuideSite is a site and how many plans it sells.
type GuideSite struct {
	ID, Name, Slug string
	Plans          int
	Chosen         bool
}

// GuideRouter is what is known of a router.
type GuideRouter struct {
	ID, Name    string
	Answers     bool
	SeenAt      time.Time
	Trouble     string // why it does not answer, in words
	Provisioned bool
	Tried       *GuideTrial
}

// GuideTrial is how the last trial went.
type GuideTrial struct {
	At       time.Time
	OK, Left bool   // Left: its user may still be on the router
	Trouble  string // why it has not worked, in words
}

// GatewayView is which keys of the gateway are used.
type GatewayView struct {
	Environment, Stored, Connected, Live bool
	SavedBy                              string
	SavedAt, LastMessage                 time.Time
}

// State is the message key of it, below "setup.gateway.".
func (g GatewayView) State() string {
	switch {
	case !g.Connected:
		return "off"
	case g.Live:
		return "live"
	}
	return "test"
}

func (GuidePage) file() string { return "setup/guide.html" }

// Title names the page in the browser's tab.
func (p GuidePage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p GuidePage) Heading() string { return p.T("setup.title") }

// Left is how many steps are left.
func (p GuidePage) Left() int { return p.All - p.Done }

// Units are those of a validity.
func (p GuidePage) Units() (out []Choice) {
	for _, u := range []string{"m", "h", "d"} {
		out = append(out, Choice{Value: u, Name: p.T("catalogue.unit." + u), Chosen: u == p.Form.Value("validity_unit", "d")})
	}
	return out
}

// Typed is what was typed into a field of a step, "" for another step's.
func (p GuidePage) Typed(step, field, otherwise string) string {
	if p.Wrong != step {
		return otherwise
	}
	return p.Form.Value(field, otherwise)
}

// At reports whether the message belongs to a field of a step.
func (p GuidePage) At(step, field string) bool { return p.Wrong == step && p.Form.Wrong(field) }

// GatewayPage asks for the keys of the gateway.
type GatewayPage struct {
	Panel
	CatalogueTabs
	Gateway GatewayView
	Webhook string // the address that the gateway sends messages to
}

func (GatewayPage) file() string { return "setup/gateway.html" }

// Title names the page in the browser's tab.
func (p GatewayPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p GatewayPage) Heading() string { return p.T("setup.gateway.title") }
