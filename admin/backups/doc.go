// Package backups serves the page about backups and drills, and asking for one of either.
// Making, keeping and proving them belongs to internal/shop/backups.
// Package admin mounts its routes.
package backups
