package templates

// BusyPage says that more is asked than the shop can serve now, and leads to another try.
type BusyPage struct {
	Base
	// Repeat: an act was sent. The page has a form that sends it again, to the page's own
	// path; else the page reloads.
	Repeat bool
	// Refused: nothing of the act was done. Of others it is not known how far they came.
	Refused bool
	Fields  []Field // what the form sends
	// Press is after how many seconds a script presses the button, "0" for never.
	Press string
}

func (BusyPage) file() string { return "storefront/busy.html" }

// Title names the page in the browser's tab.
func (p BusyPage) Title() string { return p.T("storefront.busy.title") + " · " + p.Brand().Name }
