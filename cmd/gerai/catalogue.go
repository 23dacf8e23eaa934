package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gerai/internal/catalog"
	"gerai/internal/mistake"
	"gerai/internal/shop/catalogue"
	"gerai/templates"
)

func importCommand() *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Bring data in"}
	var dry, keep bool
	file := &cobra.Command{
		Use:   "catalogue FILE",
		Short: "Make the shop sell what a catalogue file says: brand, sites, routers, plans",
		Long: `Reads a YAML file (docs/catalogue.md), says what it changes and applies it as a whole.
Every mistake is listed and nothing is changed if there is one. What the file no longer
names is hidden, never deleted. Applying the same file again changes nothing. What was
changed in the panel since the last import is marked before it is overwritten; with
--keep-panel nothing is applied while something is marked.`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return importCatalogue(c, args[0], dry, keep) },
	}
	file.Flags().BoolVar(&dry, "dry-run", false, "only say what would change")
	file.Flags().BoolVar(&keep, "keep-panel", false, "apply nothing where that overwrites what was changed in the panel since the last import")
	c.AddCommand(file)
	return group(c)
}

func importCatalogue(c *cobra.Command, file string, dry, keep bool) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return misused("cli.file", "file", file, "why", err)
	}
	dir := filepath.Dir(file)
	parsed, err := catalog.ParseDocument(text, os.Getenv, func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) })
	if err != nil {
		return misused("cli.catalogue_wrong", "file", file, "why", "  "+strings.ReplaceAll(mistake.Text(err, inLanguage(spoken(c))), "\n", "\n  "))
	}
	tool, err := openMigrated(c.Context())
	if err != nil {
		return err
	}
	defer tool.Close() //nolint:errcheck // nothing is left to write
	in := catalogue.Import{Catalogue: parsed, Overwrite: !keep, KeepRouters: catalogue.WithoutRouters(text)}
	if dry {
		all, err := tool.Shop.Catalogue.PlanImport(c.Context(), in)
		if err == nil {
			err = sayDifferences(c, all)
		}
		if err != nil {
			return err
		}
		return say(c, "cli.import.dry")
	}
	all, err := tool.Shop.Catalogue.ImportCatalogue(c.Context(), atTerminal(), in)
	if err == nil || errors.Is(err, catalogue.ErrPanelChanged) {
		err = errors.Join(sayDifferences(c, all), err)
	}
	if err != nil {
		return err
	}
	return say(c, "cli.applied", "sites", len(parsed.Sites), "routers", len(parsed.Routers), "plans", len(parsed.Plans))
}

// sayDifferences lists what an import changes, field by field.
func sayDifferences(c *cobra.Command, all []catalog.Difference) error {
	if len(all) == 0 {
		return say(c, "cli.import.nothing")
	}
	for _, d := range all {
		thing := strings.Join(strings.Fields(templates.Text(spoken(c), "catalogue.kind."+d.Kind)+" "+d.ID), " ")
		if d.Name != "" && d.Name != d.ID {
			thing += " (" + d.Name + ")"
		}
		if err := say(c, "cli.import."+d.What, "thing", thing); err != nil {
			return err
		}
		for _, f := range d.Fields {
			key := "cli.import.field"
			if f.Panel {
				key = "cli.import.panel"
			}
			if err := say(c, key, "field", f.Field, "old", orDash(f.Old), "new", orDash(f.New)); err != nil {
				return err
			}
		}
	}
	return nil
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func exportCommand() *cobra.Command {
	c := &cobra.Command{Use: "export", Short: "Take data out"}
	c.AddCommand(&cobra.Command{
		Use:   "catalogue",
		Short: "Write the catalogue as a file that can be imported",
		Long: `Writes brand, sites, routers and plans as YAML to standard output, without the passwords
of routers. Importing it again changes nothing.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			tool, err := openMigrated(c.Context())
			if err != nil {
				return err
			}
			defer tool.Close() //nolint:errcheck // nothing is left to write
			all, err := tool.Store.Catalogue(c.Context())
			if err != nil {
				return err
			}
			_, err = c.OutOrStdout().Write(all.Document())
			return err
		},
	})
	return group(c)
}
