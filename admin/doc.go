// Package admin is the operator's panel under /admin, one file for each page or act.
// No rule of the shop, no SQL and no sentence may live here, and no right is checked anywhere but in the route table.
// The composition root mounts it; it calls shop and staff, reads the store and fills pages of templates.
package admin
