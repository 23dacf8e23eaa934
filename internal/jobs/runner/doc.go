// Package runner runs what is due: it leases due jobs, passes them to the shop and runs periodic tasks.
// No business rule, no SQL text and no network call may live here; the shop's errors steer what happens to a job.
// The composition root starts one per process; several processes share the rows safely through leases and fences.
package runner
