package routeros

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

const bindingMenu = "/ip/hotspot/ip-binding"

// binding is one row of the menu of bindings, as far as bans are told by it.
type binding struct {
	id, mac, address, server, kind, comment string
	disabled                                bool
}

// ban is the id of the ban that a row is for, "" for a row that is not ours.
func (b binding) ban() string {
	id, ours := strings.CutPrefix(b.comment, hotspot.BanMark)
	if !ours {
		return ""
	}
	return id
}

// blocks reports whether the row blocks a device wherever it is.
func (b binding) blocks(mac string) bool {
	return strings.EqualFold(b.mac, mac) && b.kind == "blocked" && !b.disabled && (b.address == "" || b.address == "0.0.0.0") && (b.server == "" || b.server == "all")
}

// SyncBans looks first, writes what differs, and looks again.
func (d *Driver) SyncBans(ctx context.Context, r hotspot.Router, bans []hotspot.Ban) (hotspot.BansHeld, error) {
	var out hotspot.BansHeld
	err := d.doOn(ctx, massWork, usersTime, "hold bans", r, func(s *session) error {
		rows, err := s.bindings()
		if err != nil {
			return err
		}
		drop, add := bansDiffer(rows, bans)
		for _, b := range drop {
			if _, err := s.write(bindingMenu+"/remove", "=.id="+b.id); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			out.Removed++
		}
		for _, b := range add {
			if err := s.addBan(b, rows, drop); err != nil {
				return err
			}
			out.Added++
		}
		if len(drop)+len(add) > 0 {
			if rows, err = s.bindings(); err != nil {
				return err
			}
			if drop, add = bansDiffer(rows, bans); len(drop)+len(add) > 0 {
				return lost(errors.New("bindings are not as they were written"))
			}
		}
		out.Ended, err = s.endBanned(bans)
		return err
	})
	return out, err
}

// bindings reads the menu in its order, in which the first row that fits a device counts.
func (s *session) bindings() ([]binding, error) {
	var out []binding
	var b binding
	err := s.stream(func(word []byte, end bool) error {
		key, value, _ := cutWord(word)
		switch string(key) {
		case ".id":
			b.id = string(value)
		case "mac-address":
			b.mac = string(value)
		case "address":
			b.address = string(value)
		case "server":
			b.server = string(value)
		case "type":
			b.kind = string(value)
		case "comment":
			b.comment = string(value)
		case "disabled":
			b.disabled = yes(string(value))
		}
		if end {
			if len(out) >= hotspot.MostSessions {
				return errTooMuch
			}
			out = append(out, b)
			b = binding{}
		}
		return nil
	}, bindingMenu+"/print", "=.proplist=.id,mac-address,address,server,type,comment,disabled")
	return out, err
}

// bansDiffer says which rows of ours have to go and which bans have none. A row that was
// altered, stands twice, or comes after a row that lets its device in goes, and is made
// again.
func bansDiffer(rows []binding, bans []hotspot.Ban) (drop []binding, add []hotspot.Ban) {
	wanted := make(map[string]string, len(bans)) // MAC by id
	for _, b := range bans {
		wanted[b.ID] = b.MAC
	}
	held, passed := map[string]bool{}, map[string]bool{}
	for _, b := range rows {
		mac := strings.ToUpper(b.mac)
		id := b.ban()
		if id == "" {
			if !b.disabled && mac != "" && b.kind != "blocked" {
				passed[mac] = true
			}
			continue
		}
		want, is := wanted[id]
		if !is || held[id] || !b.blocks(want) || passed[strings.ToUpper(want)] {
			drop = append(drop, b)
			continue
		}
		held[id] = true
	}
	for _, b := range bans {
		if !held[b.ID] {
			add = append(add, b)
		}
	}
	return drop, add
}

// addBan makes a row before all others that are left.
func (s *session) addBan(b hotspot.Ban, rows, gone []binding) error {
	words := []string{bindingMenu + "/add", "=mac-address=" + b.MAC, "=type=blocked", "=comment=" + hotspot.BanMark + b.ID}
	if at := slices.IndexFunc(rows, func(x binding) bool { return !slices.Contains(gone, x) }); at >= 0 {
		words = append(words, "=place-before="+rows[at].id)
	}
	_, err := s.write(words...)
	return err
}

// endBanned ends the sessions of banned devices, makes them forget the way back in, and has
// the router look at them again.
func (s *session) endBanned(bans []hotspot.Ban) (ended int, err error) {
	banned := make(map[string]bool, len(bans))
	for _, b := range bans {
		banned[strings.ToUpper(b.MAC)] = true
	}
	for _, menu := range []string{cookieMenu, activeMenu, hostMenu} {
		if menu == hostMenu && ended == 0 {
			continue
		}
		var ids []string
		id, hit := "", false
		if err := s.stream(func(word []byte, end bool) error {
			switch key, value, _ := cutWord(word); {
			case end:
				if hit {
					ids = append(ids, id)
				}
				id, hit = "", false
			case string(key) == ".id":
				id = string(value)
			case string(key) == "mac-address":
				hit = banned[strings.ToUpper(string(value))]
			}
			return nil
		}, menu+"/print", "=.proplist=.id,mac-address"); err != nil {
			return ended, err
		}
		for _, id := range ids {
			if _, err := s.write(menu+"/remove", "=.id="+id); err != nil && !fault.Is(err, fault.NotFound) {
				return ended, err
			}
			if menu == activeMenu {
				ended++
			}
		}
	}
	return ended, nil
}
