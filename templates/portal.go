package templates

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"path"
	"strings"
	text "text/template"

	"gerai/internal/catalog"
)

//go:embed portal
var portalFiles embed.FS

// Portal is what a router's own login server shows: a few small pages in both
// languages at once, since it cannot know whom it talks to. RouterOS' $(…) are
// kept literally. The router does not escape HTML, so no page prints a value
// that a customer or a stranger can choose, unless it is URL-escaped (-esc).
type Portal struct {
	Brand   catalog.Brand
	Site    catalog.Site
	BaseURL string // of the shop, no trailing slash
}

// PortalNames lists the files of a portal.
var PortalNames = []string{"login.html", "rlogin.html", "alogin.html", "status.html", "logout.html", "error.html", "errors.txt", "api.json"}

var portalSheet = squeeze(readPortal("portal.css"))

func readPortal(name string) string {
	raw, err := portalFiles.ReadFile("portal/" + name)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

var (
	portalPages = template.Must(template.New("portal").Option("missingkey=error").ParseFS(portalFiles, "portal/*.html"))
	portalPaper = text.Must(text.New("README.txt").Parse(readPortal("README.txt")))
	portalAPI   = text.Must(text.New("api.json").Parse(readPortal("api.json")))
)

// File renders one file of PortalNames.
func (p Portal) File(name string) (string, error) {
	var b bytes.Buffer
	var err error
	switch path.Ext(name) {
	case ".html":
		err = portalPages.ExecuteTemplate(&b, name, p)
	case ".json":
		err = portalAPI.Execute(&b, p)
	default:
		b.WriteString(readPortal(name))
	}
	if err != nil {
		return "", fmt.Errorf("templates: portal %s: %w", name, err)
	}
	return strings.TrimSpace(b.String()) + "\n", nil
}

// ProvisioningReadme is what an operator reads first: how to install the files on a router
// by hand, in plain Indonesian.
type ProvisioningReadme struct {
	Portal
	Router, User, Server string
}

// Readme renders it.
func (p ProvisioningReadme) Readme() (string, error) {
	var b bytes.Buffer
	if err := portalPaper.Execute(&b, p); err != nil {
		return "", fmt.Errorf("templates: readme: %w", err)
	}
	return b.String(), nil
}

// Names lists the portal's files.
func (Portal) Names() []string { return PortalNames }

// Style is the portal's sheet in the brand's colours, on the shop's grounds.
func (p Portal) Style() template.CSS {
	brand := parseColor(p.Brand.Color)
	light, dark := newScheme(brand, lightGrounds, black), newScheme(brand, darkGrounds, white)
	const colours = ":root{%s--a:%s;--o:%s;--l:%s;--b:%s;--c:%s;--i:%s;--f:%s}"
	return template.CSS(strings.ReplaceAll(fmt.Sprintf(colours, "color-scheme:light dark;", light.fill, light.text, light.link, lightGrounds[0], lightGrounds[1], "#18201c", "#7c8781")+ //nolint:gosec // our own sheet and computed colours
		"@media(prefers-color-scheme:dark){"+fmt.Sprintf(colours, "", dark.fill, dark.text, dark.link, darkGrounds[0], darkGrounds[1], "#e9efeb", "#7f8b84")+"}"+portalSheet, "#ffffff", "#fff"))
}

// portalLogin makes one of what people type: it trims the name, takes it in
// lower case, and uses it as the password where none was typed, since a paper
// voucher may carry one code. The router keeps what was typed in "var": a name
// that is wrong in lower case is tried as it was typed, at once when there is
// no password to type again. The router's error page names the reason.
var portalLogin = strings.ReplaceAll(strings.TrimSpace(readPortal("login.js")), "\n", "")

// LoginScript is the script of the login page. RouterOS' $(…) are in it.
func (Portal) LoginScript() template.JS { return template.JS(portalLogin) } //nolint:gosec // our own script

// Say is a sentence in Indonesian with the English below it.
func (p Portal) Say(key string) template.HTML {
	return template.HTML(template.HTMLEscapeString(Text(Indonesian, key)) + "<i lang=en>" + template.HTMLEscapeString(Text(English, key)) + "</i>") //nolint:gosec // escaped
}

// Buy is the address of the hotspot's page in the shop.
func (p Portal) Buy() string { return p.BaseURL + "/h/" + p.Site.Slug }

// Claim is the address of the page that finds an order by its codes.
func (p Portal) Claim() string { return p.BaseURL + "/klaim" }

// Venue is Buy as a JSON string.
func (p Portal) Venue() (string, error) {
	raw, err := json.Marshal(p.Buy())
	return string(raw), err
}

// Dial is the number for help as a tel: link takes it.
func (p Portal) Dial() string { return dialable(p.Brand.Phone) }

// WhatsApp is the number for help on WhatsApp, as people read it.
func (p Portal) WhatsApp() string { return (Base{Theme: &Theme{Brand: p.Brand}}).HelpWhatsApp() }
