package routerossim

import "strings"

func init() {
	define("system/logging", listVerbs, `topics:str=info prefix:str= regex:str=@7.18 action:ref(system/logging/action)=memory -invalid:bool=false
		-default:bool=false disabled:bool=false`)
	define("system/logging/action", "add set remove", `!name:str target:enum(disk|echo|email|memory|remote)=memory memory-lines:num=1000
		remote:str -default:bool=false`).hook(func(m *menu) {
		m.key, m.dup, m.gone = []string{"name"}, "failure: action with such name already exists", keepDefault
	})
	define("log", "listen", `-time:when -topics:str -message:str -buffer:str=memory@7.15 -extra-info:str=@7.15`).hook(func(m *menu) {
		m.memory, m.unlogged = true, true
	})
}

// addLog appends to /log, kept in memory and short.
func (r *Router) addLog(topics, message string) {
	t := r.tables["log"]
	r.tables["system/logging"].each(func(rule *row) bool {
		if rule.f["prefix"] != "" && rule.f["disabled"] != "true" && covers(topics, rule.f["topics"]) {
			message = rule.f["prefix"] + ": " + message
			return false
		}
		return true
	})
	if t.len() >= 1000 {
		for _, x := range t.order {
			if !x.gone {
				r.delete(t, x)
				break
			}
		}
	}
	r.insert("log", "", map[string]string{"time": unix(r.now()), "topics": topics, "message": message})
}

func covers(topics, rule string) bool {
	for one := range strings.SplitSeq(rule, ",") {
		name, not := strings.CutPrefix(one, "!")
		if strings.Contains(","+topics+",", ","+name+",") == not {
			return false
		}
	}
	return true
}
