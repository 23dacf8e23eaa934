package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/backup"
)

// BackupFile is a backup at one place.
type BackupFile struct {
	Place string
	backup.File
}

var sqlBackupFiles = request(`SELECT place, name, taken_ms, bytes, sha256 FROM backup_files ORDER BY taken_ms DESC, place`)

func scanBackupFile(r scanner) (BackupFile, error) {
	var f BackupFile
	var name, sum string
	var taken unixMillis
	var bytes int64
	err := r.Scan(&f.Place, &name, &taken, &bytes, &sum)
	f.File, _ = backup.ParseName(name)
	f.Name, f.TakenAt, f.Bytes, f.SHA256 = name, taken.Time, bytes, sum
	return f, err
}

// BackupFiles lists what is known to lie at each place, the newest first.
func (r reads) BackupFiles(ctx context.Context) ([]BackupFile, error) {
	return queryAll(ctx, r.q, scanBackupFile, sqlBackupFiles)
}

// PutBackupFile notes a backup that was stored.
func (t *Tx) PutBackupFile(ctx context.Context, f BackupFile) error {
	_, err := t.exec(ctx, `INSERT INTO backup_files (place, name, taken_ms, bytes, sha256) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (place, name) DO UPDATE SET bytes = excluded.bytes, sha256 = CASE WHEN excluded.sha256 = '' THEN backup_files.sha256 ELSE excluded.sha256 END`,
		f.Place, f.Name, at(f.TakenAt), f.Bytes, f.SHA256)
	if err != nil {
		return fmt.Errorf("note backup %s: %w", f.Name, err)
	}
	return nil
}

// DropBackupFile forgets a backup that lies at a place no more.
func (t *Tx) DropBackupFile(ctx context.Context, place, name string) error {
	if _, err := t.exec(ctx, `DELETE FROM backup_files WHERE place = $1 AND name = $2`, place, name); err != nil {
		return fmt.Errorf("forget backup %s: %w", name, err)
	}
	return nil
}

// BackupMarks are instants that the shop remembers about its backups.
type BackupMarks struct {
	Series string `json:"series"` // what the names of this shop's backups have in common
	// KeySince is when the private key was last proven, or when encrypting began.
	KeySince time.Time `json:"key_since,omitzero"`
}

const backupMarksKey = "backup_marks"

// BackupMarks reads them.
func (r reads) BackupMarks(ctx context.Context) (BackupMarks, error) {
	return setting(ctx, r, backupMarksKey, BackupMarks{})
}

// PutBackupMarks replaces them.
func (t *Tx) PutBackupMarks(ctx context.Context, m BackupMarks) error {
	return t.putSetting(ctx, backupMarksKey, m)
}
