package backup

import (
	"context"
	"io"
)

// Place is where backups lie: a folder, or a bucket of an S3-compatible store.
// What has a final name is complete.
type Place interface {
	// String names the place without any secret.
	String() string
	// Put stores a backup and its checksum, the backup last. Errors: Conflict
	// "backup.name_taken", Unavailable "backup.full" and "backup.place_away", Config
	// "backup.place_denied".
	Put(ctx context.Context, f File, content io.Reader) error
	// List returns all backups of all series, in no order and without checksums.
	List(ctx context.Context) ([]File, error)
	// Checksum reads the checksum that was stored beside a backup, "" for none.
	Checksum(ctx context.Context, name string) (string, error)
	// Open reads a backup. Errors: NotFound "backup.gone".
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// Remove deletes a backup and then its checksum. One that is not there is no error.
	Remove(ctx context.Context, name string) error
}
