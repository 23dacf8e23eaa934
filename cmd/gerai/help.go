package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gerai/templates"
)

// helped makes a program print its help in the language asked for. The texts in
// the code are English, as cobra's own are; the message files have them again,
// with what they are in another language.
func helped(root *cobra.Command) *cobra.Command {
	usual := root.HelpFunc()
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		if l := spoken(c); l != templates.English {
			c.InitDefaultHelpFlag()
			translate(l, c.Root())
			c.SetUsageFunc(func(c *cobra.Command) error {
				_, err := fmt.Fprint(c.OutOrStderr(), usage(l, c))
				return err
			})
		}
		usual(c, args)
	})
	return root
}

// helpText is an English help text in another language, itself where the message
// files do not have it, which the tests never let pass.
func helpText(l templates.Lang, english string) string {
	if text, ok := templates.Translated(l, "cli.help.", english); ok {
		return text
	}
	return english
}

func translate(l templates.Lang, c *cobra.Command) {
	c.Short, c.Long = helpText(l, c.Short), helpText(l, c.Long)
	each := func(f *pflag.Flag) {
		if f.Usage = helpText(l, f.Usage); f.Name == "help" {
			f.Usage = templates.Text(l, "cli.help.frame.help", "name", c.DisplayName())
		}
		if text, ok := templates.Translated(l, "cli.staff.reason", f.DefValue); ok {
			f.DefValue = text
		}
	}
	c.PersistentFlags().VisitAll(each)
	c.LocalNonPersistentFlags().VisitAll(each)
	for _, below := range c.Commands() {
		translate(l, below)
	}
}

// useLine is how a command is written.
func useLine(c *cobra.Command) string { return marks(spoken(c), c.UseLine()) }

// marks puts cobra's words for what a command line may hold into a language.
func marks(l templates.Lang, line string) string {
	if l == templates.English {
		return line
	}
	return strings.NewReplacer("[flags]", "[opsi]", "[command]", "[perintah]").Replace(line)
}

var valueType = regexp.MustCompile(`(?m)^(\s+(?:-\w, |    )--[\w-]+ )(stringArray|string)\b`)

// flagUsages lists flags as cobra does, in Indonesian, the columns as they are.
func flagUsages(l templates.Lang, flags *pflag.FlagSet) string {
	text := strings.TrimRight(flags.FlagUsages(), " \n")
	if l == templates.English {
		return text
	}
	text = valueType.ReplaceAllStringFunc(text, func(s string) string {
		head, word, _ := strings.Cut(s, "string")
		return head + "teks  " + strings.Repeat(" ", len(word))
	})
	return strings.ReplaceAll(text, "(default ", "(bawaan ")
}

// usage is the lower part of a help text, in cobra's form.
func usage(l templates.Lang, c *cobra.Command) string {
	var b strings.Builder
	part := func(head, body string) {
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(templates.Text(l, "cli.help.frame."+head) + "\n" + body)
	}
	lines := "  " + marks(l, c.UseLine())
	if c.HasAvailableSubCommands() {
		lines += "\n  " + marks(l, c.CommandPath()+" [command]")
	}
	part("usage", lines)
	if c.HasExample() {
		part("examples", c.Example)
	}
	if c.HasAvailableSubCommands() {
		var below []string
		for _, x := range c.Commands() {
			if x.IsAvailableCommand() || x.Name() == "help" {
				below = append(below, fmt.Sprintf("  %-*s %s", x.NamePadding(), x.Name(), x.Short))
			}
		}
		part("commands", strings.Join(below, "\n"))
	}
	if c.HasAvailableLocalFlags() {
		part("flags", flagUsages(l, c.LocalFlags()))
	}
	if c.HasAvailableInheritedFlags() {
		part("global", flagUsages(l, c.InheritedFlags()))
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("\n\n" + templates.Text(l, "cli.help.frame.more", "path", c.CommandPath()))
	}
	return b.String() + "\n"
}
