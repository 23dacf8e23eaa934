// Package staff serves signing in and out, the account itself, staff and their rights, the policy and the audit.
// Rules about accounts and passwords belong to internal/staff.
// Package admin mounts its routes.
package staff
