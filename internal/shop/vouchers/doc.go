// Package vouchers activates, extends, connects, switches and ends vouchers, passes and stock on routers, reviews that routers hold what they should, and takes over their users after a restore.
// Money and prices may not be decided here.
// Jobs, the order's page and the panel call it.
package vouchers
