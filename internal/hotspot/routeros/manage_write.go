package routeros

import (
	"context"
	"fmt"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// Add makes a row. Rows of most menus have no key of their own, so one that
// says the same already counts as made: a form that is posted twice, or an
// answer that was lost, leaves one row.
func (d *Driver) Add(ctx context.Context, r hotspot.Router, m hotspot.Menu, values map[string]string) (string, error) {
	path, spec, err := place(m)
	if err != nil {
		return "", err
	}
	if !spec.Add {
		return "", fault.New(fault.Refused, "router.refused")
	}
	fields := arguments(values, false)
	if touchesMeta(values) {
		if fields["on-login"], err = readMeta("").with(values); err != nil {
			return "", err
		}
	}
	id := ""
	err = d.do(ctx, "add to "+string(m), r, func(s *session) error {
		same := func() (bool, error) {
			id, err = s.sameRow(path, spec, fields)
			return id != "", err
		}
		if there, err := same(); err != nil || there {
			if there {
				err = hotspot.ErrExists
			}
			return err
		}
		if err := s.ensure(append([]string{path + "/add"}, wordsOf(fields)...), same); err != nil {
			return err
		}
		_, err := same()
		return err
	})
	return id, err
}

// sameRow looks for a row that says all of this.
func (s *session) sameRow(path string, spec hotspot.Spec, fields map[string]string) (string, error) {
	var query []string
	if name := fields["name"]; name != "" {
		query = []string{"?name=" + name}
	}
	rows, err := s.read(append([]string{path + "/print", propertiesOf(spec.Reads())}, query...)...)
	for _, have := range rows {
		if agrees(fields, have) && (len(query) > 0 || empties(spec, fields, have)) {
			return itemID(have), err
		}
	}
	return "", err
}

// empties reports whether a row also leaves out what the fields leave out.
func empties(spec hotspot.Spec, fields map[string]string, have row) bool {
	for _, f := range spec.Form {
		if _, given := fields[f.Name]; !given && f.Kind != hotspot.FieldChoice && f.Kind != hotspot.FieldServer && have[f.Name] != "" {
			return false
		}
	}
	return true
}

// Set changes fields of a row.
func (d *Driver) Set(ctx context.Context, r hotspot.Router, m hotspot.Menu, id string, values map[string]string) error {
	path, spec, err := place(m)
	if err != nil {
		return err
	}
	return d.do(ctx, "set in "+string(m), r, func(s *session) error {
		have, err := s.item(path, spec, id)
		if err != nil {
			return err
		}
		fields := arguments(values, true)
		if touchesMeta(values) {
			if fields["on-login"], err = readMeta(have["on-login"]).with(values); err != nil {
				return err
			}
		}
		if len(fields) > 0 {
			if _, err := s.write(append([]string{path + "/set", byID(id)}, wordsOf(fields)...)...); err != nil {
				return err
			}
		}
		if m == hotspot.MenuUsers && yes(fields["disabled"]) {
			return s.putOut(have["name"])
		}
		return nil
	})
}

// putOut ends what a user has open: its cookies before its sessions, so that no device
// logs in again in between.
func (s *session) putOut(user string) error {
	for _, menu := range []string{cookieMenu, activeMenu} {
		if err := s.removeOf(menu, user); err != nil {
			return err
		}
	}
	return nil
}

// Remove takes a row away with what hangs on it.
func (d *Driver) Remove(ctx context.Context, r hotspot.Router, m hotspot.Menu, id string) error {
	path, spec, err := place(m)
	if err != nil {
		return err
	}
	if !spec.Remove {
		return fault.New(fault.Refused, "router.refused")
	}
	return d.do(ctx, "remove from "+string(m), r, func(s *session) error {
		have, err := s.item(path, spec, id)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if m == hotspot.MenuActive {
			if err := s.forgetDevice(have["user"], have["mac-address"]); err != nil {
				return err
			}
		}
		if _, err := s.write(path+"/remove", byID(id)); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if m == hotspot.MenuUsers {
			return s.putOut(have["name"])
		}
		return nil
	})
}

// forgetDevice removes the cookies that would log a device in again.
func (s *session) forgetDevice(user, mac string) error {
	rows, err := s.read(cookieMenu+"/print", "=.proplist=.id", "?user="+user, "?mac-address="+mac)
	if err != nil {
		return err
	}
	for _, have := range rows {
		if _, err := s.write(cookieMenu+"/remove", "=.id="+have[".id"]); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// ResetCounters sets what a user has used back to nothing.
func (d *Driver) ResetCounters(ctx context.Context, r hotspot.Router, id string) error {
	if !hotspot.IsItemID(id) {
		return fault.New(fault.NotFound, "router.no_item")
	}
	return d.do(ctx, "reset counters", r, func(s *session) error {
		_, err := s.write(userMenu+"/reset-counters", byID(id))
		return err
	})
}

// Reboot restarts the router. It cuts the connection instead of answering, so
// a lost answer is what success looks like; where the order may have been lost
// on the way, the page that follows the router's uptime tells.
func (d *Driver) Reboot(ctx context.Context, r hotspot.Router) error {
	err := d.do(ctx, "reboot", r, func(s *session) error {
		if _, err := s.read("/system/identity/print"); err != nil { // a dead pooled connection would look like success
			return err
		}
		if _, err := s.write("/system/reboot"); err != nil && !fault.Is(err, fault.Unknown) {
			return err
		}
		return nil
	})
	if err == nil {
		d.Forget(r.ID)
		return nil
	}
	return fmt.Errorf("router not restarted: %w", err)
}
