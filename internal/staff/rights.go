package staff

import "slices"

// Right is one thing a person may do. The panel asks for one on every route;
// what is not granted here is refused.
type Right string

// The rights, grouped as the panel is: docs/reference/roles.md.
const (
	OwnAccount     Right = "own_account"     // name, password, second factor, sessions of one's own
	SeeDashboard   Right = "see_board"       // what is going on today
	SeeOrders      Right = "see_orders"      // orders of one's sites
	SeeMoney       Right = "see_money"       // amounts, payments, refunds
	SeeCredentials Right = "see_credentials" // a voucher's password: any, audited
	OwnCredentials Right = "own_credentials" // of one's own sales, for a day, audited
	RevealPhone    Right = "reveal_phone"    // whole phone numbers, audited
	Sell           Right = "sell"            // cash sale, reprint, resend the link
	GiveDiscount   Right = "give_discount"   // taking off at the counter, up to the maximum of the rules
	RetryOrder     Right = "retry_order"     // ask the gateway, activate again
	CancelOrder    Right = "cancel_order"    // cancel unpaid, force activation
	RequestRefund  Right = "request_refund"
	ApproveRefund  Right = "approve_refund"
	SeeRouters     Right = "see_routers"
	EditRouters    Right = "edit_routers" // without reading secrets
	RouterSecrets  Right = "router_secrets"
	RebootRouter   Right = "reboot_router"
	SetupRouter    Right = "setup_router"  // apply and roll back the provisioning
	HotspotUsers   Right = "hotspot_users" // users, profiles, bindings, walled garden on the router
	Kick           Right = "kick"          // end a session, move a device
	Vouchers       Right = "vouchers"      // batches, stock, settings of the print
	PrintVouchers  Right = "print_vouchers"
	SeeVouchers    Right = "see_vouchers"  // searching vouchers, a voucher's page
	HoldVouchers   Right = "hold_vouchers" // suspending one, letting it in again, moving it to another router
	BanDevices     Right = "ban_devices"   // keeping a device out of a site, letting it in again
	EditPlans      Right = "edit_plans"    // plans, prices, sites, brand
	Reports        Right = "reports"       // all revenue, exports
	OwnShift       Right = "own_shift"     // one's own till
	Reconcile      Right = "reconcile"     // the gateway, the books and routers compared; closing months
	TechReports    Right = "tech_reports"
	ManageStaff    Right = "manage_staff"
	SeeAudit       Right = "see_audit"
	Settings       Right = "settings"
	Backups        Right = "backups" // the page and the alerts about backups, asking for one
)

// granted is the whole matrix: right by right, who has it.
var granted = map[Right][]string{
	OwnAccount:     {Admin, Kasir, Teknisi},
	SeeDashboard:   {Admin, Kasir, Teknisi},
	SeeOrders:      {Admin, Kasir, Teknisi},
	SeeMoney:       {Admin, Kasir},
	SeeCredentials: {Admin},
	OwnCredentials: {Kasir},
	RevealPhone:    {Admin},
	Sell:           {Admin, Kasir},
	GiveDiscount:   {Admin, Kasir},
	RetryOrder:     {Admin, Kasir, Teknisi},
	CancelOrder:    {Admin},
	RequestRefund:  {Admin, Kasir},
	ApproveRefund:  {Admin},
	SeeRouters:     {Admin, Teknisi},
	EditRouters:    {Admin, Teknisi},
	RouterSecrets:  {Admin},
	RebootRouter:   {Admin, Teknisi},
	SetupRouter:    {Admin, Teknisi},
	HotspotUsers:   {Admin, Teknisi},
	Kick:           {Admin, Kasir, Teknisi},
	Vouchers:       {Admin},
	PrintVouchers:  {Admin, Kasir},
	SeeVouchers:    {Admin, Kasir, Teknisi},
	HoldVouchers:   {Admin, Teknisi},
	BanDevices:     {Admin, Teknisi},
	EditPlans:      {Admin},
	Reports:        {Admin},
	OwnShift:       {Admin, Kasir},
	Reconcile:      {Admin},
	TechReports:    {Admin, Teknisi},
	ManageStaff:    {Admin},
	SeeAudit:       {Admin},
	Settings:       {Admin},
	Backups:        {Admin},
}

// Roles lists every role.
var Roles = []string{Admin, Kasir, Teknisi}

// Allowed reports whether a role has a right. An unknown right is never granted.
func Allowed(role string, r Right) bool { return slices.Contains(granted[r], role) }

// May reports whether the person has a right.
func (p Principal) May(r Right) bool { return !p.Disabled && Allowed(p.Role, r) }
