// Package counter serves sales for cash and by transfer, and shifts with their reports.
// Sales and tills belong to internal/shop/counter.
// Package admin mounts its routes.
package counter
