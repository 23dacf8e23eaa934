// Package routers holds the inventory of routers, their provisioning and its rollback, the management of what a router holds, its health and its traffic.
// Vouchers may not be sold or ended here, and no word of the RouterOS protocol may appear: hotspot.Driver has those.
// The panel, the command line and the runner's timers call it.
package routers
