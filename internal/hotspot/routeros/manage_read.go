package routeros

import (
	"context"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// listTime bounds reading a whole menu: fifty thousand users take seconds.
const listTime = 25 * time.Second

// List reads a whole menu, only the columns that are shown.
func (d *Driver) List(ctx context.Context, r hotspot.Router, m hotspot.Menu) ([]hotspot.Item, error) {
	return d.items(ctx, r, m)
}

// Find lets the router search for rows about one name.
func (d *Driver) Find(ctx context.Context, r hotspot.Router, m hotspot.Menu, name string) ([]hotspot.Item, error) {
	spec, _ := hotspot.SpecOf(m)
	if len(spec.Columns) == 0 {
		return nil, fault.New(fault.NotFound, "router.no_menu")
	}
	return d.items(ctx, r, m, "?"+spec.Columns[0]+"="+name)
}

func (d *Driver) items(ctx context.Context, r hotspot.Router, m hotspot.Menu, query ...string) ([]hotspot.Item, error) {
	path, spec, err := place(m)
	if err != nil {
		return nil, err
	}
	var out []hotspot.Item
	err = d.doWithin(ctx, listTime, "list "+string(m), r, func(s *session) error {
		if len(query) == 0 {
			// A whole menu may take long. Whether the router hangs is found out first, so
			// that no caller waits that long for it.
			if _, err := s.read("/system/identity/print"); err != nil {
				return err
			}
			s.patience = listTime
		}
		rows, err := s.read(append([]string{path + "/print", propertiesOf(spec.Columns)}, query...)...)
		out = make([]hotspot.Item, len(rows))
		for i, have := range rows {
			out[i] = hotspot.Item{ID: itemID(have), Values: valuesOf(have, spec.Columns)}
		}
		return err
	})
	return out, err
}

// Counters reads what a page of users has used: one sentence, the router picks
// the rows.
func (d *Driver) Counters(ctx context.Context, r hotspot.Router, names []string) (map[string]hotspot.Counters, error) {
	out := make(map[string]hotspot.Counters, len(names))
	if len(names) == 0 {
		return out, nil
	}
	words := []string{userMenu + "/print", "=.proplist=name,uptime,bytes-in,bytes-out,limit-uptime,limit-bytes-total"}
	for i, name := range names {
		if words = append(words, "?name="+name); i > 0 {
			words = append(words, "?#|")
		}
	}
	err := d.do(ctx, "count usage", r, func(s *session) error {
		rows, err := s.read(words...)
		for _, u := range rows {
			out[u["name"]] = hotspot.Counters{Uptime: parseDuration(u["uptime"]), LimitUptime: parseDuration(u["limit-uptime"]),
				Bytes: number(u["bytes-in"]) + number(u["bytes-out"]), LimitBytes: number(u["limit-bytes-total"])}
		}
		return err
	})
	return out, err
}

// Detail reads one row whole.
func (d *Driver) Detail(ctx context.Context, r hotspot.Router, m hotspot.Menu, id string) (map[string]string, error) {
	path, spec, err := place(m)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	err = d.do(ctx, "read "+string(m), r, func(s *session) error {
		have, err := s.item(path, spec, id)
		if err != nil {
			return err
		}
		for i, v := range valuesOf(have, spec.Reads()) {
			out[spec.Reads()[i]] = v
		}
		return nil
	})
	return out, err
}

// item reads a row by its id. Errors: NotFound "router.no_item".
func (s *session) item(path string, spec hotspot.Spec, id string) (row, error) {
	if !hotspot.IsItemID(id) {
		return nil, fault.New(fault.NotFound, "router.no_item")
	}
	rows, err := s.read(path+"/print", propertiesOf(spec.Reads()), "?.id=*"+id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "router.no_item")
	}
	return first(rows), err
}

// Choices lists names for forms. A menu that the account may not read has none.
func (d *Driver) Choices(ctx context.Context, r hotspot.Router) (hotspot.Choices, error) {
	var c hotspot.Choices
	err := d.do(ctx, "list choices", r, func(s *session) error {
		for path, into := range map[string]*[]string{profileMenu: &c.Profiles, "/ip/hotspot": &c.Servers, poolMenu: &c.Pools} {
			rows, err := s.read(path+"/print", "=.proplist=name")
			if err != nil && !isTrap(err) {
				return err
			}
			for _, have := range rows {
				*into = append(*into, have["name"])
			}
		}
		return nil
	})
	return c, err
}

// isTrap reports whether the router understood and said no: the menu is not
// there, or not for this account.
func isTrap(err error) bool { return err != nil && !isTransport(err) }
