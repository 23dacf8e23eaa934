// Package folder keeps backups in a folder: written under a temporary name, forced to the disk and renamed, so that what has a final name is whole.
// What a backup holds and how long it is kept is decided elsewhere.
// internal/app builds it for internal/shop/backups.
package folder
