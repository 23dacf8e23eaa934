package routerossim

import (
	"strconv"
	"strings"
)

func init() {
	define("file", "set remove listen", `name:str -type:str -size:num=0 -last-modified:when -creation-time:when@<7.10 contents:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: already have such file"
		m.check, m.live = fileCheck, liveFile
		m.extra["add"] = fileAdd
		m.extra["read"] = fileRead
	})
}

// fileLimit is how many bytes a file's contents may have in a command or a
// print: about 60 KiB since 7.14 (observed), 4 KiB before (inferred).
func (r *Router) fileLimit() int {
	if r.ver.atLeast(7, 14) {
		return 60 << 10
	}
	return 4 << 10
}

func fileCheck(r *Router, _ *row, change map[string]string) error {
	if len(change["contents"]) > r.fileLimit() {
		return fail(msgTooLong)
	}
	return nil
}

func liveFile(r *Router, x *row, get map[string]string) {
	if liveFolder(r, x, get) {
		return
	}
	if len(x.f["contents"]) > r.fileLimit() {
		delete(get, "contents")
	}
	get["type"] = ".txt file"
	if i := strings.LastIndexByte(x.f["name"], '.'); i >= 0 {
		get["type"] = x.f["name"][i:] + " file"
	}
	get["size"] = strconv.Itoa(len(x.f["contents"]))
	if get["last-modified"] == "" {
		get["last-modified"] = unix(r.noteTime("boot"))
	}
	get["creation-time"] = get["last-modified"]
}

// fileAdd exists since 7.9.
func fileAdd(c *call) error {
	if !c.r.ver.atLeast(7, 9) {
		return c.r.unknownVerb()
	}
	return addRow(c)
}

// fileRead returns a chunk of a file, since 7.13.
func fileRead(c *call) error {
	if !c.r.ver.atLeast(7, 13) {
		return c.r.unknownVerb()
	}
	if err := c.only("file", "offset", "chunk-size"); err != nil {
		return err
	}
	x := c.t.find(c.args["file"])
	if x == nil {
		return noMatch("file")
	}
	from, size := numOf(c.args["offset"]), int64(32768)
	if s, ok := c.args["chunk-size"]; ok {
		size = numOf(s)
	}
	if size < 1 || size > 32768 || from < 0 {
		return fail("value of chunk-size out of range (1..32768)")
	}
	data := x.f["contents"]
	from = min(from, int64(len(data)))
	c.replies = []out{{word: "!re", attrs: []string{attr("data", data[from:min(from+size, int64(len(data)))])}}}
	return nil
}

// PutFile writes a file as FTP would: any version, any size.
func (r *Router) PutFile(name, contents string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := map[string]string{"name": name, "contents": contents}
	if x := r.tables["file"].first("name", name); x != nil {
		r.change(r.tables["file"], x, f)
	} else {
		r.insert("file", "", f)
	}
	if err := r.journal.flush(); err != nil {
		r.log.Error("state is no longer kept", "error", err.Error())
	}
}
