// Package pgtool runs pg_dump and pg_restore, PostgreSQL's own programs, with a deadline and without a password on their command lines.
// What is dumped, and whether a database may be written to, is decided elsewhere.
// internal/shop/backups calls it.
package pgtool
