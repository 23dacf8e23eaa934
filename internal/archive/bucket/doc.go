// Package bucket keeps backups in a bucket of an S3-compatible store: in parts whose checksums the store compares, visible only once all of them are there.
// What a backup holds and how long it is kept is decided elsewhere.
// internal/app builds it for internal/shop/backups.
package bucket
