// Package store is the only package that speaks SQL: one portable text for SQLite and PostgreSQL.
// No rule about orders, money or time may live here beyond what the schema repeats; *Store has the reads, *Tx the writes.
// Handlers may read through it; only shop, staff and the job runner open a Tx.
package store
