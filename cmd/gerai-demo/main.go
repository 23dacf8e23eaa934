package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // demo sites live in two time zones

	"github.com/spf13/cobra"
)

type flags struct {
	addr, simAddr, routerosAddr string
	dir, database, redis        string
	fast                        float64
	ahead                       time.Duration
	logLevel                    string
}

// fastDefault is what --fast without a value means: the retry ladder of fifteen
// minutes and more shrinks to fifteen seconds and more.
const fastDefault = "60"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := command().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "gerai-demo:", err)
		os.Exit(1)
	}
}

func command() *cobra.Command {
	f := flags{}
	root := &cobra.Command{
		Use:   "gerai-demo",
		Short: "The shop, a simulated Xendit and three simulated MikroTik routers in one process",
		Long: `Starts everything with demo data and prints one line, "ready " and a JSON object,
once everything answers. No real money and no real router is involved.

With --dir everything survives kill -9 and a new start, the simulators too.`,
		SilenceUsage: true, SilenceErrors: true,
		Args: func(c *cobra.Command, args []string) error {
			// "--fast 100" reads as a flag without value and an argument.
			if len(args) == 1 && c.Flags().Changed("fast") {
				var err error
				f.fast, err = scale(args[0])
				return err
			}
			return cobra.NoArgs(c, args)
		},
		RunE: func(c *cobra.Command, _ []string) error { return run(c.Context(), f, c.OutOrStdout(), c.ErrOrStderr()) },
	}
	fl := root.Flags()
	fl.StringVar(&f.addr, "addr", "127.0.0.1:8080", "address of the shop; port 0 picks a free one")
	fl.StringVar(&f.simAddr, "sim-addr", "127.0.0.1:8090", "address of the simulated gateway and of the /_sim/ controls")
	fl.StringVar(&f.routerosAddr, "routeros-addr", "127.0.0.1:8728", "address of the first simulated router; the others take the following ports")
	fl.StringVar(&f.dir, "dir", "", "data folder (default: a fresh temporary one, removed at the end)")
	fl.StringVar(&f.database, "database", "", "another database than SQLite in the data folder, for example postgres://…")
	fl.StringVar(&f.redis, "redis", "", "redis://… to share limits and announcements")
	f.fast = 1
	fl.Var((*factor)(&f.fast), "fast", "how many times faster webhook retries follow each other; alone it means "+fastDefault)
	fl.Lookup("fast").NoOptDefVal = fastDefault
	fl.DurationVar(&f.ahead, "ahead", 0, "how far ahead of this machine's clock everything runs; with --dir a second start shows what has become of the orders by then")
	fl.StringVar(&f.logLevel, "log-level", "warn", "debug, info, warn or error; the log goes to standard error")
	root.AddCommand(simCommand(), seedCommand())
	return root
}

func newLog(level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("--log-level: %w", err)
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: l})), nil
}
