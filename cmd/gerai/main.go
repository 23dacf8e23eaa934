package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // sites name their time zones, slim images have none

	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/templates"

	"github.com/spf13/cobra"
)

// Set at build time with -ldflags "-X main.version=…".
var (
	version = "dev"
	commit  = "unknown"
)

// Exit codes. 2 is what shells use for wrong usage.
const (
	exitFailed = 1
	exitUsage  = 2
	exitConfig = 3
	exitSick   = 4 // doctor or an audit found something wrong
)

// errSick is the verdict of doctor or an audit; it has been printed already.
var errSick = errors.New("something needs mending")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	err := command().ExecuteContext(ctx)
	if err == nil {
		return
	}
	if !errors.Is(err, errSick) {
		fmt.Fprintln(os.Stderr, "gerai:", said(asked(os.Args[1:]), err))
	}
	os.Exit(exitCode(err))
}

func exitCode(err error) int {
	var mistakes config.Mistakes
	var usage *usageError
	switch {
	case errors.Is(err, errSick):
		return exitSick
	case errors.As(err, &mistakes), fault.Is(err, fault.Config):
		return exitConfig
	case errors.As(err, &usage), fault.Is(err, fault.Invalid):
		return exitUsage
	}
	return exitFailed
}

// usageError marks a wrong command line.
type usageError struct{ error }

func (u *usageError) Unwrap() error { return u.error }

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "gerai",
		Short: "Self-service storefront for MikroTik hotspot vouchers",
		Long: `Gerai sells MikroTik hotspot vouchers by itself: a customer picks a plan, pays by
QRIS or bank virtual account through Xendit, and is online seconds later.

Configuration comes from GERAI_* environment variables (docs/config.md).
Exit codes: 0 fine, 1 failed, 2 wrong usage, 3 wrong configuration, 4 doctor or router check found something.`,
		SilenceUsage: true, SilenceErrors: true,
	}
	speaks := language(templates.English)
	root.PersistentFlags().Var(&speaks, "lang", "language of what is printed, id or en")
	root.SetFlagErrorFunc(flagWrong)
	root.AddCommand(serveCommand(), migrateCommand(), staffCommand(), auditCommand(), importCommand(), exportCommand(), routerCommand(), reportsCommand(), backupCommand(), restoreCommand(), keyCommand(), doctorCommand(), versionCommand())
	return helped(group(root))
}

// group makes a command that only holds others refuse unknown ones.
func group(c *cobra.Command) *cobra.Command {
	c.Args = arguments(cobra.NoArgs)
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	return c
}

// arguments wraps cobra's argument checks so that they exit with exitUsage.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			if len(args) == 0 {
				return misused("cli.argument_missing", "use", useLine(c), "path", c.CommandPath())
			}
			return misused("cli.arguments", "given", strings.Join(args, " "), "use", useLine(c), "path", c.CommandPath())
		}
		return nil
	}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: arguments(cobra.NoArgs), RunE: func(c *cobra.Command, _ []string) error {
		return say(c, "cli.version", "version", version, "commit", commit)
	}}
}

// load reads the configuration and sets up the log.
func load(options ...config.Option) (config.Config, *slog.Logger, error) {
	return loadFrom(os.Environ(), options...)
}

func loadFrom(environ []string, options ...config.Option) (config.Config, *slog.Logger, error) {
	c, err := config.Load(environ, options...)
	if err != nil {
		return c, nil, err
	}
	var h slog.Handler = slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: c.LogLevel})
	if c.LogFormat == "text" {
		h = slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: c.LogLevel})
	}
	log := slog.New(h)
	for _, w := range c.Warnings {
		log.Warn(w)
	}
	return c, log, nil
}
