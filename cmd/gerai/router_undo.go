package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"gerai/templates"
)

func routerUndoCommand() *cobra.Command {
	f := &routerFlags{}
	yes := false
	c := &cobra.Command{
		Use:   "undo ROUTER",
		Short: "Take back what setup did to a router, newest first",
		Long: `Takes back every change that 'gerai router setup' made, also one that died in the
middle. What somebody changed since, or what sold vouchers still use, stays and is
named. It may be repeated after a failure.

The account that the shop had before does the work; where it has no right to,
give --user.`,
		Example: "  gerai router undo kopi-1 --user admin",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			in := bufio.NewReader(c.InOrStdin())
			if err := f.password(c, in); err != nil {
				return err
			}
			tool, err := openTool(c.Context())
			if err != nil {
				return f.explained(err)
			}
			defer tool.Close() //nolint:errcheck // nothing is left to write
			plan, err := tool.Shop.Routers.PlanRollback(c.Context(), args[0], f.options)
			if err != nil {
				return f.explained(err)
			}
			out := c.OutOrStdout()
			f.say(out, "to_take_back")
			printSteps(out, f.language(), plan.Steps)
			if !yes {
				if agreed, err := f.agree(in, out, templates.Text(f.language(), "routers.setup.say.take_back", "router", plan.Router.Name)); err != nil || !agreed {
					return err
				}
			}
			result, err := tool.Shop.Routers.Rollback(c.Context(), atTerminal(), plan)
			f.printBack(out, result)
			if err != nil {
				f.say(out, "still_there", "n", len(result.Left))
				return f.explained(err)
			}
			f.say(out, "taken_back", "router", plan.Router.Name)
			return nil
		},
	}
	f.account(c)
	f.command = c
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}
