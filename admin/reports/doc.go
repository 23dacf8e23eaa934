// Package reports serves the dashboard, the reports and their exports.
// Sums belong to internal/shop/reports.
// Package admin mounts its routes.
package reports
