// Package clock hands out the time: UTC, whole milliseconds, the same precision the database keeps.
// Time zones, formatting and timers may not live here.
// The composition root builds one; every room that needs the time is given it.
package clock
