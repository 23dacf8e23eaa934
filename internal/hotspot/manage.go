package hotspot

import (
	"context"
	"time"
)

// Overview is what a router says about itself on its dashboard.
type Overview struct {
	Health
	Now                     time.Time // the router's own clock, zero when it cannot be read
	Zone                    string    // its time zone, IANA name
	Model, Serial, Firmware string    // "" where there is no board, as on CHR
	CPUs                    int
	MemoryFree, MemoryTotal int64 // bytes
	DiskFree, DiskTotal     int64 // bytes
	Users, Active           int
	Interfaces              []Interface
	Watches                 []Watch
}

// Interface is one of a router's network interfaces.
type Interface struct {
	Name, Kind, Comment string
	Running, Disabled   bool
}

// Watch is one host that the router itself watches (netwatch).
type Watch struct {
	Host, Name, Comment string
	Status              string // up, down or unknown
	Since               string // in the router's own notation and time zone
	Disabled            bool
}

// Rate is traffic in bits per second, as the router sees it.
type Rate struct{ Rx, Tx int64 }

// Sample is how busy a router is at one moment.
type Sample struct {
	CPU, Memory int // per cent
	Active      int // devices online
	Rate            // all interfaces together
}

// LogLine is one line of a router's log.
type LogLine struct{ Time, Topics, Message string }

// Item is one row of a list. Values stand in the order of the menu's columns.
type Item struct {
	ID     string // the router's own, without the star: upper-case hex
	Values []string
}

// Counters is what a user has used so far.
type Counters struct {
	Uptime, LimitUptime time.Duration
	Bytes, LimitBytes   int64
}

// Choices are names that fields of a form may take.
type Choices struct{ Profiles, Servers, Pools []string }

// Of lists the names that a field of this kind may take.
func (c Choices) Of(k FieldKind) []string {
	switch k {
	case FieldProfile:
		return c.Profiles
	case FieldServer:
		return c.Servers
	case FieldPool:
		return c.Pools
	}
	return nil
}

// Manager shows and changes what is on a router beside vouchers: it serves the
// operator's panel. Every method has a deadline. Errors are those of Driver;
// rows that are gone are NotFound "router.no_item", one that is there already
// Conflict "router.exists". Writes whose answer was lost are Unknown.
type Manager interface {
	// Overview reads everything the dashboard shows.
	Overview(ctx context.Context, r Router) (Overview, error)
	// Sample reads how busy the router is.
	Sample(ctx context.Context, r Router) (Sample, error)
	// Traffic reads the rate of one interface, once.
	Traffic(ctx context.Context, r Router, name string) (Rate, error)
	// Log reads the latest lines, newest first, at most most of them; topic
	// narrows them when it is not "".
	Log(ctx context.Context, r Router, topic string, most int) ([]LogLine, error)
	// List reads a whole menu, only the columns that are shown.
	List(ctx context.Context, r Router, m Menu) ([]Item, error)
	// Find reads rows by the exact name of what they are about; the router
	// itself searches.
	Find(ctx context.Context, r Router, m Menu, name string) ([]Item, error)
	// Counters reads what the named users, at most a page of them, have used.
	Counters(ctx context.Context, r Router, names []string) (map[string]Counters, error)
	// Detail reads every column and form field of one row.
	Detail(ctx context.Context, r Router, m Menu, id string) (map[string]string, error)
	// Choices lists names for forms.
	Choices(ctx context.Context, r Router) (Choices, error)
	// Add makes a row and returns its id. A row that says exactly the same is
	// not made a second time.
	Add(ctx context.Context, r Router, m Menu, values map[string]string) (string, error)
	// Set changes the given fields of a row; "" clears one. A user that is
	// disabled loses its sessions and cookies.
	Set(ctx context.Context, r Router, m Menu, id string, values map[string]string) error
	// Remove takes a row away: a user with its sessions and cookies, a session
	// with the cookies of its device. What is gone already is no error.
	Remove(ctx context.Context, r Router, m Menu, id string) error
	// ResetCounters sets what a user has used back to nothing.
	ResetCounters(ctx context.Context, r Router, id string) error
	// Reboot restarts the router. It answers when the router has heard.
	Reboot(ctx context.Context, r Router) error
	// Certificate is the SHA-256, in lower-case hex, of the certificate that the router
	// shows; no login is sent. Unavailable when it shows none.
	Certificate(ctx context.Context, r Router) (string, error)
}
