package routerossim

import (
	"strings"
	"testing"
)

// Files take and show as much as their version allows.
func TestFileLimits(t *testing.T) {
	for version, most := range map[string]int{"6.49": 4 << 10, "7.13": 4 << 10, "7.14": 60 << 10} {
		r := start(t, Options{Version: version})
		want(t, r.fileLimit(), most)
		c := dial(t, r)
		if version == "6.49" {
			r.PutFile("x", "y")
		} else {
			c.ok("/file/add", "=name=x", "=contents=y")
		}
		c.ok("/file/set", "=.id=x", "=contents="+strings.Repeat("x", most))
		want(t, len(c.ok("/file/print", "?name=x").rows()[0]["contents"]), most)
		c.refused("failure: contents too long", "/file/set", "=.id=x", "=contents="+strings.Repeat("x", most+1))
	}
}
