package archtest

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

const decisions = "docs/decisions/"

var (
	// namedModule is a Go module or a package of one as pages of decisions name
	// it: its whole path between backticks. An address begins with https://.
	namedModule = regexp.MustCompile("`([a-z0-9-]+(?:\\.[a-z0-9-]+)+/[A-Za-z0-9_./-]+)`")
	required    = regexp.MustCompile(`(?m)^(?:require)?\s+([a-zA-Z0-9.-]+\.[a-z]+/\S+) v\S+`)
)

// modulesOf lists what go.mod requires.
func modulesOf(tree fs.FS) (out []string) {
	text, _ := fs.ReadFile(tree, "go.mod") // without it nothing is required
	for _, m := range required.FindAllSubmatch(text, -1) {
		out = append(out, string(m[1]))
	}
	return out
}

// checkDecision judges the modules that a page of decisions names.
func (r *report) checkDecision(file, text string, modules []string) {
	if !strings.HasPrefix(file, decisions) {
		return
	}
	for _, m := range namedModule.FindAllStringSubmatch(text, -1) {
		if !slices.ContainsFunc(modules, func(have string) bool { return below(m[1], have) }) {
			r.complain(file, "it names the module %s, which go.mod does not require: write its whole path with the version that go.mod has, or take it out of the page", m[1])
		}
	}
}

// checkTables compares the tables of this package with what is there: every
// package, every list of packages and every reserved module.
func (r *report) checkTables(declared map[string]layer, reservedFor []reserved, modules []string) {
	const here = "internal/archtest"
	for pkg := range declared {
		if r.packages[pkg] == nil {
			r.complain(here, "its table names the package %s, which is not there: take the entry out", pkg)
		}
	}
	known := func(list string, names []string) {
		for _, n := range names {
			if _, ok := declared[n]; !ok {
				r.complain(here, "%s names the package %s, which the table of packages does not have: take it out", list, n)
			}
		}
	}
	known("pure", pure)
	known("writers", writers)
	for _, x := range reservedFor {
		known("the rule for "+x.path, x.packages)
		standard := !strings.Contains(strings.Split(x.path, "/")[0], ".")
		if !standard && !slices.ContainsFunc(modules, func(have string) bool { return below(have, x.path) }) {
			r.complain(here, "it reserves the module %s, which go.mod does not require: take the rule out", x.path)
		}
	}
}
