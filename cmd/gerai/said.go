package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/mistake"
	"gerai/templates"
)

// sentence is an error that is said in the reader's language.
type sentence struct {
	key   string
	pairs []any
}

func (s *sentence) in(l templates.Lang) string { return templates.Text(l, s.key, s.pairs...) }

// Error is English, for logs and tests.
func (s *sentence) Error() string { return s.in(templates.English) }

func says(key string, pairs ...any) *sentence { return &sentence{key: key, pairs: pairs} }

// misused is a wrong command line.
func misused(key string, pairs ...any) error { return &usageError{says(key, pairs...)} }

// said is what a terminal reads about an error: the sentence of its fault, if it
// has one, and below it what happened, from which the cause can be found.
func said(l templates.Lang, err error) string {
	var mistakes config.Mistakes
	var own *sentence
	var kit *told
	var usage *usageError
	var f *fault.Error
	switch {
	case errors.As(err, &own):
		return own.in(l)
	case errors.As(err, &mistakes):
		return mistaken(l, mistakes)
	case errors.As(err, &kit) || errors.As(err, &usage):
		return err.Error()
	case (!errors.As(err, &f) || f.Kind == fault.Internal) && l == templates.English:
		return err.Error()
	}
	return templates.FaultText(l, err) + "\n  " + templates.Text(l, "cli.cause", "cause", err)
}

// mistaken lists what is wrong with the configuration.
func mistaken(l templates.Lang, all config.Mistakes) string {
	lines := []string{templates.Text(l, "cli.config.mistakes", "n", len(all))}
	for _, x := range all {
		lines = append(lines, fmt.Sprintf("  %s: %s", x.Name, mistake.Text(x.Problem, inLanguage(l))), "      "+templates.Text(l, "cli.config.example", "example", x.Name+"="+x.Example))
	}
	return strings.Join(lines, "\n")
}

// inLanguage translates the formats of mistakes, which the code has in English.
func inLanguage(l templates.Lang) func(format string) string {
	return func(format string) string {
		if text, ok := templates.Translated(l, "mistake.", format); ok {
			return text
		}
		return format
	}
}

// language is a flag that takes the languages there are.
type language templates.Lang

func (l *language) String() string { return string(*l) }
func (l *language) Type() string   { return "id|en" }

// Set reads the flag.
func (l *language) Set(s string) error {
	if !slices.Contains(templates.Langs, templates.Lang(s)) {
		return says("cli.flag_lang")
	}
	*l = language(s)
	return nil
}

// spoken is the language that a command was asked to speak.
func spoken(c *cobra.Command) templates.Lang {
	if f := c.Root().PersistentFlags().Lookup("lang"); f != nil {
		return templates.Lang(f.Value.String())
	}
	return templates.English
}

// asked is the language that a command line names, also one that could not be read.
func asked(args []string) templates.Lang {
	for i, a := range args {
		if a == "--lang=id" || a == "--lang" && i+1 < len(args) && args[i+1] == "id" {
			return templates.Indonesian
		}
	}
	return templates.English
}

// say prints a sentence in the language asked for.
func say(c *cobra.Command, key string, pairs ...any) error {
	return sayTo(c, c.OutOrStdout(), key, pairs...)
}

func sayTo(c *cobra.Command, out io.Writer, key string, pairs ...any) error {
	_, err := fmt.Fprintln(out, templates.Text(spoken(c), key, pairs...))
	return err
}

// flagWrong is a flag that cannot be read, in a sentence.
func flagWrong(c *cobra.Command, err error) error {
	var (
		own      *sentence
		unknown  *pflag.NotExistError
		empty    *pflag.ValueRequiredError
		value    *pflag.InvalidValueError
		malform  *pflag.InvalidSyntaxError
		flag     = "--"
		path     = c.CommandPath()
		withName = func(name string) string {
			if len(name) == 1 {
				return "-" + name
			}
			return flag + name
		}
	)
	switch {
	case errors.As(err, &own):
		return &usageError{own}
	case errors.As(err, &unknown):
		return misused("cli.flag_unknown", "flag", withName(unknown.GetSpecifiedName()), "path", path)
	case errors.As(err, &empty):
		return misused("cli.flag_empty", "flag", withName(empty.GetSpecifiedName()), "path", path)
	case errors.As(err, &value):
		return misused("cli.flag_value", "flag", withName(value.GetFlag().Name), "value", value.GetValue(), "path", path)
	case errors.As(err, &malform):
		return misused("cli.flag_unknown", "flag", malform.GetSpecifiedFlag(), "path", path)
	}
	return &usageError{err}
}
