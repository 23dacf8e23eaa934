// Package catalogue serves what is sold: plans, sites and the brand.
// What may be changed, and what is told of it, belongs to internal/shop/catalogue.
// Package admin mounts its routes.
package catalogue
