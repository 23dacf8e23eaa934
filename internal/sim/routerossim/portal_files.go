package routerossim

import (
	"embed"
	"path"
	"strings"
)

//go:embed stock
var stock embed.FS

// stockPages are the files of a hotspot directory as a router makes it.
func (r *Router) stockPages() []string {
	list := []string{"alogin.html", "api.json", "error.html", "errors.txt", "login.html", "logout.html", "md5.js", "radvert.html",
		"redirect.html", "rlogin.html", "status.html", "css/style.css", "img/wifi.svg"}
	if !r.ver.atLeast(7, 3) { // RFC 8908 came with 7.3
		list = append(list[:1], list[2:]...)
	}
	return list
}

func (r *Router) stockPage(name string) (string, bool) {
	if name == "errors.txt" {
		return stockErrors(), true
	}
	if name == "api.json" && !r.ver.atLeast(7, 3) {
		return "", false
	}
	text, err := stock.ReadFile("stock/" + name)
	return string(text), err == nil
}

// seedPages fills the hotspot directory of a new router.
func (r *Router) seedPages() {
	dir := "hotspot"
	if r.o.Flash {
		dir = "flash/hotspot"
		r.insert("file", "", map[string]string{"name": "flash", "type": "disk"})
		for _, x := range r.tables["ip/hotspot/profile"].all() {
			r.change(r.tables["ip/hotspot/profile"], x, map[string]string{"html-directory": dir})
		}
	}
	r.writeStock(dir)
}

// writeStock puts the stock files into a directory; others there stay.
func (r *Router) writeStock(dir string) {
	t := r.tables["file"]
	put := func(name, field, text string) {
		if x := t.first("name", name); x != nil {
			r.change(t, x, map[string]string{field: text, "last-modified": unix(r.now())})
			return
		}
		r.insert(t.m.path, "", map[string]string{"name": name, field: text, "last-modified": unix(r.now())})
	}
	for _, sub := range []string{"", "/css", "/img"} {
		put(dir+sub, "type", "directory")
	}
	for _, name := range r.stockPages() {
		text, _ := r.stockPage(name)
		put(dir+"/"+name, "contents", text)
	}
}

// forgetPages is a power cut: files outside flash/ vanish where there is one,
// and no login page is remembered.
func (r *Router) forgetPages() {
	clear(r.chaps)
	if r.o.Flash {
		r.sweep("file", func(x *row) bool { return x.f["name"] != "flash" && !strings.HasPrefix(x.f["name"], "flash/") })
	}
}

func trimDir(s string) string { return strings.Trim(s, "/") }

// pageDir is the directory a profile's pages come from: the override if it is
// there, else html-directory, else "" for the built-in pages.
func (r *Router) pageDir(profile *row) string {
	if profile == nil {
		return ""
	}
	t := r.tables["ip/hotspot/profile"]
	for _, name := range []string{"html-directory-override", "html-directory"} {
		if dir := trimDir(value(t, profile, name)); dir != "" && r.hasFolder(dir) {
			return dir
		}
	}
	return ""
}

func (r *Router) hasFolder(dir string) bool {
	found := false
	r.tables["file"].each(func(x *row) bool {
		name := trimDir(x.f["name"])
		found = strings.HasPrefix(name, dir+"/") || name == dir && isFolder(x)
		return !found
	})
	return found
}

// pageText finds a page in the chosen page set, else in the main directory.
func (r *Router) pageText(profile *row, set, name string) (string, bool) {
	dir := r.pageDir(profile)
	for _, full := range []string{path.Join(set, name), name} {
		if dir == "" {
			if text, ok := r.stockPage(full); ok {
				return text, true
			}
			continue
		}
		if x := r.tables["file"].first("name", dir+"/"+full); x != nil && !isFolder(x) {
			return x.f["contents"], true
		}
	}
	return "", false
}

// pageKind is the content type of a file, and whether it is expanded.
func pageKind(name string) (kind string, isText bool) {
	if name == "api.json" {
		return "application/captive+json", true
	}
	switch path.Ext(name) {
	case ".html", ".htm":
		return "text/html", true
	case ".txt":
		return "text/plain", true
	case ".xml", ".xsd":
		return "text/xml", true
	case ".json":
		return "application/json", true
	case ".js":
		return "text/javascript", false
	case ".css":
		return "text/css", false
	case ".svg":
		return "image/svg+xml", false
	case ".png", ".gif":
		return "image/" + path.Ext(name)[1:], false
	case ".jpg", ".jpeg":
		return "image/jpeg", false
	case ".ico":
		return "image/x-icon", false
	}
	return "application/octet-stream", false
}

func isFolder(x *row) bool { return x.f["type"] == "directory" || x.f["type"] == "disk" }

// liveFolder shows a directory's row; false means it is a file.
func liveFolder(_ *Router, x *row, get map[string]string) bool {
	if !isFolder(x) {
		return false
	}
	delete(get, "size")
	delete(get, "contents")
	return true
}
