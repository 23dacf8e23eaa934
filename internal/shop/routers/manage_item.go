package routers

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/store"
)

// Row names one row on a router: where it is and what it was when the person
// saw it, as Spec.Mark or, for a form, Spec.FormMark says it.
type Row struct {
	Router catalog.Router
	Menu   hotspot.Menu
	ID     string
	Was    string
}

// kicksPerActor bounds how many sessions one person may end.
var kicksPerActor = cache.Limit{Count: 30, Per: 10 * time.Minute}

// RowDetail is one row whole, and whose it is.
type RowDetail struct {
	Fields    map[string]string
	Name      string     // in the router's own bytes
	Sale      store.Sale // of a user that an order made
	Protected bool       // an order, the provisioning or a ban needs it
	Own       bool       // the shop keeps it as it is: a plan's profile
	Mark      string     // what Row.Was has to be
	FormMark  string     // and what it may be as well: nothing of the form has changed
}

// Item reads a row. Errors: NotFound "router.no_menu" and "router.no_item",
// router faults.
func (s *Service) Item(ctx context.Context, x Row) (RowDetail, error) {
	m, err := s.manager()
	if err != nil {
		return RowDetail{}, err
	}
	spec, known := hotspot.SpecOf(x.Menu)
	if !known {
		return RowDetail{}, fault.New(fault.NotFound, "router.no_menu")
	}
	d := RowDetail{}
	if d.Fields, err = m.Detail(ctx, panelAccess(x.Router), x.Menu, x.ID); err != nil {
		return d, err
	}
	of := func(column string) string { return d.Fields[column] }
	d.Name, d.Mark, d.FormMark = spec.Name(of), spec.Mark(of), spec.FormMark(of)
	d.Own = x.Menu == hotspot.MenuProfiles && strings.HasPrefix(d.Name, hotspot.OwnPrefix)
	d.Protected = strings.HasPrefix(d.Fields["comment"], hotspot.ProvisioningMark) || strings.HasPrefix(d.Fields["comment"], hotspot.BanMark)
	if x.Menu == hotspot.MenuUsers {
		sales, err := s.Store.Sales(ctx, []string{d.Name})
		if err != nil {
			return d, err
		}
		sale, sold := sales[d.Name]
		d.Sale = sale
		d.Protected = sold && !sale.State.Ended()
	}
	return d, nil
}

// same reads a row before it is changed. Errors: Conflict "router.row_changed" when it
// is not what the page showed.
func (s *Service) same(ctx context.Context, x Row) (RowDetail, error) {
	d, err := s.Item(ctx, x)
	if err == nil && x.Was != d.Mark {
		err = fault.New(fault.Conflict, "router.row_changed")
	}
	return d, err
}

// AddItem makes a row from a form. Errors: Invalid at the field, Conflict
// "router.own_profile" and "router.exists", router faults.
func (s *Service) AddItem(ctx context.Context, by actor.Actor, r catalog.Router, menu hotspot.Menu, typed map[string]string) error {
	m, err := s.manager()
	if err != nil {
		return err
	}
	spec, known := hotspot.SpecOf(menu)
	if !known || !spec.Add {
		return fault.New(fault.NotFound, "router.no_menu")
	}
	values, err := s.checked(ctx, m, r, spec, typed, nil)
	if err != nil {
		return err
	}
	if err := whole(menu, values); err != nil {
		return err
	}
	if err := requireConfirmation(menu, typed, values, nil); err != nil {
		return err
	}
	if err := s.auditAct(ctx, by, "router.item_add", r, map[string]any{"menu": string(menu), "after": auditFields(values)}); err != nil {
		return err
	}
	id, err := m.Add(ctx, panelAccess(r), menu, values)
	if err != nil {
		return s.auditFailure(ctx, by, "router.item_add", r, err)
	}
	s.lists.patch(listKey{r.ID, menu}, id, values)
	return nil
}

// whole looks at what a new row says altogether.
func whole(menu hotspot.Menu, v map[string]string) error {
	switch {
	case menu == hotspot.MenuProfiles && strings.HasPrefix(v["name"], hotspot.OwnPrefix):
		return fault.New(fault.Conflict, "router.own_profile")
	case menu == hotspot.MenuBindings && v["mac-address"] == "" && v["address"] == "":
		return fault.AtField("mac-address", "router.field_needed")
	case menu == hotspot.MenuWalledGarden && v["dst-host"] == "" && v["path"] == "":
		return fault.AtField("dst-host", "router.field_needed")
	case menu == hotspot.MenuWalledGardenIP && v["dst-host"] == "" && v["dst-address"] == "":
		return fault.AtField("dst-host", "router.field_needed")
	}
	return nil
}

// markForm is the part of a comment by which the shop knows its users again.
var markForm = regexp.MustCompile(`gerai\.[A-Z0-9]+`)

// checked returns what was typed as the router wants it. Fields that say what
// they said when the form was shown are left out: whatever the router holds
// stays as it is. Names of other rows are right when the router has them.
func (s *Service) checked(ctx context.Context, m hotspot.Manager, r catalog.Router, spec hotspot.Spec, typed, have map[string]string) (map[string]string, error) {
	changed, refs := map[string]string{}, map[string]string{}
	for _, f := range spec.Form {
		v, given := typed[f.Name]
		switch {
		case !given || have != nil && (f.Fixed || v == f.Input(have[f.Name])):
		case f.IsRef() && v != "":
			refs[f.Name] = hotspot.KeyName(v)
		default:
			changed[f.Name] = v
		}
	}
	if len(refs) > 0 {
		names, err := m.Choices(ctx, panelAccess(r))
		if err != nil {
			return nil, err
		}
		for name, v := range refs {
			if !slices.Contains(names.Of(spec.Field(name).Kind), v) {
				changed[name] = v
				delete(refs, name)
			}
		}
	}
	values, err := spec.Check(changed)
	if err != nil {
		return nil, err
	}
	maps.Copy(values, refs)
	for name, v := range values {
		f := spec.Field(name)
		if f.Kind == hotspot.FieldText {
			v = hotspot.BytesLike(v, have[name])
			values[name] = v
		}
		if have != nil && (v == have[name] || v == "" && unset(f, have[name])) {
			delete(values, name)
		}
	}
	return values, nil
}

// SetItem changes what a form says differently. Errors: Invalid at the field,
// Conflict "router.row_changed" and "router.own_profile", router faults.
func (s *Service) SetItem(ctx context.Context, by actor.Actor, x Row, typed map[string]string) error {
	spec, known := hotspot.SpecOf(x.Menu)
	if !known || len(spec.Form) == 0 {
		return fault.New(fault.NotFound, "router.no_menu")
	}
	m, err := s.manager()
	if err != nil {
		return err
	}
	d, err := s.Item(ctx, x)
	switch {
	case err != nil:
		return err
	case x.Was != d.FormMark:
		return fault.New(fault.Conflict, "router.row_changed")
	case d.Own:
		return fault.New(fault.Conflict, "router.own_profile")
	}
	values, err := s.checked(ctx, m, x.Router, spec, typed, d.Fields)
	if err != nil {
		return err
	}
	if err := requireConfirmation(x.Menu, typed, values, d.Fields); err != nil {
		return err
	}
	if mark := markForm.FindString(d.Fields["comment"]); mark != "" {
		if c, given := values["comment"]; given && !strings.Contains(c, mark) {
			return fault.AtField("comment", "router.mark_kept")
		}
	}
	if len(values) == 0 {
		return nil
	}
	return s.setRow(ctx, by, "router.item_set", x, d, values)
}

// unset reports whether a value is what the router prints for none.
func unset(f hotspot.Field, v string) bool {
	return v == "0" || v == "0s" || v == "none" || f.Kind == hotspot.FieldServer && v == "all"
}

// ToggleItem switches a row off or on; a user that is switched off goes
// offline. Errors: Conflict "router.row_changed", router faults.
func (s *Service) ToggleItem(ctx context.Context, by actor.Actor, x Row, off bool) error {
	if spec, known := hotspot.SpecOf(x.Menu); !known || !spec.Toggle {
		return fault.New(fault.NotFound, "router.no_menu")
	}
	d, err := s.same(ctx, x)
	if err != nil {
		return err
	}
	if (d.Fields["disabled"] == "true") == off {
		return nil // a form that was sent twice
	}
	value := map[bool]string{true: "yes", false: "no"}[off]
	return s.setRow(ctx, by, "router.item_toggle", x, d, map[string]string{"disabled": value})
}

func (s *Service) setRow(ctx context.Context, by actor.Actor, act string, x Row, d RowDetail, values map[string]string) error {
	m, err := s.manager()
	if err != nil {
		return err
	}
	before := map[string]string{}
	for name := range values {
		before[name] = d.Fields[name]
	}
	if err := s.auditAct(ctx, by, act, x.Router, map[string]any{"menu": string(x.Menu), "row": hotspot.Shown(d.Name), "before": auditFields(before), "after": auditFields(values)}); err != nil {
		return err
	}
	if err := m.Set(ctx, panelAccess(x.Router), x.Menu, x.ID, values); err != nil {
		return s.auditFailure(ctx, by, act, x.Router, err)
	}
	if v := values["disabled"]; v != "" {
		values = map[string]string{"disabled": map[string]string{"yes": "true", "no": "false"}[v]}
	}
	s.lists.patch(listKey{x.Router.ID, x.Menu}, x.ID, values)
	return nil
}

// RemoveItem removes a row. What an order or the provisioning needs is removed only
// with force. Errors: Invalid "router.reason_needed", Conflict "router.row_changed",
// "router.row_needed" and "router.own_profile", router faults.
func (s *Service) RemoveItem(ctx context.Context, by actor.Actor, x Row, reason string, force bool) error {
	if spec, known := hotspot.SpecOf(x.Menu); !known || !spec.Remove || x.Menu == hotspot.MenuActive {
		return fault.New(fault.NotFound, "router.no_menu")
	}
	if reason == "" && x.Menu != hotspot.MenuCookies { // the router creates cookies again
		return fault.AtField("reason", "router.reason_needed")
	}
	d, err := s.same(ctx, x)
	switch {
	case err != nil:
		return err
	case d.Own:
		return fault.New(fault.Conflict, "router.own_profile")
	case d.Protected && !force:
		return fault.New(fault.Conflict, "router.row_needed")
	}
	return s.removeRow(ctx, by, "router.item_remove", x, map[string]any{"menu": string(x.Menu), "row": hotspot.Shown(d.Name), "before": auditFields(d.Fields), "reason": masked(reason), "forced": d.Protected})
}

// EndSession throws one device out and makes it forget the way back in.
// Errors: Limited "limit.kick", Conflict "router.row_changed", router faults.
func (s *Service) EndSession(ctx context.Context, by actor.Actor, x Row) error {
	x.Menu = hotspot.MenuActive
	if ok, after := s.Cache.Allow(ctx, "kick:"+by.AuditName, kicksPerActor); !ok {
		return fault.TooOften("limit.kick", after)
	}
	d, err := s.same(ctx, x)
	if err != nil {
		return err
	}
	return s.removeRow(ctx, by, "router.kick", x, map[string]any{"user": hotspot.Shown(d.Name), "mac": d.Fields["mac-address"]})
}

// EndDevice is EndSession for one device of a user, wherever it stands in the router's list.
// Errors: NotFound "router.no_item" when the device is not online as that user, and those of
// EndSession.
func (s *Service) EndDevice(ctx context.Context, by actor.Actor, r catalog.Router, user, mac string) error {
	m, err := s.manager()
	if err != nil {
		return err
	}
	spec, _ := hotspot.SpecOf(hotspot.MenuActive)
	rows, err := m.Find(ctx, panelAccess(r), hotspot.MenuActive, user)
	if err != nil {
		return err
	}
	for _, x := range rows {
		of := func(column string) string { return spec.Of(x, column) }
		if of("mac-address") == mac {
			return s.EndSession(ctx, by, Row{Router: r, Menu: hotspot.MenuActive, ID: x.ID, Was: spec.Mark(of)})
		}
	}
	return fault.New(fault.NotFound, "router.no_item")
}

func (s *Service) removeRow(ctx context.Context, by actor.Actor, act string, x Row, detail map[string]any) error {
	m, err := s.manager()
	if err != nil {
		return err
	}
	if err := s.auditAct(ctx, by, act, x.Router, detail); err != nil {
		return err
	}
	if err := m.Remove(ctx, panelAccess(x.Router), x.Menu, x.ID); err != nil {
		return s.auditFailure(ctx, by, act, x.Router, err)
	}
	s.lists.patch(listKey{x.Router.ID, x.Menu}, x.ID, nil)
	return nil
}

// ResetUser sets the counters of a user to zero: with a time or data limit that sells
// the voucher a second time, so the audit trail keeps what was used. Errors: Conflict
// "router.row_changed", router faults.
func (s *Service) ResetUser(ctx context.Context, by actor.Actor, x Row) error {
	m, err := s.manager()
	if err != nil {
		return err
	}
	x.Menu = hotspot.MenuUsers
	d, err := s.same(ctx, x)
	if err != nil {
		return err
	}
	used, err := m.Counters(ctx, panelAccess(x.Router), []string{d.Name})
	if err != nil {
		return err
	}
	before := map[string]any{"uptime": used[d.Name].Uptime.String(), "bytes": used[d.Name].Bytes}
	if err := s.auditAct(ctx, by, "router.user_reset", x.Router, map[string]any{"row": hotspot.Shown(d.Name), "before": before}); err != nil {
		return err
	}
	if err := m.ResetCounters(ctx, panelAccess(x.Router), x.ID); err != nil {
		return s.auditFailure(ctx, by, "router.user_reset", x.Router, err)
	}
	return nil
}

// UserCounters reads what a page of users has used. Errors: router faults.
func (s *Service) UserCounters(ctx context.Context, r catalog.Router, names []string) (map[string]hotspot.Counters, error) {
	m, err := s.manager()
	if err != nil {
		return nil, err
	}
	out, err := m.Counters(ctx, panelAccess(r), names)
	if err != nil {
		return nil, fmt.Errorf("count usage on router %s: %w", r.ID, err)
	}
	return out, nil
}
