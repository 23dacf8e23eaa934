// Package reconciliation reads the gateway's list of transactions day by day, has it compared with the books and with what routers hold, keeps the rows, and follows them until each has its act or its reason; it closes months.
// What a row's state is, and what may be closed, is decided by internal/reconcile; money that is found is recorded by orders and refunds.
// The job runner, the panel and the watchdog call it.
package reconciliation
