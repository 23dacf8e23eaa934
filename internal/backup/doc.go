// Package backup says what a backup is: its name, its manifest, the places where it may lie, when the next one is due, which are kept, and the mark of a shop that was restored from one.
// No file, no network and no SQL may live here; archives are made in internal/archive, and copies of the database in internal/store.
// internal/shop/backups, the adapters of places and the configuration call it.
package backup
