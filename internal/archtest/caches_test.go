package archtest

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// The page of caches lists everything that is kept in memory between calls, with
// the lives and bounds of the code.
func TestCachesAreListed(t *testing.T) {
	for _, c := range compareCaches(os.DirFS("../..")) {
		t.Error(c)
	}
}

func TestBadPagesOfCaches(t *testing.T) {
	const code = "package orders\n\nconst life = 5 * time.Second\n\ntype views struct {\n\tmu sync.Mutex\n\tkept map[string]int\n}\n\ntype Service struct {\n\tsums *cache.Memo[string, int]\n}\n\ntype hub struct {\n\tnow atomic.Pointer[int]\n}\n\ntype plain struct{ m map[string]int }\n"
	const page = "| cache | life | bound |\n|---|---|---|\n| `internal/shop/orders.views` | `life = 5 * time.Second` | one |\n| `internal/shop/orders.Service.sums` | | |\n\n| state | what |\n|---|---|\n| `internal/shop/orders.hub` | now |\n"
	for name, c := range map[string]struct{ page, code, want string }{
		"good":         {page, code, ""},
		"new cache":    {page, code + "\ntype more struct {\n\tsync.RWMutex\n\tm map[int]int\n}\n", "`internal/shop/orders.more` is in 0 of the two tables: list it as a cache, with its life and bound and what drops it, or as state"},
		"gone":         {page, strings.ReplaceAll(code, "now atomic.Pointer[int]", "now int"), "the row of `internal/shop/orders.hub` names nothing that is kept: take the line out"},
		"another life": {page, strings.ReplaceAll(code, "5 *", "6 *"), "the row of `internal/shop/orders.views` says `life = 5 * time.Second` under \"life\", which internal/shop/orders does not declare"},
		"twice":        {page + "| `internal/shop/orders.hub` | again |\n", code, "`internal/shop/orders.hub` has two rows: take one out"},
	} {
		t.Run(name, func(t *testing.T) {
			var want []string
			if c.want != "" {
				want = []string{cachesPage + ": " + c.want}
			}
			tree := fstest.MapFS{cachesPage: {Data: []byte(c.page)}, "internal/shop/orders/x.go": {Data: []byte(c.code)}}
			if have := compareCaches(tree); !slices.Equal(have, want) {
				t.Errorf("complaints %q\nwant %q", have, want)
			}
		})
	}
}
