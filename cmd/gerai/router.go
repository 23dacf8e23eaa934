package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gerai/internal/app"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/shop/routers"
	"gerai/templates"
)

// routerFlags are what the router commands share.
type routerFlags struct {
	command *cobra.Command
	options routers.ProvisioningOptions
}

func (f *routerFlags) language() templates.Lang { return spoken(f.command) }

// account lets the operator's full account do the work, once.
func (f *routerFlags) account(c *cobra.Command) {
	c.Flags().StringVar(&f.options.User, "user", "", "log in to the router as this full account, for this one time; the password is asked for, or read from standard input")
}

// say prints a sentence in the language asked for.
func (f *routerFlags) say(out io.Writer, key string, pairs ...any) {
	fmt.Fprintln(out, templates.Text(f.language(), "routers.setup.say."+key, pairs...))
}

// password asks for the password of --user. On a pipe the first line is it.
func (f *routerFlags) password(c *cobra.Command, in *bufio.Reader) error {
	if f.options.User == "" {
		return nil
	}
	var err error
	f.options.Password, err = askSecret(c.InOrStdin(), in, c.ErrOrStderr(), templates.Text(f.language(), "routers.setup.say.password", "user", f.options.User)+" ")
	return err
}

// explained is a failure in the operator's words. Causes go to the log only.
func (f *routerFlags) explained(err error) error {
	if err == nil || errors.Is(err, errSick) {
		return err
	}
	if fault.KindOf(err) == fault.Internal || strings.HasPrefix(fault.CodeOf(err), "store.") {
		return err
	}
	return &told{err, templates.ProvisioningFaultText(f.language(), err)}
}

// told is an error whose sentence is fit for a terminal.
type told struct {
	cause error
	text  string
}

func (t *told) Error() string { return t.text }
func (t *told) Unwrap() error { return t.cause }

// openReader opens the database beside a running shop.
func openReader(ctx context.Context) (*app.Tool, error) {
	cfg, log, err := load(config.Tool())
	if err != nil {
		return nil, err
	}
	if cfg.Keys.Empty() {
		return nil, config.NoKey()
	}
	return app.OpenReader(ctx, cfg, log)
}

func routerCommand() *cobra.Command {
	c := &cobra.Command{Use: "router", Short: "Set a router up for the shop, audit it, or take the setup back", Long: `Everything one MikroTik router needs to serve the shop: an API account with the
least rights, api-ssl with a pinned certificate, the shop's address in the walled
garden, user profiles for the plans, and the hotspot's own pages
(docs/router-kit.md). ROUTER is a router's name or id in the catalogue.`}
	c.AddCommand(routerKitCommand(), routerSetupCommand(), routerUndoCommand(), routerCheckCommand())
	return group(c)
}

// agree asks a yes-or-no question; only yes is yes.
func (f *routerFlags) agree(in *bufio.Reader, out io.Writer, question string) (bool, error) {
	fmt.Fprintf(out, "%s [y/N] ", question)
	line, err := in.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "ya":
		return true, nil
	}
	f.say(out, "nothing_changed")
	return false, nil
}
