// Package admission bounds how much work of one kind is under way at once, and refuses the surplus before it begins: admission control and load shedding.
// It may know nothing of what the work is: no HTTP, no SQL and no sentence.
// Handlers enter before the work and leave after it; adapters step aside while they wait for the outside world.
package admission
