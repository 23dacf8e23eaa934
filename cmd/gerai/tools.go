package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/catalog"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/mistake"
	"gerai/templates"
)

func openTool(ctx context.Context) (*app.Tool, error) {
	cfg, log, err := load(config.Tool())
	if err != nil {
		return nil, err
	}
	if cfg.Keys.Empty() {
		return nil, config.NoKey()
	}
	return app.OpenTool(ctx, cfg, log)
}

// openMigrated is openTool for commands that need the tables.
func openMigrated(ctx context.Context) (*app.Tool, error) {
	tool, err := openTool(ctx)
	if err != nil {
		return nil, err
	}
	current, err := tool.Store.Current(ctx)
	if err == nil && !current {
		err = fault.Wrap(fault.Config, "store.not_migrated", errors.New("the database is not at this version's schema: run 'gerai migrate' first"))
	}
	if err != nil {
		return nil, errors.Join(err, tool.Close())
	}
	return tool, nil
}

// atTerminal is the person at the terminal.
func atTerminal() actor.Actor {
	if u, err := user.Current(); err == nil {
		return actor.Named("cli:" + u.Username)
	}
	return actor.Named("cli")
}

// readPassword asks twice on a terminal and reads one line otherwise.
func readPassword(l templates.Lang, in io.Reader, prompt io.Writer) (string, error) {
	file, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		text, err := bufio.NewReader(in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return strings.TrimRight(text, "\r\n"), nil
	}
	var twice [2]string
	for i, label := range []string{templates.Text(l, "cli.password"), templates.Text(l, "cli.password_again")} {
		if _, err := fmt.Fprint(prompt, label); err != nil {
			return "", err
		}
		raw, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(prompt)
		if err != nil {
			return "", err
		}
		twice[i] = string(raw)
	}
	if twice[0] != twice[1] {
		return "", misused("cli.passwords_differ")
	}
	return twice[0], nil
}

// askSecret asks once on a terminal and reads one line of lines otherwise.
func askSecret(in io.Reader, lines *bufio.Reader, prompt io.Writer, label string) (string, error) {
	file, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		text, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return strings.TrimRight(text, "\r\n"), nil
	}
	if _, err := fmt.Fprint(prompt, label); err != nil {
		return "", err
	}
	raw, err := term.ReadPassword(int(file.Fd()))
	fmt.Fprintln(prompt)
	return string(raw), err
}

func importCommand() *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Bring data in"}
	c.AddCommand(&cobra.Command{
		Use:   "catalogue FILE",
		Short: "Make the shop sell what a catalogue file says: brand, sites, routers, plans",
		Long: `Reads a YAML file (docs/catalogue.md) and applies it as a whole. Every mistake is
listed and nothing is changed if there is one. What the file no longer names is
hidden, never deleted. Applying the same file again changes nothing.`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := os.ReadFile(args[0])
			if err != nil {
				return misused("cli.file", "file", args[0], "why", err)
			}
			dir := filepath.Dir(args[0])
			parsed, err := catalog.ParseDocument(text, os.Getenv, func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) })
			if err != nil {
				return misused("cli.catalogue_wrong", "file", args[0], "why", "  "+strings.ReplaceAll(mistake.Text(err, inLanguage(spoken(c))), "\n", "\n  "))
			}
			tool, err := openMigrated(c.Context())
			if err != nil {
				return err
			}
			defer tool.Close() //nolint:errcheck // nothing is left to write
			if err := tool.Shop.Catalogue.ApplyCatalogue(c.Context(), atTerminal(), parsed); err != nil {
				return err
			}
			return say(c, "cli.applied", "sites", len(parsed.Sites), "routers", len(parsed.Routers), "plans", len(parsed.Plans))
		},
	})
	return group(c)
}
