// Package archive writes and reads the file that a backup is: a tar of the manifest and the database, packed with zstd and encrypted with age, so that the tools of those names open it as well.
// Where it lies is known to its folders, folder and bucket; what it must hold and when it is made is decided elsewhere.
// internal/shop/backups calls it.
package archive
