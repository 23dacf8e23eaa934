package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"gerai/internal/hotspot"
	"gerai/templates"
)

func routerCheckCommand() *cobra.Command {
	f := &routerFlags{}
	asJSON := false
	c := &cobra.Command{
		Use:   "check ROUTER",
		Short: "Audit a router: what is wrong, and how to mend it",
		Long: `Looks at the kit and at what goes wrong around it: rights, certificates, walled
garden, login page, licence, clock, device-mode, version. Changes nothing and works
beside a running shop. Exit code 4 when something is wrong; notes do not count.`,
		Example: "  gerai router check kopi-1 --lang id",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.password(c, bufio.NewReader(c.InOrStdin())); err != nil {
				return err
			}
			tool, err := openReader(c.Context())
			if err != nil {
				return f.explained(err)
			}
			defer tool.Close() //nolint:errcheck // only read
			findings, err := tool.Shop.Routers.CheckProvisioning(c.Context(), args[0], f.options)
			if err != nil {
				return f.explained(err)
			}
			if asJSON {
				err = jsonFindings(c.OutOrStdout(), f.language(), findings)
			} else {
				f.printFindings(c.OutOrStdout(), findings)
			}
			if err == nil && slices.ContainsFunc(findings, func(x hotspot.Finding) bool { return x.Severity != hotspot.Note }) {
				err = errSick
			}
			return err
		},
	}
	f.account(c)
	f.command = c
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as a JSON array")
	c.Flags().BoolVar(&f.options.Bare, "no-pages", false, "do not look at the hotspot's pages, because they are somebody else's")
	return c
}

func (f *routerFlags) printFindings(out io.Writer, findings []hotspot.Finding) {
	l := f.language()
	if len(findings) == 0 {
		f.say(out, "all_well")
	}
	for _, x := range findings {
		what, mend := templates.FindingText(l, x)
		fmt.Fprintf(out, "%s %s\n      %s\n", templates.SeverityText(l, x.Severity), what, mend)
	}
}

func jsonFindings(out io.Writer, l templates.Lang, findings []hotspot.Finding) error {
	type line struct {
		hotspot.Finding
		Text string `json:"text"`
		Mend string `json:"mend"`
	}
	lines := []line{}
	for _, x := range findings {
		what, mend := templates.FindingText(l, x)
		lines = append(lines, line{x, what, mend})
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(lines)
}
