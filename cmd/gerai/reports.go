package main

import (
	"context"

	"github.com/spf13/cobra"

	"gerai/internal/app"
)

func reportsCommand() *cobra.Command {
	c := &cobra.Command{Use: "reports", Short: "Look after the sums that reports are made of"}
	c.AddCommand(&cobra.Command{
		Use:   "rebuild",
		Short: "Throw all daily sums away and add them up again from orders, payments and refunds",
		Long: `Nothing is lost: sums are only a faster way to read what the orders say. Needed
after somebody changed the database by hand; a changed time zone mends itself.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			tool, err := openMigrated(c.Context())
			if err != nil {
				return err
			}
			defer tool.Close() //nolint:errcheck // nothing is left to write
			days, err := tool.Shop.Reports.RebuildReports(c.Context(), atTerminal())
			if err != nil {
				return err
			}
			return say(c, "cli.summed", "n", days)
		},
	})
	return group(c)
}

// reports compares the daily sums with what they were made of.
func (e *examination) reports(ctx context.Context, t *app.Tool) {
	wrong, compared, err := t.Shop.Reports.CheckReports(ctx)
	if err == nil && len(wrong) > 0 {
		err = says("cli.dr.sums.differ", "n", len(wrong), "day", wrong[0])
	}
	e.line(e.text("cli.dr.sums", "n", compared), err, e.text("cli.dr.sums.do"))
}
