package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/fault"
	"gerai/internal/staff"
	"gerai/internal/store"
)

func auditCommand() *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "Prove and export the audit trail"}
	var noted []string
	verify := &cobra.Command{
		Use:   "verify",
		Short: "Walk the whole chain and hold it against the daily anchors",
		Long: `Exits with 4 when a row was changed, added or removed. An anchor that was noted
outside the system also proves that the chain was not computed anew.`,
		Example: "  gerai audit verify --anchor 1204:9f2c…",
		Args:    arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			anchors, err := readAnchors(noted)
			if err != nil {
				return err
			}
			return withTool(c, func(ctx context.Context, t *app.Tool) error {
				rows, err := t.Accounts.VerifyAudit(ctx, anchors...)
				if err != nil {
					return errors.Join(errSick, say(c, "cli.audit.wrong", "n", rows, "why", said(spoken(c), err)))
				}
				seq, hash, err := t.Store.AuditEnd(ctx)
				if err != nil {
					return err
				}
				return say(c, "cli.audit.sound", "n", rows, "end", fmt.Sprintf("%d:%s", seq, hash))
			})
		},
	}
	verify.Flags().StringArrayVar(&noted, "anchor", nil, "SEQ:HASH noted earlier, as often as there are any")
	var f store.AuditFilter
	export := &cobra.Command{
		Use: "export", Short: "Write the audit trail as CSV to standard output, the newest row first",
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return withTool(c, func(ctx context.Context, t *app.Tool) error {
				if name, ofStaff := actor.StaffName(f.Actor); ofStaff {
					found, err := t.Accounts.AuditOfPerson(ctx, f, name)
					switch {
					case err == nil:
						f, f.Actor = found, ""
					case !fault.Is(err, fault.NotFound):
						return err
					}
				}
				_, err := t.Accounts.ExportAudit(ctx, c.OutOrStdout(), f, 0)
				return err
			})
		},
	}
	export.Flags().StringVar(&f.Actor, "actor", "", "only of this actor, for example staff:siti, also under former names")
	export.Flags().StringVar(&f.Action, "action", "", "only this act, or a family that ends in a dot, for example staff.")
	export.Flags().StringVar(&f.Subject, "subject", "", "only about this, for example order:01H…")
	c.AddCommand(verify, export)
	return group(c)
}

func readAnchors(texts []string) (out []staff.Anchor, err error) {
	for _, text := range texts {
		number, hash, found := strings.Cut(text, ":")
		seq, err := strconv.ParseUint(number, 10, 63) // no sign
		if err != nil || !found || hash == "" {
			return nil, misused("cli.anchor")
		}
		out = append(out, staff.Anchor{Seq: int64(seq), Hash: hash})
	}
	return out, nil
}
