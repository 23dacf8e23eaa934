// Package jobs names the work that happens after a commit: kinds, arguments, queues and the errors that steer a retry.
// No loop, no SQL and no business rule may live here; the loop is jobs/runner, the rows are in store, the work is in shop.
// The shop queues them inside its transactions and the runner calls the shop with them.
package jobs
