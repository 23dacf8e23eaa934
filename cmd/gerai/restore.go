package main

import (
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"gerai/internal/app"
	"gerai/internal/backup"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/shop/backups"
	"gerai/internal/store"
)

func restoreCommand() *cobra.Command {
	var database, identity string
	asJSON := false
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a shop of a backup, where none is",
		Long: `FILE is a backup, or s3://HOST/BUCKET/PREFIX/NAME. Everything is verified first. A
database with a shop in it, or that somebody uses, is never written over. The schema is
brought up to date, and the shop is marked as restored: what happened since the backup is
not known to it. GERAI_SECRET_KEY must be the key that the shop had.`,
		Example: "  gerai restore gerai-k3s9x2ab-20261201T200003.045Z-sqlite.tar.zst.age --database sqlite:./data/gerai.db --identity identity.txt",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := restore(c, args[0], database, identity)
			if asJSON {
				return errors.Join(err, printJSON(c, restoredLine(r, err)))
			}
			if err != nil {
				return err
			}
			return tellRestored(c, r)
		},
	}
	c.Flags().StringVar(&database, "database", "", "where the shop is to be: sqlite:PATH, or postgres://URL of an empty database")
	c.Flags().StringVar(&identity, "identity", "", "file with the private key, as age-keygen writes it")
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON")
	return c
}

// tellRestored says what was restored and what the shop does not know yet.
func tellRestored(c *cobra.Command, r backups.Restored) error {
	errs := []error{say(c, "cli.restore.done", "name", r.Mark.Backup, "rows", r.Manifest.Rows(), "steps", r.Steps, "seconds", rounded(r.Took)),
		say(c, "cli.restore.since", "when", r.Mark.TakenAt.Format(time.RFC3339), "age", r.Mark.Since.Sub(r.Mark.TakenAt).Round(time.Second))}
	for _, x := range r.Skipped {
		errs = append(errs, say(c, "cli.restore.skipped", "first", store.Receipt{Year: x.Year, No: x.First}.Number(), "last", store.Receipt{Year: x.Year, No: x.Last}.Number()))
	}
	return errors.Join(append(errs, say(c, "cli.restore.recovers"))...)
}

func restore(c *cobra.Command, from, database, identity string) (r backups.Restored, err error) {
	if database == "" {
		return r, misused("cli.restore.database")
	}
	identities, err := readIdentity(identity)
	if err != nil {
		return r, err
	}
	cfg, log, err := loadFrom(append(os.Environ(), "GERAI_DATABASE="+database), config.Tool())
	if err != nil {
		return r, err
	}
	if cfg.Keys.Empty() {
		return r, config.NoKey()
	}
	return app.Restore(c.Context(), cfg, log, atTerminal(), from, identities)
}

type restoreLine struct {
	OK         bool       `json:"ok"`
	Code       string     `json:"code,omitempty"`
	Error      string     `json:"error,omitempty"`
	Name       string     `json:"name,omitempty"`
	TakenAt    *time.Time `json:"taken_at,omitempty"`
	AgeSeconds float64    `json:"age_seconds"`
	Engine     string     `json:"engine,omitempty"`
	Rows       int64      `json:"rows"`
	Steps      int        `json:"schema_steps"`
	Recovery   bool       `json:"recovery"`
	// Skipped are numbers of receipts that are left out.
	Skipped []backup.SkippedReceipts `json:"receipts_skipped,omitempty"`
	Seconds float64                  `json:"seconds"`
}

func restoredLine(r backups.Restored, err error) restoreLine {
	l := restoreLine{OK: err == nil, Name: r.Mark.Backup, Engine: r.Manifest.Engine, Rows: r.Manifest.Rows(), Steps: r.Steps, Recovery: err == nil, Skipped: r.Skipped, Seconds: r.Took.Seconds()}
	if err != nil {
		l.Code, l.Error = fault.CodeOf(err), err.Error()
		return l
	}
	l.TakenAt, l.AgeSeconds = &r.Mark.TakenAt, r.Mark.Since.Sub(r.Mark.TakenAt).Seconds()
	return l
}
