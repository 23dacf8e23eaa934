// Package voucher is the second core: what may be done with a voucher, when it ends, and which user its router should hold, as a function of recorded facts.
// It is pure: no SQL, no network, no clock and no sentence for people may live here.
// Use cases of internal/shop read the facts and have a router hold what Wanted says; handlers ask the same rules which buttons to show.
package voucher
