package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"gerai/internal/app"
	"gerai/internal/fault"
	"gerai/internal/staff"
	"gerai/templates"
)

func staffCommand() *cobra.Command {
	c := &cobra.Command{Use: "staff", Short: "Manage the operator's people"}
	role := staff.Admin
	add := &cobra.Command{
		Use:     "add NAME",
		Short:   "Add an account; the password is asked for, or read from standard input",
		Example: "  gerai staff add --role kasir siti",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			// The database is opened first: a failure there must come before a password is typed.
			return withTool(c, func(ctx context.Context, t *app.Tool) error {
				password, err := readPassword(spoken(c), c.InOrStdin(), c.ErrOrStderr())
				if err != nil {
					return err
				}
				account, err := t.Accounts.Add(ctx, atTerminal(), args[0], role, password)
				if err != nil {
					return err
				}
				return say(c, "cli.staff.added", "name", account.Name, "role", account.Role)
			})
		},
	}
	add.Flags().StringVar(&role, "role", role, "admin, kasir or teknisi")
	c.AddCommand(add, staffListCommand(), resetTwoFactorCommand(), allowAnyCommand())
	return group(c)
}

// withTool opens the database for one command and explains what people may
// have done wrong.
func withTool(c *cobra.Command, act func(context.Context, *app.Tool) error) error {
	tool, err := openMigrated(c.Context())
	if err != nil {
		return err
	}
	defer tool.Close() //nolint:errcheck // nothing is left to write
	return explain(act(c.Context(), tool))
}

func staffListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the accounts", Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return withTool(c, func(ctx context.Context, t *app.Tool) error {
				all, err := t.Store.ListStaff(ctx)
				if err != nil {
					return err
				}
				w := tabwriter.NewWriter(c.OutOrStdout(), 0, 4, 2, ' ', 0)
				word := func(key string) string { return templates.Text(spoken(c), "cli.staff."+key) }
				fmt.Fprintln(w, word("head"))
				for _, s := range all {
					keys, err := t.Store.CountPasskeys(ctx, s.ID)
					if err != nil {
						return err
					}
					sites, second, state := word("all"), word("no"), word("active")
					if len(s.Sites) > 0 {
						sites = strings.Join(s.Sites, ",")
					}
					if s.TOTP != "" || keys > 0 {
						second = word("yes")
					}
					switch {
					case s.Disabled:
						state = word("off")
					case s.PasswordHash == "":
						state = word("invited")
					}
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", s.Name, s.Role, sites, second, state, s.CreatedAt.Format(time.DateOnly))
				}
				return w.Flush()
			})
		},
	}
}

func resetTwoFactorCommand() *cobra.Command {
	reason := templates.Text(templates.English, "cli.staff.reason")
	c := &cobra.Command{
		Use:   "reset-second-factor NAME",
		Short: "Take code app, passkeys and recovery codes off somebody who lost them",
		Args:  arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if !c.Flags().Changed("reason") {
				reason = templates.Text(spoken(c), "cli.staff.reason")
			}
			return withTool(c, func(ctx context.Context, t *app.Tool) error {
				s, err := t.Store.StaffByName(ctx, args[0])
				if err != nil {
					return err
				}
				if err := t.Accounts.ResetTwoFactor(ctx, atTerminal(), s.ID, staff.Confirmation{Typed: s.Name, Reason: reason}); err != nil {
					return err
				}
				return say(c, "cli.staff.reset", "name", s.Name)
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", reason, "kept in the audit trail")
	return c
}

func allowAnyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "allow-any", Short: "Open the panel to every network again, when the list of networks locked everybody out",
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return withTool(c, func(ctx context.Context, t *app.Tool) error {
				if err := t.Accounts.AllowAny(ctx, atTerminal()); err != nil {
					return err
				}
				return say(c, "cli.staff.any")
			})
		},
	}
}

// explain reports faults that the arguments can solve as errors of the command line.
func explain(err error) error {
	if key := "cli." + fault.CodeOf(err); templates.HasText(key) {
		return misused(key, "n", staff.MinPassword)
	}
	return err
}
