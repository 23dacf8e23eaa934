// Package hotspot is the port to whatever lets a customer online: a MikroTik router's own users today, RADIUS tomorrow.
// No RouterOS words beyond what every driver needs, no SQL and no order rules may live here.
// Use cases in internal/shop call it, hotspot/routeros implements it, hotspot/hotspottest proves every driver alike.
package hotspot
