package config

import (
	"fmt"
	"strings"
)

// Markdown returns the text of docs/config.md. A test keeps the file equal to
// it; `go test ./internal/config -update` writes it.
func Markdown() string {
	var b strings.Builder
	b.WriteString(`# Configuration

Generated from the tags of ` + "`internal/config.Config`" + `; a test fails when this page is stale.

Everything is read from the environment once, at start. A mistake stops the program, and all mistakes are listed at once, each
with an example. An empty variable counts as unset. Unknown variables that begin with ` + "`GERAI_`" + ` are reported in the log, except
` + "`GERAI_ROUTER_*`" + `, which are free for router passwords named in a catalogue file.

| variable | default | meaning |
|---|---|---|
`)
	for _, v := range variables() {
		standard := "`" + v.standard + "`"
		switch {
		case v.needed:
			standard = "**needed**"
		case v.standard == "":
			standard = "empty"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", v.name, standard, v.doc)
	}
	b.WriteString(`
"Needed" means: needed by ` + "`gerai serve`" + `. Commands that only use the database do without, and the demo brings its own.

## Examples

` + "```sh\n")
	for _, v := range variables() {
		if strings.HasPrefix(v.example, "(") {
			fmt.Fprintf(&b, "%s=...  # %s\n", v.name, strings.Trim(v.example, "()"))
		} else {
			fmt.Fprintf(&b, "%s=%q\n", v.name, v.example)
		}
	}
	b.WriteString("```\n")
	return b.String()
}
