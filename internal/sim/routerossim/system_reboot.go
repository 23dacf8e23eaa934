package routerossim

import "time"

func init() {
	define("system", "", "").hook(func(m *menu) {
		m.extra["reboot"], m.extra["shutdown"] = reboot, reboot
	})
}

// reboot serves /system/reboot and /system/shutdown: the connection just
// drops. (A simulated router comes back from a shutdown too.)
func reboot(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	c.finish = c.s.cut
	c.r.reboot(c.r.faults.RebootMS)
	return nil
}

// reboot cuts every connection and forgets what routers keep in memory only.
func (r *Router) reboot(ms int) {
	if ms <= 0 {
		ms = 2000
	}
	for _, a := range r.tables[activePath].all() {
		r.endSession(a, causeRebooting)
	}
	for _, path := range menuOrder {
		t := r.tables[path]
		for _, x := range t.all() {
			if t.m.memory || x.f["dynamic"] == "true" {
				r.delete(t, x)
			}
		}
	}
	r.forgetPages()
	d := time.Duration(ms) * time.Millisecond
	r.bootReal, r.bootSim = time.Now().Add(d), r.now().Add(d)
	r.setNote("boot", r.bootSim.UTC().Format(time.RFC3339Nano))
	r.addLog("system,info", "router rebooted")
	r.cutAll()
}
