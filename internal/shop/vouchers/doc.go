// Package vouchers activates, extends, connects, switches and ends vouchers, passes and stock on routers, and reviews that routers hold what they should.
// Money and prices may not be decided here.
// Jobs, the order's page and the panel call it.
package vouchers
