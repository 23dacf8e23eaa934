// Package backups makes backups when they are due, keeps as many as agreed, proves by drills that they can be restored, and restores one into an empty place.
// Archives, places and PostgreSQL's programs are driven here and live elsewhere; what happens after a restore is not decided here.
// The job runner, the panel and the commands call it.
package backups
