package main

import (
	"github.com/spf13/cobra"

	"gerai/internal/secret"
)

func keyCommand() *cobra.Command {
	c := &cobra.Command{Use: "key", Short: "Rotate the key under which the database is sealed"}
	c.AddCommand(&cobra.Command{
		Use:   "rotate",
		Short: "Seal everything under the first key of GERAI_SECRET_KEY",
		Long: `Puts the first key of GERAI_SECRET_KEY into force and seals everything under it, in small
steps, beside running shops too. All of them have to know the key: put it in front of
the old one, GERAI_SECRET_KEY=new,old, restart every shop, then run this once with the
same variable. Ended in the middle it goes on when it is run again. The old key is
needed until it has said that it may go. With a single key it prints a fresh one.

Links and claim codes that customers hold stay as they are.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			tool, err := openMigrated(c.Context())
			if err != nil {
				return err
			}
			defer tool.Close() //nolint:errcheck // nothing is left to write
			done, err := tool.Store.RotateKeys(c.Context(), atTerminal())
			if err != nil {
				return err
			}
			if err := say(c, "cli.key.sealed", "n", done.Sealed.Total(), "key", done.To); err != nil {
				return err
			}
			if len(tool.Config.Keys.IDs()) > 1 {
				return say(c, "cli.key.rotated", "key", done.To)
			}
			return say(c, "cli.key.alone", "fresh", secret.Generate())
		},
	})
	return group(c)
}
