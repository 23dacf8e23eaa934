// Package alerts serves the list of what needs a person, and acknowledging.
// How an alert ends belongs to internal/shop/alerts.
// Package admin mounts its routes.
package alerts
