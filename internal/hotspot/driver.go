package hotspot

import (
	"context"
	"time"
)

// Router is one device and how to reach it. Password is secret: it is never
// logged or printed.
type Router struct {
	ID          string
	Name        string
	Address     string // host:port of the API service
	User        string
	Password    string
	TLS         bool
	Fingerprint string // lower-case hex SHA-256 of the certificate; required with TLS
	Server      string // hotspot server name new users belong to, "" or "all" for any
}

// Profile is what a plan becomes on a router. Profiles whose name starts with
// OwnPrefix belong to Gerai and are kept in step; others are used as found and
// only created when absent.
type Profile struct {
	Name        string
	RateLimit   string // RouterOS notation "upload/download", "" for none
	SharedUsers int    // devices at once, at least 1
	Price       int64  // rupiah, shown by Mikhmon
	Validity    time.Duration
}

// OwnPrefix marks profiles that Gerai made.
const OwnPrefix = "gerai-"

// User is one voucher as the router must know it. Name and Comment identify
// it: a row with this name and this comment's order mark is ours.
type User struct {
	Name, Password string
	Comment        string
	OrderMark      string        // part of Comment that no other order has
	LimitUptime    time.Duration // most lifetime online time, 0 for none
	LimitBytes     int64         // lifetime traffic up+down in bytes, 0 for none
	// Bound is the end that the router enforces. Left is the online time that fits in
	// before it, over all devices, 0 where that is not known: a limit is never written that
	// leaves more.
	Bound   Bound
	Left    time.Duration
	Profile Profile
	// Recorded: the books say that the router has it, so that a row which lost its comment
	// is known by its name. Claimed: a person said that the row of this name is it,
	// whatever its comment says.
	Recorded, Claimed bool
}

// Same reports whether two users are the same but for the time that has passed.
func (u User) Same(other User) bool {
	u.Left = other.Left
	return u == other
}

// Ensured says what EnsureUser found.
type Ensured struct {
	Existed bool // an earlier, half-finished call had made it
}

// Brief is what a listing first says of a user. Digest stands for all of its row but the
// counters: while it is the same, nothing that Found holds beside them has changed. It
// means something in this process only.
type Brief struct {
	Name   string
	Digest uint64
	Uptime time.Duration
	Bytes  int64
}

// Listed is one hotspot user as a router lists it, of the shop or not.
type Listed struct {
	Found
	Digest uint64
}

// Roll is what a router holds.
type Roll struct {
	Up    time.Duration // since it started
	Users []Listed
	Time  time.Time     // the router's clock, zero where it does not say
	Skew  time.Duration // the router's clock minus ours
	Ends  SchedulerState
}

// Correction says how a user should be.
type Correction struct {
	User
	Off     bool // it is to be disabled; how the rest of it is does not matter
	Rewrite bool // its password is written although the router hides which it has
}

// Corrected says what CorrectUsers found and changed.
type Corrected struct {
	Added   bool
	Changed Parts
	Err     error
}

// Device is a customer's phone as its browser claimed it to be.
type Device struct {
	MAC string // AA:BB:CC:DD:EE:FF
	IP  string
}

// Session is one device online. What stands below Uptime is told by Driver.Sessions alone.
type Session struct {
	User   string
	MAC    string
	IP     string
	Uptime time.Duration

	Server string        // of the hotspot
	Left   time.Duration // until the router ends it, 0 where it does not say
	Bytes  int64         // up and down together, of this session
	Name   string        // what the device calls itself, "" where the router does not know
}

// Ban keeps a device out of a hotspot. ID is part of the router's comment, by which the row
// is known as ours.
type Ban struct {
	ID  string // letters and digits
	MAC string // AA:BB:CC:DD:EE:FF
}

// BanMark starts the comment of the binding of a ban; its id follows.
const BanMark = "gerai-ban-"

// BansHeld says what SyncBans changed.
type BansHeld struct{ Added, Removed, Ended int }

// MostSessions bounds what is read of the devices online on one router.
const MostSessions = 20_000

// Usage is what a user has used over its whole life, and the limits the router
// holds it to.
type Usage struct {
	Uptime      time.Duration
	Bytes       int64         // up and down together
	LimitUptime time.Duration // 0 for none
	LimitBytes  int64         // 0 for none
	Sessions    []Session
}

// UsedUp reports whether a limit on online time or data is reached: the router
// lets such a user in no more.
func (u Usage) UsedUp() bool {
	return u.LimitUptime > 0 && u.Uptime >= u.LimitUptime || u.LimitBytes > 0 && u.Bytes >= u.LimitBytes
}

// Pass is a few minutes of internet for one device.
type Pass struct {
	Name, Password string // Name starts with PassPrefix
	OrderMark      string // the order it is for, part of the router's comment
	Device         Device
	Duration       time.Duration
	EndsAt         time.Time
	RateLimit      string // RouterOS notation
	LimitBytes     int64  // up and down together
	PerRouter      int    // passes at the same time
}

// PassPrefix starts the user name of every pass, PassProfile is their profile.
const (
	PassPrefix  = "gp-"
	PassProfile = OwnPrefix + "pass"
)

// Health is what a router says about itself.
type Health struct {
	Identity string
	Version  string
	Board    string
	Uptime   time.Duration
	CPULoad  int // per cent
	// Time is the router's clock, zero where it does not say.
	Time time.Time
	// ClockSkew is the router's clock minus ours.
	ClockSkew time.Duration
	Latency   time.Duration
}

// Driver makes customers online. Every method has a deadline, is safe to call
// from several goroutines and is idempotent. Errors are faults: Unavailable
// (the router was not reached, nothing was done), Unknown (it may have been
// done: call again, the driver verifies first), Config (login, certificate,
// permission), Refused (the router said no for good), Conflict with code
// "router.name_taken" (a foreign user, profile, scheduler or script has that
// name: choose another), NotFound.
type Driver interface {
	// Ping logs in and reads the router's health.
	Ping(ctx context.Context, r Router) (Health, error)
	// EnsureUser makes the profile and the user exist as described. After a
	// lost answer it reads back before adding again.
	EnsureUser(ctx context.Context, r Router, u User) (Ensured, error)
	// AddUsers makes many users, several at a time and as fast as the router bears without
	// delaying other calls. The answer has one error for each user, nil when it is there as
	// described; it is as idempotent as EnsureUser. Time may run out before all were tried:
	// those answer Unavailable "router.busy".
	AddUsers(ctx context.Context, r Router, users []User) []error
	// DisableUsers is DisableUser for many, in the manner of AddUsers.
	DisableUsers(ctx context.Context, r Router, names []string) []error
	// CorrectUsers has each user be as its correction says, in the manner of AddUsers: it
	// looks at the row first, writes the parts that are not right and nothing else, and says
	// what that was. Counters stay as they are. A user that is to be disabled and is gone
	// is left so. Where the row is foreign it is Conflict "router.name_taken".
	CorrectUsers(ctx context.Context, r Router, users []Correction) []Corrected
	// RemoveUsers takes users away that are disabled for good, in the manner of AddUsers,
	// with their sessions and cookies. Each is looked at first: Conflict "router.name_taken"
	// where it is foreign, Conflict "router.row_changed" where it is enabled. One that
	// is gone is no error.
	RemoveUsers(ctx context.Context, r Router, users []User) []error
	// TakenNames lists the names that no new user may have: those of users,
	// profiles, schedulers and scripts. It reads whole menus: once per batch.
	TakenNames(ctx context.Context, r Router) ([]string, error)
	// FindUser reports whether our user is there.
	FindUser(ctx context.Context, r Router, name, orderMark string) (bool, error)
	// DisableUser ends a voucher: user disabled, sessions and cookies removed.
	// A user that is gone already is no error.
	DisableUser(ctx context.Context, r Router, name string) error
	// Connect logs the device in as the user, if and only if the router itself
	// lists a host with exactly this MAC and IP that is not bypassed. NotFound
	// when there is no such host; nil when it is already online as this user.
	Connect(ctx context.Context, r Router, d Device, name, password string) error
	// Hosts lists the devices that the router sees behind its hotspot, about MostSessions of them
	// at most, once for each address; bypassed ones are not listed.
	Hosts(ctx context.Context, r Router) ([]Device, error)
	// Usage reads what a user has used and which devices are online as it.
	// NotFound "router.no_item" when the router does not know the user.
	Usage(ctx context.Context, r Router, name string) (Usage, error)
	// Kick ends all sessions of a user and makes its devices forget the way
	// back in; the user itself stays as it is.
	Kick(ctx context.Context, r Router, name string) error
	// GrantPass gives a device a few minutes of capped internet, if and only if
	// the router lists it as a host that is not online yet. The router itself
	// ends the pass. Errors beyond the usual: NotFound "device.not_seen",
	// Conflict "device.busy", Limited "pass.full" and "pass.router_busy".
	GrantPass(ctx context.Context, r Router, p Pass) error
	// RevokePass removes a pass with its session; one that is gone is no error.
	RevokePass(ctx context.Context, r Router, name string) error
	// SweepPasses removes what is left of passes that ended before now and
	// returns how many it found.
	SweepPasses(ctx context.Context, r Router, now time.Time) (int, error)
	// Online lists the users that devices are online as, each once. wanted is asked of each
	// session's user, and those it wants are returned; the bytes are its own during the call
	// only.
	Online(ctx context.Context, r Router, wanted func(user []byte) bool) ([]string, error)
	// OnlineFor says for how long each of some users is online, of several devices the one
	// that is it the longest. One that is not online is not there.
	OnlineFor(ctx context.Context, r Router, users []string) (map[string]time.Duration, error)
	// Sessions lists every device that is online, at most MostSessions of them, with the
	// names that devices told the router's DHCP server. For comparison in the background and
	// never for a sale.
	Sessions(ctx context.Context, r Router) ([]Session, error)
	// SyncBans has the router block exactly the devices of bans: rows of ours that are missing,
	// altered or stand behind one that lets the device in are made again, those of other bans
	// go, and what others made stays. Banned devices that are online are put out.
	SyncBans(ctx context.Context, r Router, bans []Ban) (BansHeld, error)
	// ListUsers reads all hotspot users in one pass, for comparison in the background and
	// never for a sale. wanted is asked of each in turn, and those it wants are returned.
	ListUsers(ctx context.Context, r Router, wanted func(Brief) bool) (Roll, error)
	// HoldEnds has the router's scheduler of ends be as it should, running or not, and says
	// whether it was changed for that.
	HoldEnds(ctx context.Context, r Router, on bool) (changed bool, err error)
	// Forget drops pooled connections of a router, for changed credentials.
	Forget(routerID string)
	// Close ends all connections.
	Close() error
}
