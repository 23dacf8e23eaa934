package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"

	"golang.org/x/term"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/config"
	"gerai/internal/fault"
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
