package routerossim

import "strconv"

func init() {
	define("system/script", "add set remove comment unset listen", `!name:str owner:str policy:policy dont-require-permissions:bool=false
		-last-started:when -run-count:num=0 -invalid:bool=false source:str= comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: item with this name already exists"
		m.extra["run"] = runScriptRow
	})
}

// runScriptRow runs a script as the account that asks. One that cannot be read is counted all
// the same.
func runScriptRow(c *call) error {
	if err := c.only(".id", "numbers", "number"); err != nil {
		return err
	}
	x, err := c.one()
	if err != nil {
		return err
	}
	c.r.change(c.t, x, map[string]string{"run-count": strconv.FormatInt(numOf(x.f["run-count"])+1, 10), "last-started": unix(c.r.now())})
	if err := c.r.runScript(x.f["source"], &scriptRun{name: x.f["name"], owner: c.account}); err != nil {
		c.r.addLog("script,error", "executing script "+x.f["name"]+" failed, please check it manually: "+err.Error())
	}
	return nil
}
