package templates

import "time"

var staffPages = []Page{StaffPage{}, UserCreatePage{}, StaffDetailPage{}, LinkPage{}, PolicyPage{}}

// StaffPage lists the operator's people.
type StaffPage struct {
	Panel
	Staff []StaffLine
}

// StaffLine is one account.
type StaffLine struct {
	ID, Name, Role       string
	Sites                []string // names; empty: all
	Disabled, NoPassword bool
	Own, App             bool
	Passkeys, Sessions   int
	Seen                 time.Time // zero: not signed in
	LinkUntil            time.Time // zero: no link waits
}

// HasTwoFactor reports whether there is a second factor.
func (l StaffLine) HasTwoFactor() bool { return l.App || l.Passkeys > 0 }

func (StaffPage) file() string { return "staff/staff.html" }

// Title names the page in the browser's tab.
func (p StaffPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p StaffPage) Heading() string { return p.T("web.menu.staff") }

// AssignmentForm asks for role and sites.
type AssignmentForm struct {
	Role  string
	Roles []string
	Sites []SiteChoice
	Some  bool // at least one has to be chosen: all of them are not the person's to give
}

// SiteChoice is one site to tick.
type SiteChoice struct {
	ID, Name string
	Chosen   bool
}

// UserCreatePage adds a person.
type UserCreatePage struct {
	Panel
	Assignment AssignmentForm
	Rules      PasswordRules
}

func (UserCreatePage) file() string { return "staff/user_create.html" }

// Title names the page in the browser's tab.
func (p UserCreatePage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p UserCreatePage) Heading() string { return p.T("staff.user_create.title") }

// StaffDetailPage is one account and what can be done with it.
type StaffDetailPage struct {
	Panel
	StaffLine
	Assignment          AssignmentForm
	Act                 string            // the form that was refused
	Tokens              map[string]string // of the confirmation, by act
	Audit               bool              // the account may read the audit trail
	Created, PasswordAt time.Time
}

// StaffActionForm is one of the page's forms that need a name typed and a reason.
type StaffActionForm struct {
	Panel
	Key, Path, Name, Token string
	Open                   bool
	Sessions               int
	Assignment             AssignmentForm
}

// Ask makes the form of an act, with its message if it was the refused one.
func (p StaffDetailPage) Ask(key, path string) StaffActionForm {
	f := StaffActionForm{Panel: p.Panel, Key: key, Path: "/admin/staff/" + p.ID + path, Name: p.Name, Token: p.Tokens[key], Assignment: p.Assignment, Sessions: p.Sessions}
	if f.Open = p.Act == key; !f.Open {
		f.Form = Typed{}
	}
	return f
}

func (StaffDetailPage) file() string { return "staff/staff_detail.html" }

// Title names the page in the browser's tab.
func (p StaffDetailPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p StaffDetailPage) Heading() string { return p.Name }

// LinkPage shows a one-time link, once.
type LinkPage struct {
	Panel
	ID, Name, URL string
}

func (LinkPage) file() string { return "staff/link.html" }

// Title names the page in the browser's tab.
func (p LinkPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p LinkPage) Heading() string { return p.T("staff.link.title", "name", p.Name) }

// PolicyPage holds the rules for accounts.
type PolicyPage struct {
	Panel
	Second                             []RoleChoice
	MinLength, ExpiryDays, IdleMinutes int
	Complexity, LongShift              bool
	AllowFrom, Here                    string
}

// RoleChoice is one role to tick.
type RoleChoice struct {
	Role   string
	Chosen bool
}

func (PolicyPage) file() string { return "staff/policy.html" }

// Title names the page in the browser's tab.
func (p PolicyPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p PolicyPage) Heading() string { return p.T("web.menu.policy") }
