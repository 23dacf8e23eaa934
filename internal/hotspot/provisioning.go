package hotspot

import (
	"context"
	"time"
)

// Provisioning is everything one router needs to serve a shop.
type Provisioning struct {
	Host     string // the shop's one address for customers: a name or an IP address
	Port     int
	Secure   bool   // customers reach it by https
	User     string // name wished for the API account and its group; a taken one gets a number
	Password string // fresh, for the API account; secret
	Reboot   bool   // the account may restart the router
	Profiles []Profile
	Pass     *Pass  // RateLimit and Duration of the site's grace passes, nil when they are off
	Pages    []Page // of the hotspot's login server
	Bare     bool   // leave the pages as they are
	Stored   Router // how the shop reaches the router today
}

// Page is one file for a hotspot's html-directory.
type Page struct {
	Name string // "login.html"
	Body string
}

// ProvisioningMark starts the comment of every row that setup makes.
const ProvisioningMark = "gerai-kit"

// StepKind says what a step is about; sentences are found by it.
type StepKind string

// The kinds of steps, in the order they are taken. StepAccess is the shop's
// own: its stored record changes to the new account.
const (
	StepGroup        StepKind = "group"
	StepUser         StepKind = "user"
	StepCertificate  StepKind = "certificate"
	StepService      StepKind = "service"
	StepProfile      StepKind = "profile"
	StepPass         StepKind = "pass"
	StepWalledGarden StepKind = "garden"
	StepDirectory    StepKind = "directory"
	StepPage         StepKind = "page"
	StepLogin        StepKind = "login_by"
	StepScheduler    StepKind = "scheduler"
	StepAccess       StepKind = "access"
)

// StepKinds lists them all.
var StepKinds = []StepKind{StepGroup, StepUser, StepCertificate, StepService, StepProfile, StepPass, StepWalledGarden, StepDirectory, StepPage, StepLogin, StepScheduler, StepAccess}

// Step is one change of one row, with what is needed to take it back. Values
// may be secret: a step is stored sealed and never logged.
type Step struct {
	Kind   StepKind
	Item   string // what people call the thing: a name, a file
	Add    bool   // a row is made, else a row is changed
	Menu   string // the driver's own word for the place
	Key    map[string]string
	Before map[string]string // of a change: what the fields said
	After  map[string]string
}

// RollbackOutcome says how taking a step back went.
type RollbackOutcome string

const (
	// RollbackDone: the row is as it was.
	RollbackDone RollbackOutcome = "undone"
	// RollbackGone: there was nothing to take back.
	RollbackGone RollbackOutcome = "gone"
	// RollbackKept: it was changed since, so it stays.
	RollbackKept RollbackOutcome = "kept"
	// RollbackInUse: vouchers use it, so it stays.
	RollbackInUse RollbackOutcome = "in_use"
)

// ProvisioningPlan is what setup would do to a router. Nothing may be applied while
// something is in Blocked.
type ProvisioningPlan struct {
	User    string // the API account's name on this router
	Steps   []Step
	Blocked []Finding
}

// Severity orders findings.
type Severity string

const (
	// Wrong: customers or money are at risk.
	Wrong Severity = "wrong"
	// Warning: it will hurt sooner or later.
	Warning Severity = "warning"
	// Note: worth knowing, nothing to correct.
	Note Severity = "note"
)

// Finding is one thing an audit has to say. ID is stable; Values fill its
// sentences.
type Finding struct {
	ID       string            `json:"id"`
	Severity Severity          `json:"severity"`
	Values   map[string]string `json:"values,omitempty"`
}

// FindingIDs lists every finding but those about steps ("kit.group" and so on).
var FindingIDs = []string{
	"account_plain", "account_rights", "service_open", "certificate_age", "certificate_pin", "hotspot_certificate", "dns_name_missing", "dns_name_local",
	"login_chap_only", "login_trial", "md5_missing", "use_radius", "server_missing", "server_invalid", "server_disabled", "device_mode", "flagged",
	"version_cve", "version_advisory", "clock", "licence", "licence_full", "chr_free", "disk", "probe_host", "garden_wide", "garden_shared",
	"session_timeout", "scheduler_start", "profile_script", "profile_monitor", "outside_flash", "override", "override_missing", "option_114_off", "option_114_other", "unreadable",
	"no_file_add", "page_too_long", "page_unreadable", "no_directory", "forbidden_host",
}

// Provisioner sets routers up. Errors are those of Driver, and Conflict
// "router.kit_changed": the row is no longer what the step expects.
type Provisioner interface {
	// PlanProvisioning reads the router and works out what is missing; it changes
	// nothing. Steps come in the order they must be taken.
	PlanProvisioning(ctx context.Context, r Router, k Provisioning) (ProvisioningPlan, error)
	// ApplyStep takes one step and reads it back. A step that is taken already
	// is no error. After an answer is lost it looks before it repeats.
	ApplyStep(ctx context.Context, r Router, s Step) error
	// RollbackStep takes one step back, whether it was taken, half taken or not at all. What
	// was changed since stays as it is.
	RollbackStep(ctx context.Context, r Router, s Step) (RollbackOutcome, error)
	// SecureAccess is how the router serves its API over TLS: the port and the
	// SHA-256 of the certificate in lower-case hex. Config "router.kit_no_tls"
	// when it does not.
	SecureAccess(ctx context.Context, r Router) (port int, fingerprint string, err error)
	// Fingerprint is the SHA-256 of a certificate on the router, by its name.
	// NotFound "router.no_item" when it is not there or not signed.
	Fingerprint(ctx context.Context, r Router, certificate string) (string, error)
	// CheckProvisioning audits the router.
	CheckProvisioning(ctx context.Context, r Router, k Provisioning) ([]Finding, error)
	// ProvisioningScript writes a script that does the same as setup, for operators who
	// import it themselves; importing it twice changes nothing.
	ProvisioningScript(k Provisioning, made time.Time) string
}
