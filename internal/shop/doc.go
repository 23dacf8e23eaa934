// Package shop assembles the use cases: one package for each area below it, the hooks between them, and the list of what the job runner runs.
// No rule, no SQL and no HTTP may live here; a use case belongs to its area.
// internal/app builds a Shop; handlers name the area they call: Shop.Orders.Place.
package shop
