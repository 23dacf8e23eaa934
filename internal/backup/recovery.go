package backup

import "time"

// Recovery marks a shop that was restored from a backup: what happened after the
// backup was taken is not known yet. It is kept in the database until it is.
type Recovery struct {
	// Since is when the shop was restored, TakenAt when the backup was taken:
	// between the two lies what the books lack.
	Since   time.Time `json:"since"`
	TakenAt time.Time `json:"taken_at"`
	Backup  string    `json:"backup"` // name of the file
}
