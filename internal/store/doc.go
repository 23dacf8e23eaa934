// Package store is the only package that speaks SQL: one portable text for SQLite and PostgreSQL.
// No rule about orders, money or time may live here beyond what the schema repeats; *Store has the reads, *Tx the writes.
// Handlers may read through it; only shop, staff and the job runner open a Tx.
//
// # Files
//
// A table's SQL is in the file of its name: orders.go. Where that grew too long it is in several that
// begin so: orders_counts.go, vouchers_stock.go. Some tables keep names from before the words of today,
// and files say the words: webhook_events.go is events, provisionings.go is kits and kit_steps,
// dirty_days.go is report_marks, report_sums.go is report_days, report_cells and report_flows. Tables
// that are a column of another one stand with it: slugs in sites.go, receipt_years in receipts.go,
// audit_head in audit.go.
//
// Reads across tables have files of their own: catalogue, differences, indicators, order_facts,
// order_list, report_raw, report_rows, shift_report, totals. What is kept sealed and found by digests is
// in sealed, sealed_tables, reseal, reseal_pace, rotate and seal_old. The rest is the engine: store, engine, readers, turns,
// pooler, migrate, tx, dialect, scan, clauses, registry, faults, and bulk, bulk_load and history for
// generated data.
//
// # Rows that are not there
//
// A reader of one row has one of two shapes.
//
//   - (row, error): the row should be there, because an address, a link or another row names it. A row
//     that is not is an ErrXxxNotFound of faults.go, which callers compare with errors.Is. See queryRow.
//   - (row, found, error): to have none is an ordinary answer, as for the receipt of an order, the order
//     of a form, or whatever a search or a gateway's message names. See queryOptional.
//
// Counts and sums have no row to miss. See queryOne. Guarded writes return whether they changed
// something.
package store
