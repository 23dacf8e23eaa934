package golden

import (
	"bufio"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var labelName = regexp.MustCompile(`([a-zA-Z_]\w*)="`)

// metricLines reduces Prometheus' text format to what it declares and to the
// names of labels. What the Go runtime tells is not ours.
func metricLines(w *walk, r io.Reader) string {
	all := map[string]bool{}
	in := bufio.NewScanner(r)
	for in.Scan() {
		line := in.Text()
		if strings.HasPrefix(line, "# ") {
			if strings.HasPrefix(strings.Fields(line)[2], "gerai_") {
				all[line] = true
			}
			continue
		}
		name, rest, _ := strings.Cut(line, "{")
		name, _, _ = strings.Cut(name, " ")
		if !strings.HasPrefix(name, "gerai_") {
			continue
		}
		labels, _, _ := strings.Cut(rest, "} ")
		var names []string
		for _, m := range labelName.FindAllStringSubmatch(labels, -1) {
			names = append(names, m[1])
		}
		all[name+"{"+strings.Join(names, ",")+"}"] = true
	}
	w.must(in.Err())
	return lines(slices.Sorted(maps.Keys(all)))
}
