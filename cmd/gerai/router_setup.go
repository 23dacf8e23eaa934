package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/templates"
)

func routerSetupCommand() *cobra.Command {
	f := &routerFlags{}
	yes := false
	c := &cobra.Command{
		Use:   "setup ROUTER",
		Short: "Show what the router needs, ask, and set it up through its API",
		Long: `Reads the router, shows every change in plain words, asks, and applies them: all or
nothing. Afterwards the shop logs in with an account of its own that has the least
rights, over api-ssl with a pinned certificate. Running it again does nothing;
'gerai router undo' takes it back. Plain api and /ip/service addresses stay as they
are.

Accounts, groups and certificates need a full account: give --user once, its
password is not kept.`,
		Example: "  gerai router setup kopi-1 --user admin",
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
			plan, err := tool.Shop.Routers.PlanProvisioning(c.Context(), args[0], f.options)
			if err != nil {
				return f.explained(err)
			}
			out := c.OutOrStdout()
			if len(plan.Blocked) > 0 {
				f.printFindings(out, plan.Blocked)
				f.say(out, "nothing_changed")
				return errSick
			}
			if len(plan.Steps) == 0 {
				f.say(out, "set_up_already", "router", plan.Router.Name)
				return nil
			}
			printSteps(out, f.language(), plan.Steps)
			if !yes {
				if agreed, err := f.agree(in, out, templates.Text(f.language(), "routers.setup.say.apply", "router", plan.Router.Name)); err != nil || !agreed {
					return err
				}
			}
			result, err := tool.Shop.Routers.Provision(c.Context(), atTerminal(), plan)
			if err := f.report(out, plan.Router.Name, result, err); err != nil {
				return err
			}
			now, err := tool.Shop.Routers.FindRouter(c.Context(), plan.Router.ID)
			if err == nil {
				f.say(out, "for_catalogue")
				fmt.Fprintf(out, "  address: %q\n  user: %s\n  tls: true\n  fingerprint: %q\n", now.Address, now.User, now.Fingerprint)
			}
			return err
		},
	}
	f.account(c)
	f.command = c
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.Flags().BoolVar(&f.options.Reboot, "reboot", false, "let the shop's account restart the router")
	c.Flags().BoolVar(&f.options.Bare, "no-pages", false, "leave the hotspot's pages alone, because they are installed by hand")
	c.Flags().StringVar(&f.options.TLSAddress, "tls-address", "", "host:port of api-ssl, when a port forward hides where it is")
	return c
}

func printSteps(out io.Writer, l templates.Lang, steps []hotspot.Step) {
	for i, st := range steps {
		fmt.Fprintf(out, "%3d. %s\n", i+1, templates.StepText(l, st))
		for _, line := range templates.StepChanges(l, st) {
			fmt.Fprintf(out, "       %s\n", line)
		}
	}
}

// report says honestly what became of the router.
func (f *routerFlags) report(out io.Writer, router string, r routers.ProvisioningResult, err error) error {
	if err == nil {
		f.say(out, "set_up", "router", router, "n", r.Done)
		return nil
	}
	if r.Failed != nil {
		f.say(out, "stopped_at", "step", templates.StepText(f.language(), *r.Failed))
	}
	f.printBack(out, r)
	switch {
	case len(r.Left) > 0:
		f.say(out, "left", "n", len(r.Left), "router", router)
	case r.Failed != nil && slices.ContainsFunc(r.RolledBack, func(b routers.RolledBackStep) bool {
		return b.Outcome == hotspot.RollbackKept || b.Outcome == hotspot.RollbackInUse
	}):
		f.say(out, "back_but")
	case r.Failed != nil:
		f.say(out, "back_all")
	}
	return f.explained(err)
}

func (f *routerFlags) printBack(out io.Writer, r routers.ProvisioningResult) {
	for _, b := range r.RolledBack {
		if b.Outcome != hotspot.RollbackGone {
			fmt.Fprintf(out, "     %s: %s\n", templates.RollbackText(f.language(), b.Outcome), templates.StepText(f.language(), b.Step))
		}
	}
}
