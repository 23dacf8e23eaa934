// Package hotspottest is the one suite that every hotspot driver has to pass.
// Nothing about any one driver's protocol may live here; the fixture hides it.
// The tests of each driver call it.
package hotspottest
