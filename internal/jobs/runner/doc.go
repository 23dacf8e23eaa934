// Package runner is the door through which time walks in: it claims due jobs, hands them to the shop and runs periodic tasks.
// No business rule, no SQL text and no network call may live here; the shop's errors steer what happens to a job.
// The composition root starts one per process; several processes share the rows safely through leases and fences.
package runner
