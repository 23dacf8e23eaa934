// Package routers serves the inventory of routers, their provisioning, health and traffic, and the lists of what a router holds.
// What is sent to a router belongs to internal/shop/routers.
// Package admin mounts its routes.
package routers
