package e2e

import "fmt"

// widths are those at which no word of a table may be broken: a phone, a tablet, a small
// and a usual screen. Colours move no word, so one scheme shows all.
var widths = []int64{360, 800, 1024, 1280}

// brokenWords lists the words in cells of tables, and in buttons, that stand on more than
// one line. A line may end after a hyphen or a slash, except within codes, addresses and
// what is pressed.
const brokenWords = `(function () {
  var out = [];
  document.querySelectorAll("main :is(td, th, .btn, .tag)").forEach(function (cell) {
    if (!cell.checkVisibility()) return;
    var walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), node;
    while ((node = walk.nextNode())) {
      var e = node.parentElement, whole = e.closest(".mono, .nowrap, td.num, code"), word = whole ? /\S+/g : /[^\s\/-]+/g, m;
      if (e.closest(".sr, pre, script, select, svg") || !e.checkVisibility()) continue;
      while ((m = word.exec(node.data))) {
        var r = document.createRange(), tops = {};
        r.setStart(node, m.index); r.setEnd(node, m.index + m[0].length);
        [].slice.call(r.getClientRects()).forEach(function (b) { if (b.width > 1) tops[Math.round(b.top)] = 1; });
        if (Object.keys(tops).length > 1) out.push("broken in " + e.tagName + ": " + m[0]);
      }
    }
  });
  return out;
})()`

// words says which words are broken on a page, at each width.
func (p *phone) words(name string) (wrong []string) {
	p.Helper()
	for _, width := range widths {
		p.view(width, views[0].scheme)
		found := eval[[]string](p, brokenWords)
		for _, w := range found[:min(len(found), 3)] {
			wrong = append(wrong, fmt.Sprintf("%s, %d px: %s", name, width, w))
		}
	}
	return wrong
}
