// Package cache keeps what may be lost at any moment: rate limits, short leases and the "look again" messages between processes.
// No fact of an order, a session or money may live here; the database is the only truth, and every user must stay correct when all of this vanishes.
// Handlers and use cases get one Cache from the composition root, in memory for one process or on Redis for several.
package cache
