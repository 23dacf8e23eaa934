package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"gerai/internal/app"
	"gerai/internal/archive"
	"gerai/internal/backup"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/mistake"
	"gerai/internal/shop/backups"
)

// backupFlags are what the commands about backups have in common.
type backupFlags struct {
	to, identity string
	json         bool
}

func backupCommand() *cobra.Command {
	f := &backupFlags{}
	c := &cobra.Command{
		Use:   "backup",
		Short: "Make backups, list them, and prove that they can be restored",
		Long: `Backups go to the places of GERAI_BACKUP_TO, encrypted for GERAI_BACKUP_RECIPIENT
(docs/backup.md). A running shop makes one every day; these commands work beside it.`,
	}
	c.PersistentFlags().StringVar(&f.to, "to", "", "folder or s3://HOST/BUCKET/PREFIX instead of GERAI_BACKUP_TO")
	c.PersistentFlags().BoolVar(&f.json, "json", false, "print one line of JSON")
	c.AddCommand(f.nowCommand(), f.listCommand(), f.drillCommand())
	return group(c)
}

func (f *backupFlags) nowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "now",
		Short: "Make a backup, examine it, and store it",
		Args:  arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return f.run(c, func(_ context.Context, t *app.Tool) (backups.Result, error) {
				return f.makeBackup(c, t, backup.RunBackup)
			})
		},
	}
}

func (f *backupFlags) drillCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "drill",
		Short: "Prove that a backup can be restored, in an empty place beside the shop",
		Long: `Makes a backup and restores it from what is packed before it is encrypted: counts, audit
trail and a shop that starts on it are compared, and what each place keeps is read back.
With --identity the newest backup of each place is fetched and restored with the private
key instead: what the machine itself cannot try. The key is not kept.`,
		Example: "  gerai backup drill --identity /media/usb/identity.txt",
		Args:    arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			identities, err := readIdentity(f.identity)
			if err != nil {
				return err
			}
			return f.run(c, func(ctx context.Context, t *app.Tool) (backups.Result, error) {
				if identities == nil {
					return f.makeBackup(c, t, backup.RunDrill)
				}
				places, err := f.places(c, t.Config)
				if err != nil {
					return backups.Result{Kind: backup.RunByHand}, err
				}
				return t.Shop.Backups.DrillByHand(ctx, atTerminal(), identities, places)
			})
		},
	}
	c.Flags().StringVar(&f.identity, "identity", "", "file with the private key, as age-keygen writes it")
	return c
}

func (f *backupFlags) makeBackup(c *cobra.Command, t *app.Tool, kind string) (backups.Result, error) {
	ctx := c.Context()
	if f.to == "" {
		return t.Shop.Backups.Run(ctx, atTerminal(), kind)
	}
	places, err := f.places(c, t.Config)
	if err != nil {
		return backups.Result{Kind: kind}, err
	}
	return t.Shop.Backups.RunTo(ctx, atTerminal(), kind, places[0])
}

// places are those of the configuration, or the one that was named instead.
func (f *backupFlags) places(c *cobra.Command, cfg config.Config) ([]backup.Place, error) {
	if f.to == "" {
		return app.BackupPlaces(cfg)
	}
	t, err := backup.ParseTarget(f.to)
	if err != nil {
		return nil, misused("cli.backup.to", "why", mistake.Text(err, inLanguage(spoken(c))))
	}
	if missing := config.NoBucketKey(cfg); t.S3() && len(missing) > 0 {
		return nil, missing
	}
	p, err := app.BackupPlace(cfg, t)
	return []backup.Place{p}, err
}

// run opens the shop's database, does the work and says what became of it.
func (f *backupFlags) run(c *cobra.Command, do func(context.Context, *app.Tool) (backups.Result, error)) error {
	tool, err := openMigrated(c.Context())
	if err != nil {
		return f.failed(c, err)
	}
	defer tool.Close()            //nolint:errcheck // nothing is left to write
	if tool.Config.Keys.Empty() { // what it makes would be no backup of this shop
		return f.failed(c, config.NoKey())
	}
	r, err := do(c.Context(), tool)
	if f.json {
		return errors.Join(err, printJSON(c, backupLine(r, err)))
	}
	if r.File.Name != "" {
		err = errors.Join(err, f.report(c, r))
	}
	return err
}

// failed is the end of a command that could not begin.
func (f *backupFlags) failed(c *cobra.Command, err error) error {
	if f.json {
		return errors.Join(err, printJSON(c, failureLine{false, fault.CodeOf(err), err.Error()}))
	}
	return err
}

func (f *backupFlags) report(c *cobra.Command, r backups.Result) error {
	key := "cli.backup.sealed"
	if !r.File.Encrypted {
		key = "cli.backup.open"
	}
	errs := []error{say(c, "cli.backup.made", "name", r.File.Name, "rows", r.Contents.Rows(), "bytes", r.File.Bytes, "seconds", rounded(r.Took)), say(c, key)}
	for _, x := range r.Stored {
		if x.Err == nil {
			errs = append(errs, say(c, "cli.backup.place", "place", x.Place, "removed", len(x.Removed)))
		}
	}
	if r.Drilled {
		errs = append(errs, say(c, "cli.backup.drilled", "seconds", rounded(r.Drill), "age", r.Age.Round(time.Second)))
	}
	return errors.Join(errs...)
}

func rounded(d time.Duration) float64 { return d.Round(100 * time.Millisecond).Seconds() }

// failureLine, placeLine and resultLine are what --json prints.
type failureLine struct {
	OK    bool   `json:"ok"`
	Code  string `json:"code"`
	Error string `json:"error"`
}

type placeLine struct {
	Place   string   `json:"place"`
	OK      bool     `json:"ok"`
	Code    string   `json:"code,omitempty"`
	Removed []string `json:"removed,omitempty"`
}

type resultLine struct {
	OK           bool        `json:"ok"`
	Kind         string      `json:"kind"`
	Code         string      `json:"code,omitempty"`
	Error        string      `json:"error,omitempty"`
	Name         string      `json:"name,omitempty"`
	TakenAt      *time.Time  `json:"taken_at,omitempty"`
	Engine       string      `json:"engine,omitempty"`
	Schema       int64       `json:"schema,omitempty"`
	Rows         int64       `json:"rows"`
	Bytes        int64       `json:"bytes"`
	SHA256       string      `json:"sha256,omitempty"`
	Encrypted    bool        `json:"encrypted"`
	Places       []placeLine `json:"places"`
	Seconds      float64     `json:"seconds"`
	Drilled      bool        `json:"drilled"`
	DrillSeconds float64     `json:"drill_seconds,omitempty"`
	AgeSeconds   float64     `json:"age_seconds"`
}

func backupLine(r backups.Result, err error) resultLine {
	l := resultLine{OK: err == nil, Kind: r.Kind, Name: r.File.Name, Engine: r.Contents.Engine, Schema: r.Contents.Schema, Rows: r.Contents.Rows(), Bytes: r.File.Bytes, SHA256: r.File.SHA256,
		Encrypted: r.File.Encrypted, Places: []placeLine{}, Seconds: r.Took.Seconds(), Drilled: r.Drilled, DrillSeconds: r.Drill.Seconds(), AgeSeconds: r.Age.Seconds()}
	if err != nil {
		l.Code, l.Error = fault.CodeOf(err), err.Error()
	}
	if !r.File.TakenAt.IsZero() {
		l.TakenAt = &r.File.TakenAt
	}
	for _, x := range r.Stored {
		p := placeLine{Place: x.Place, OK: x.Err == nil, Removed: x.Removed}
		if x.Err != nil {
			p.Code = fault.CodeOf(x.Err)
		}
		l.Places = append(l.Places, p)
	}
	return l
}

func printJSON(c *cobra.Command, v any) error { return json.NewEncoder(c.OutOrStdout()).Encode(v) }

// readIdentity reads the private key, nil where none was named.
func readIdentity(path string) ([]archive.Identity, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, misused("cli.file", "file", path, "why", err)
	}
	defer f.Close()
	return archive.Identities(f)
}
