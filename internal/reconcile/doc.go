// Package reconcile compares what the gateway moved, what the books say and what routers hold, row by row, and says when a row needs a person and when a month may be closed.
// No SQL, no clock, no network and no sentence may live here; everything is a pure function of the facts handed in.
// shop/reconciliation gathers the facts and keeps the rows, the store reads and writes them, the panel shows them.
package reconcile
