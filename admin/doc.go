// Package admin mounts the panel: it lists the routes of all areas in the order in which addresses are compared.
// A page belongs to the folder of its area, what every page needs to admin/web; a use case belongs to internal/shop.
// internal/app mounts it; its tests ask every route as every role.
package admin
