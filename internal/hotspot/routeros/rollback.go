package routeros

import (
	"context"

	"gerai/internal/hotspot"
)

// RollbackStep takes one step back, field by field: a field that does not hold any more
// what the step wrote was changed since and stays.
func (d *Driver) RollbackStep(ctx context.Context, r hotspot.Router, st hotspot.Step) (hotspot.RollbackOutcome, error) {
	var out hotspot.RollbackOutcome
	err := d.doWithin(ctx, d.o.ProvisioningTimeout, "undo "+string(st.Kind)+" "+st.Item, r, func(s *session) error {
		var err error
		out, err = s.rollback(st)
		return err
	})
	return out, err
}

func (s *session) rollback(st hotspot.Step) (hotspot.RollbackOutcome, error) {
	have, found, err := s.rowOf(st)
	switch {
	case err != nil:
		return "", err
	case !found:
		return hotspot.RollbackGone, nil
	case st.Add:
		return s.rollbackAdd(st, have)
	}
	return s.rollbackSet(st, have)
}

func (s *session) rollbackAdd(st hotspot.Step, have row) (hotspot.RollbackOutcome, error) {
	if !agrees(st.After, have) && st.Kind != hotspot.StepScheduler { // the review keeps that one in step
		return hotspot.RollbackKept, nil
	}
	if used, err := s.inUse(st); err != nil || used {
		return hotspot.RollbackInUse, err
	}
	err := s.ensure([]string{st.Menu + "/remove", "=.id=" + have[".id"]}, func() (bool, error) {
		_, still, err := s.rowOf(st)
		return !still, err
	})
	return hotspot.RollbackDone, err
}

// inUse asks whether something still needs a row that setup made: vouchers
// their profile, accounts their group, services their certificate, we our own
// account.
func (s *session) inUse(st hotspot.Step) (bool, error) {
	var menu, field string
	switch st.Menu {
	case profileMenu:
		menu, field = userMenu, "profile"
	case groupMenu:
		menu, field = accountMenu, "group"
	case certMenu:
		menu, field = serviceMenu, "certificate"
	case accountMenu:
		return s.r.User == st.Item, nil
	default:
		return false, nil
	}
	rows, err := s.read(menu+"/print", "=.proplist=.id", "?"+field+"="+st.Item)
	return len(rows) > 0, err
}

func (s *session) rollbackSet(st hotspot.Step, have row) (hotspot.RollbackOutcome, error) {
	out := hotspot.RollbackGone
	back := map[string]string{}
	for name, now := range st.After {
		before, known := st.Before[name]
		switch {
		case !known, sameValue(name, before, have[name]): // a password, or never changed
		case sameValue(name, now, have[name]):
			back[name] = before
		default:
			out = hotspot.RollbackKept
		}
	}
	if len(back) == 0 {
		return out, nil
	}
	if out != hotspot.RollbackKept {
		out = hotspot.RollbackDone
	}
	return out, s.ensure(append([]string{st.Menu + "/set", "=.id=" + have[".id"]}, wordsOf(back)...), func() (bool, error) {
		now, found, err := s.rowOf(st)
		return found && agrees(back, now), err
	})
}
