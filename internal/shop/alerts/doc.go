// Package alerts says how each kind of alert ends, closes those that are over, notes who looks after one, and reads the list of what needs a person.
// What opens an alert belongs to the area that sees the trouble; sentences about alerts belong to the templates.
// The watchdog, the panel and the areas above call it.
package alerts
