// Package clock tells the time: UTC, whole milliseconds, the same precision the database keeps.
// Time zones, formatting and timers may not live here.
// The composition root builds one; every package that needs the time gets it.
package clock
