// Package reconciliation serves the pages that compare gateway, books and routers: rows, what is done about them, runs, files and closed months.
// What a row's state is and what may be closed is decided by internal/reconcile and internal/shop/reconciliation.
// Package admin mounts its routes.
package reconciliation
