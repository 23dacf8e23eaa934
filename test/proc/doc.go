// Package proc runs the real program beside the simulators, for tests that kill it.
// Nothing here knows what the program does; it starts, waits, kills and restarts.
// The campaign and the replica tests call it.
package proc
