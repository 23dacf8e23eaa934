package routerossim

func init() {
	define("user/active", viewVerbs, `-when:when -name:str -address:str -via:str -group:str -radius:bool=false`).hook(func(m *menu) { m.memory = true })
	define("user", listVerbs, `!name:str group:ref(user/group)=read address:str= *#password:str -last-logged-in:when
		inactivity-timeout:dur=10m@7.12 inactivity-policy:str=none@7.12 -expired:bool=false@7.1 disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: user with the same name already exists"
		m.policy = "policy"
	})
	define("user/group", "add set remove comment listen", `!name:str policy:policy skin:str=default comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: group with the same name already exists"
		m.policy = "policy"
	})
}

// AddUser creates an API account, or gives an existing one this password and
// group. The group must exist ("full", "read" and "write" always do).
func (r *Router) AddUser(name, password, group string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.putAccount(name, password, group)
	if err := r.journal.flush(); err != nil {
		r.log.Error("state is no longer kept", "error", err.Error())
	}
}

func (r *Router) putAccount(name, password, group string) {
	f := map[string]string{"name": name, "group": group, "password": password}
	if x := r.tables["user"].first("name", name); x != nil {
		r.change(r.tables["user"], x, f)
		return
	}
	r.insert("user", "", f)
}
