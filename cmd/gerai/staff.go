package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"gerai/internal/app"
	"gerai/internal/fault"
	"gerai/internal/staff"

	"github.com/spf13/cobra"
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
			// Whoever types a password twice should not learn afterwards that it was in vain.
			return withTool(c, func(ctx context.Context, t *app.Tool) error {
				password, err := readPassword(c.InOrStdin(), c.ErrOrStderr())
				if err != nil {
					return err
				}
				account, err := t.Office.Add(ctx, actor(), args[0], role, password)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(c.OutOrStdout(), "added %s (%s)\n", account.Name, account.Role)
				return err
			})
		},
	}
	add.Flags().StringVar(&role, "role", role, "admin, kasir or teknisi")
	c.AddCommand(add, staffListCommand(), resetSecondCommand(), allowAnyCommand())
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

// atTerminal is who acts here.
func atTerminal() staff.By { return staff.By{Actor: actor()} }

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
				fmt.Fprintln(w, "NAME\tROLE\tSITES\tSECOND FACTOR\tSTATE\tCREATED")
				for _, s := range all {
					keys, err := t.Store.CountPasskeys(ctx, s.ID)
					if err != nil {
						return err
					}
					sites, second, state := "all", "no", "active"
					if len(s.Sites) > 0 {
						sites = strings.Join(s.Sites, ",")
					}
					if s.TOTP != "" || keys > 0 {
						second = "yes"
					}
					switch {
					case s.Disabled:
						state = "disabled"
					case s.PasswordHash == "":
						state = "invited"
					}
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", s.Name, s.Role, sites, second, state, s.CreatedAt.Format(time.DateOnly))
				}
				return w.Flush()
			})
		},
	}
}

func resetSecondCommand() *cobra.Command {
	reason := "at the server's terminal"
	c := &cobra.Command{
		Use:   "reset-second-factor NAME",
		Short: "Take code app, passkeys and recovery codes off somebody who lost them",
		Args:  arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			return withTool(c, func(ctx context.Context, t *app.Tool) error {
				s, err := t.Store.StaffByName(ctx, args[0])
				if err != nil {
					return err
				}
				if err := t.Office.ResetSecond(ctx, atTerminal(), s.ID, staff.Confirmation{Typed: s.Name, Reason: reason}); err != nil {
					return err
				}
				_, err = fmt.Fprintf(c.OutOrStdout(), "%s has no second factor any more; all sessions ended\n", s.Name)
				return err
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
				if err := t.Office.AllowAny(ctx, atTerminal()); err != nil {
					return err
				}
				_, err := fmt.Fprintln(c.OutOrStdout(), "the panel opens to every network")
				return err
			})
		},
	}
}

// sentences for faults that reach a terminal.
var sentences = map[string]string{
	"staff.name_form":      "the name must have 2 to 32 lower-case letters, digits, dots, hyphens or underscores",
	"staff.role_unknown":   "the role must be admin, kasir or teknisi",
	"staff.password_short": fmt.Sprintf("the password must have at least %d characters, or what the account rules ask for", staff.MinPassword),
	"staff.password_known": "the password is easy to guess or has leaked; use a few random words",
	"staff.password_plain": "the password needs upper case, lower case and a digit",
	"staff.name_taken":     "an account with this name exists already",
	"staff.not_found":      "there is no account with this name",
	"staff.last_admin":     "at least one admin has to be able to sign in",
	"staff.reason_missing": "the reason must have 3 to 300 characters",
}

func explain(err error) error {
	if s, ok := sentences[fault.CodeOf(err)]; ok {
		return &usageError{errors.New(s)}
	}
	return err
}
