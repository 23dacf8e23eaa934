package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gerai/internal/hotspot"
)

func routerKitCommand() *cobra.Command {
	f := &routerFlags{}
	out := ""
	c := &cobra.Command{
		Use:   "kit ROUTER",
		Short: "Write a router's whole kit as files, to be installed by hand",
		Long: `Writes README.txt (how to install, in Indonesian), setup.rsc (a commented RouterOS
script that does what 'gerai router setup' does) and portal/ (the hotspot's own
pages). The router is not contacted; the command works beside a running shop.
setup.rsc holds a fresh password each time: delete it after use.`,
		Example: "  gerai router kit kopi-1 --out ./kopi-1",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			tool, err := openReader(c.Context())
			if err != nil {
				return f.explained(err)
			}
			defer tool.Close() //nolint:errcheck // only read
			files, err := tool.Shop.Routers.ProvisioningFiles(c.Context(), args[0], f.options)
			if err != nil {
				return f.explained(err)
			}
			dir := out
			if dir == "" {
				dir = "gerai-" + safeName(args[0])
			}
			if err := writeKit(dir, files); err != nil {
				return err
			}
			for _, file := range files {
				fmt.Fprintf(c.OutOrStdout(), "%7d  %s\n", len(file.Body), filepath.Join(dir, filepath.FromSlash(file.Name)))
			}
			f.say(c.OutOrStdout(), "start_with", "file", filepath.Join(dir, "README.txt"))
			return nil
		},
	}
	f.command = c
	c.Flags().StringVar(&out, "out", "", "folder to write to (default gerai-ROUTER)")
	c.Flags().BoolVar(&f.options.Reboot, "reboot", false, "let the shop's account restart the router")
	return c
}

// safeName keeps a router's name from leaving the folder.
func safeName(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:. `, r) || r < ' ' {
			return '-'
		}
		return r
	}, s)
}

// writeKit writes files that only their owner may read: one holds a password.
func writeKit(dir string, files []hotspot.Page) error {
	for _, file := range files {
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(file.Body), 0o600); err != nil {
			return err
		}
		if err := os.Chmod(path, 0o600); err != nil { // it may have been there already
			return err
		}
	}
	return nil
}
