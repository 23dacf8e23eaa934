// Package routerossim is a MikroTik router without the router: the binary API, the hotspot menus and a hotspot engine
// with phones, sessions, limits, walled gardens and a login page, spoken over real TCP and TLS sockets.
// It imports nothing but the standard library, keeps no business rule of any product, and misbehaves only on request.
// Tests, demos and third parties call it, through this package or through its HTTP controls.
package routerossim
