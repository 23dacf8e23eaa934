package templates

import (
	"html/template"
	"strings"
	"time"
)

var accountPages = []Page{TwoFactorPage{}, AccountPage{}, PasswordPage{}, TwoFactorSettingsPage{}, TOTPPage{}, CodesPage{}, InvitePage{}, SetupPage{}}

// NewsLine is one thing that happened to the person's account.
type NewsLine struct {
	Text string
	At   time.Time
}

// Told says what happened, by the code of the notice.
func (p Panel) Told(code string) string { return p.known("staff.told.", code) }

// PasskeyScript is the path of the script that talks to authenticators.
func (p Panel) PasskeyScript() string { return passkey.Path }

// YesNo says it.
func (p Panel) YesNo(yes bool) string {
	if yes {
		return p.T("web.yes")
	}
	return p.T("web.no")
}

// tab is a page's name in the browser's tab.
func (p Panel) tab(heading string) string { return heading + " · " + p.Brand().Name }

// PasswordRules is what a form says about a new password.
type PasswordRules struct {
	Min   int // characters
	Mixed bool
}

// TwoFactorPage asks for the second factor after the password.
type TwoFactorPage struct {
	Panel
	Next         string
	App, Passkey bool // what the person has
}

func (TwoFactorPage) file() string { return "staff/two_factor.html" }

// Title names the page in the browser's tab.
func (p TwoFactorPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p TwoFactorPage) Heading() string { return p.T("staff.two_factor.title") }

// AccountPage is a person's own account.
type AccountPage struct {
	Panel
	Speaks              string // "id" or "en"
	HasTwoFactor, App   bool
	Passkeys, CodesLeft int
	PasswordAt          time.Time
	Sessions            []SessionLine
}

// SessionLine is one browser that is signed in.
type SessionLine struct {
	ID, Address, Agent string
	Since, Seen        time.Time
	This               bool
}

func (AccountPage) file() string { return "staff/account.html" }

// Title names the page in the browser's tab.
func (p AccountPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p AccountPage) Heading() string { return p.T("staff.account") }

// Others reports whether there are sessions beside this one.
func (p AccountPage) Others() bool { return len(p.Sessions) > 1 }

// browserNames and systemNames are looked for in this order: most browsers
// claim to be others as well.
var (
	browserNames = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systemNames  = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// Browser is a browser and its system in two words, as far as its own name
// tells.
func (s SessionLine) Browser() string {
	find := func(names [][2]string) string {
		for _, n := range names {
			if strings.Contains(s.Agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	name := strings.Trim(find(browserNames)+" · "+find(systemNames), " ·")
	if name != "" {
		return name
	}
	if first, _, _ := strings.Cut(s.Agent, " "); first != "" {
		return first
	}
	return "–"
}

// PasswordPage changes a person's own password.
type PasswordPage struct {
	Panel
	Forced bool // nothing else opens before
	Given  bool // because an admin chose it
	Rules  PasswordRules
	Others int // sessions that will end
}

func (PasswordPage) file() string { return "staff/password.html" }

// Title names the page in the browser's tab.
func (p PasswordPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p PasswordPage) Heading() string { return p.T("staff.password.title") }

// TwoFactorSettingsPage shows a person's second factors.
type TwoFactorSettingsPage struct {
	Panel
	Forced, App, HasTwoFactor bool
	CanPasskey                bool // the shop's address allows passkeys
	Keys                      []PasskeyLine
	CodesLeft, Codes          int
}

// PasskeyLine is one passkey.
type PasskeyLine struct {
	ID, Name    string
	Since, Used time.Time
}

func (TwoFactorSettingsPage) file() string { return "staff/two_factor_settings.html" }

// Title names the page in the browser's tab.
func (p TwoFactorSettingsPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p TwoFactorSettingsPage) Heading() string { return p.T("staff.two_factor_settings.title") }

// TOTPPage shows a secret for an authenticator app.
type TOTPPage struct {
	Panel
	Secret, Pending string // the second one sealed, for the way back
	QR              template.URL
}

func (TOTPPage) file() string { return "staff/totp.html" }

// Title names the page in the browser's tab.
func (p TOTPPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p TOTPPage) Heading() string { return p.T("staff.totp.title") }

// CodesPage shows recovery codes, once.
type CodesPage struct {
	Panel
	Codes []string
}

func (CodesPage) file() string { return "staff/recovery_codes.html" }

// Title names the page in the browser's tab.
func (p CodesPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p CodesPage) Heading() string { return p.T("staff.recovery_codes.title") }

// InvitePage is the page of a one-time link: its owner chooses a password.
type InvitePage struct {
	Panel
	Name, Token string
	Rules       PasswordRules
}

func (InvitePage) file() string { return "staff/invite.html" }

// Title names the page in the browser's tab.
func (p InvitePage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p InvitePage) Heading() string { return p.T("staff.invite.title") }

// SetupPage makes the first admin.
type SetupPage struct {
	Panel
	Token string
	Rules PasswordRules
}

func (SetupPage) file() string { return "staff/setup.html" }

// Title names the page in the browser's tab.
func (p SetupPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p SetupPage) Heading() string { return p.T("staff.setup.title") }
