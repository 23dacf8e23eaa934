package main

import (
	"github.com/spf13/cobra"

	"gerai/internal/app"
)

func serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Run the shop",
		Long: `Migrates the database if needed, then serves until SIGTERM or Ctrl-C: requests and
work under way are finished first. A second signal ends it at once.

As long as there is no staff account, a link that makes the first admin is printed
to standard error. It works once, for 24 hours.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, log, err := load()
			if err != nil {
				return err
			}
			a, err := app.Open(c.Context(), cfg, log)
			if err != nil {
				return err
			}
			defer a.Close() //nolint:errcheck // the program ends; what matters is committed
			if _, err := a.Migrate(c.Context()); err != nil {
				return err
			}
			if err := a.Listen(); err != nil {
				return err
			}
			link, err := a.SetupLink(c.Context())
			if err != nil {
				return err
			}
			if link != "" {
				if err := sayTo(c, c.ErrOrStderr(), "cli.first_admin", "link", link); err != nil {
					return err
				}
			}
			return a.Run(c.Context())
		},
	}
}

func migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database schema up to date and seal what older versions left readable",
		Args:  arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			tool, err := openTool(c.Context())
			if err != nil {
				return err
			}
			defer tool.Close() //nolint:errcheck // nothing is left to write
			steps, err := tool.Migrate(c.Context())
			if err != nil {
				return err
			}
			return say(c, "cli.schema", "n", steps)
		},
	}
}
