// Package setup serves the guided page from an empty shop to its first sale, and the keys of the payment
// gateway. What is done and what is missing belongs to internal/shop/setup; larger forms are those of
// the areas they belong to.
// Package admin mounts its routes.
package setup
