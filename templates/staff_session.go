package templates

var sessionPages = []Page{SignInPage{}, ReauthenticatePage{}}

// SignInPage is the sign-in page.
type SignInPage struct {
	Panel
	Next    string // where to go afterwards, a path of the panel
	Passkey bool   // passkeys can be used
}

func (SignInPage) file() string { return "staff/sign_in.html" }

// Title names the page in the browser's tab.
func (p SignInPage) Title() string { return p.T("staff.sign_in.title") + " · " + p.Brand().Name }

// ReauthenticatePage asks for the password again, or for the second factor of those who
// have one, before an act that cannot be taken back.
type ReauthenticatePage struct {
	Panel
	Next               string
	Kept               string // the form that is completed afterwards, "" for none
	Code, App, Passkey bool
}

func (ReauthenticatePage) file() string { return "staff/reauthenticate.html" }

// Title names the page in the browser's tab.
func (p ReauthenticatePage) Title() string {
	return p.T("staff.reauthenticate.title") + " · " + p.Brand().Name
}

// Heading is the page's first line.
func (p SignInPage) Heading() string { return p.T("staff.sign_in.title") }

// Heading is the page's first line.
func (p ReauthenticatePage) Heading() string { return p.T("staff.reauthenticate.title") }
