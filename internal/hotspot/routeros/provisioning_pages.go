package routeros

import (
	"strconv"
	"strings"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// Limits of files over the API. Since 7.14 contents may have about 60 KB
// (vendor's changelog, measured 61,250 bytes and more); before that we assume
// the 4 KB that older versions print. Files can be added since 7.9.
const (
	pageLimit    = 60_000
	oldPageLimit = 4_095
	readChunk    = 32_768
	spareDisk    = 32 << 10 // bytes left free after the pages
)

// pages puts the portal where the router really serves it from. What cannot be
// put there, or could not be taken back, blocks the whole plan.
func (p *planner) pages() error {
	if p.k.Bare {
		return nil
	}
	total := 0
	done := map[string]bool{}
	for _, portal := range p.v.portals(p.k.Stored.Server) {
		dir, ok := p.folder(portal)
		if !ok || done[dir] {
			continue
		}
		done[dir] = true
		for _, page := range p.k.Pages {
			if page.Name == "api.json" && p.v.version.before(7, 3, 0) {
				continue // the servlet has no API for phones yet
			}
			n, err := p.page(dir, page)
			if err != nil {
				return err
			}
			total += n
		}
	}
	if free := number(first(p.v.rows["/system/resource"])["free-hdd-space"]); total > 0 && free > 0 && free < int64(total+spareDisk) {
		p.block("disk", "free", strconv.FormatInt(free>>10, 10))
	}
	return nil
}

// folder decides where a server profile's pages go. A folder outside flash
// vanishes at reboot; when its twin inside flash is there, the profile is
// pointed at it.
func (p *planner) folder(portal row) (string, bool) {
	dir := p.v.directory(portal)
	if !p.v.lasting(dir) {
		inside := "flash/" + dir
		if dir != portal["html-directory"] || !p.v.hasFile(inside) {
			p.block("outside_flash", "dir", dir, "profile", portal["name"])
			return "", false
		}
		p.set(hotspot.StepDirectory, portal["name"], portalMenu, "name", portal, map[string]string{"html-directory": inside})
		dir = inside
	}
	if !p.v.hasFile(dir) {
		p.block("no_directory", "dir", dir, "profile", portal["name"])
		return "", false
	}
	return dir, true
}

// page plans one file and returns how many bytes it may cost.
func (p *planner) page(dir string, page hotspot.Page) (int, error) {
	limit := pageLimit
	if p.v.version.before(7, 14, 0) {
		limit = oldPageLimit
	}
	path := dir + "/" + page.Name
	if len(page.Body) > limit {
		p.block("page_too_long", "file", path, "bytes", strconv.Itoa(len(page.Body)), "limit", strconv.Itoa(limit))
		return 0, nil
	}
	have, found := p.v.named(fileMenu, path)
	if !found {
		if p.v.version.before(7, 9, 0) {
			p.block("no_file_add", "file", path)
			return 0, nil
		}
		p.add(hotspot.StepPage, path, fileMenu, "name", map[string]string{"name": path, "contents": page.Body})
		return len(page.Body), nil
	}
	text, readable, err := p.s.contents(have, p.v.version)
	if err != nil {
		return 0, err
	}
	if text == page.Body {
		return 0, nil
	}
	if !readable || len(text) > limit {
		p.block("page_unreadable", "file", path)
		return 0, nil
	}
	before := row{"name": path, "contents": text}
	p.set(hotspot.StepPage, path, fileMenu, "name", before, map[string]string{"contents": page.Body})
	return len(page.Body), nil
}

// contents reads a file, whole or not at all: what cannot be read cannot be
// put back.
func (s *session) contents(file row, v version) (text string, whole bool, err error) {
	size := number(file["size"])
	rows, err := s.read(fileMenu+"/print", "=.proplist=.id,contents", "?name="+file["name"])
	if err != nil {
		return "", false, err
	}
	if text = first(rows)["contents"]; int64(len(text)) == size {
		return text, true, nil
	}
	if v.before(7, 13, 0) {
		return text, false, nil
	}
	var b strings.Builder
	for int64(b.Len()) < size {
		rows, err := s.read(fileMenu+"/read", "=file="+file["name"], "=offset="+strconv.Itoa(b.Len()), "=chunk-size="+strconv.Itoa(readChunk))
		if fault.Is(err, fault.Refused) {
			return "", false, nil
		}
		if err != nil {
			return "", false, err
		}
		data := first(rows)["data"]
		if data == "" {
			return "", false, nil
		}
		b.WriteString(data)
	}
	return b.String(), true, nil
}
