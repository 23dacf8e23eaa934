package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/catalog"
	"gerai/internal/config"
)

// seedFlags say how large a past is made.
type seedFlags struct {
	orders, vouchers, days int
	seed                   uint64
	dir, database          string
}

func seedCommand() *cobra.Command {
	f := seedFlags{orders: 10_000, days: 180, seed: 1}
	c := &cobra.Command{
		Use: "seed", Short: "Fill an empty demo shop with a past: orders, payments, refunds and vouchers",
		Long: `Makes up orders as a shop of three places would have had them, with busy evenings and
weekends, customers who pay late, twice, too much or not at all. The same --seed makes
the same past. Start the demo with the same --dir afterwards to look at it.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return seed(c.Context(), f, c.OutOrStdout()) },
	}
	fl := c.Flags()
	fl.Var((*count)(&f.orders), "orders", "how many orders")
	fl.Var((*count)(&f.vouchers), "vouchers", "how many vouchers in batches besides; most are still in stock, some were sold on paper")
	fl.Var((*count)(&f.days), "days", "over how many days, ending now")
	fl.Uint64Var(&f.seed, "seed", f.seed, "another number, another past")
	fl.StringVar(&f.dir, "dir", "", "data folder of the demo")
	fl.StringVar(&f.database, "database", "", "another database than SQLite in the data folder; without --dir, GERAI_SECRET_KEY seals it")
	return c
}

// perPart is how many orders are made at once.
const perPart = 2_500

func seed(ctx context.Context, f seedFlags, out io.Writer) (err error) {
	if f.orders < 0 || f.vouchers < 0 || f.days < 1 || f.days > 3650 {
		return errors.New("--orders and --vouchers must not be negative, --days must be 1 to 3650")
	}
	tool, err := openSeed(ctx, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tool.Close()) }()
	if _, err := tool.Migrate(ctx); err != nil {
		return err
	}
	if err := tool.Shop.Reports.Untouched(ctx); err != nil {
		return fmt.Errorf("this shop has orders already: %w", err)
	}
	c, err := catalog.ParseDocument(demoYAML, func(string) string { return "not a router" }, func(name string) ([]byte, error) { return nil, fmt.Errorf("%s: the demo has no files", name) })
	if err != nil {
		return err
	}
	if err := tool.Shop.Catalogue.ApplyCatalogue(ctx, actor.Named("demo"), c); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx) // ends the making when writing fails
	defer stop()
	debug.SetGCPercent(400) // the rows live for a moment; collecting them often costs more than they weigh
	began := time.Now()
	p := newPast(c, f, tool.Config.Zone, began)
	if err := tool.Shop.Reports.BulkLoadHistory(ctx, actor.Named("demo"), map[string]any{"orders": f.orders, "vouchers": f.vouchers, "days": f.days}, p.parts(ctx)); err != nil {
		return err
	}
	if err := tellGateway(f, p.charges); err != nil {
		return err
	}
	loaded := time.Since(began)
	days, err := tool.Shop.Reports.RebuildReports(ctx, actor.Named("demo"))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "seeded %d orders and %d vouchers in batches over %d days (%d summed up) in %s, %s of it for the rows\n", f.orders, f.vouchers, f.days, days,
		time.Since(began).Round(100*time.Millisecond), loaded.Round(100*time.Millisecond))
	return err
}

// openSeed opens the database as the demo on the same folder will.
func openSeed(ctx context.Context, f seedFlags) (*app.Tool, error) {
	key, database := os.Getenv("GERAI_SECRET_KEY"), f.database
	switch {
	case f.dir == "" && database == "":
		return nil, errors.New("--dir or --database says where to")
	case f.dir != "":
		if err := os.MkdirAll(f.dir, 0o700); err != nil {
			return nil, err
		}
		id, err := remember(f.dir)
		if err != nil {
			return nil, err
		}
		key = id.SecretKey
		if database == "" {
			database = "sqlite:" + filepath.Join(f.dir, "gerai.db")
		}
	case key == "":
		return nil, errors.New("GERAI_SECRET_KEY is needed without --dir: nothing could open what is made")
	}
	cfg, err := config.Load([]string{"GERAI_DATABASE=" + database, "GERAI_SECRET_KEY=" + key}, config.Tool())
	if err != nil {
		return nil, err
	}
	return app.OpenTool(ctx, cfg, slog.New(slog.DiscardHandler))
}
