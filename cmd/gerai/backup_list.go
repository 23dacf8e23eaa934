package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"gerai/internal/backup"
	"gerai/internal/config"
)

// listTime bounds the question to one place.
const listTime = time.Minute

// listCommand asks the places alone: it works where the database is lost.
func (f *backupFlags) listCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the backups that lie at each place, the newest first",
		Long: `Asks the places and needs no database, so that it also works after a loss. Backups of
other shops at the same place are listed, too: their names have another series.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, _, err := load(config.Tool())
			if err != nil {
				return f.failed(c, err)
			}
			places, err := f.places(c, cfg)
			if err == nil && len(places) == 0 {
				err = says("cli.backup.no_place")
			}
			if err != nil {
				return f.failed(c, err)
			}
			files, err := listAll(c.Context(), places)
			if f.json {
				return errors.Join(err, printJSON(c, struct {
					OK    bool       `json:"ok"`
					Files []fileLine `json:"files"`
				}{err == nil, files}))
			}
			return errors.Join(err, printFiles(c, files))
		},
	}
}

type fileLine struct {
	Place     string    `json:"place"`
	Name      string    `json:"name"`
	Series    string    `json:"series"`
	TakenAt   time.Time `json:"taken_at"`
	Engine    string    `json:"engine"`
	Encrypted bool      `json:"encrypted"`
	Bytes     int64     `json:"bytes"`
}

func listAll(ctx context.Context, places []backup.Place) ([]fileLine, error) {
	out, errs := []fileLine{}, []error{}
	for _, p := range places {
		asked, cancel := context.WithTimeout(ctx, listTime)
		files, err := p.List(asked)
		cancel()
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", p, err))
		}
		for _, b := range files {
			out = append(out, fileLine{p.String(), b.Name, b.Series, b.TakenAt, b.Engine, b.Encrypted, b.Bytes})
		}
	}
	slices.SortStableFunc(out, func(a, b fileLine) int { return cmp.Or(b.TakenAt.Compare(a.TakenAt), cmp.Compare(a.Place, b.Place)) })
	return out, errors.Join(errs...)
}

func printFiles(c *cobra.Command, files []fileLine) error {
	if len(files) == 0 {
		return say(c, "cli.backup.none")
	}
	w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, b := range files {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", b.TakenAt.Local().Format(time.DateTime), b.Name, b.Bytes, b.Place)
	}
	return w.Flush()
}
