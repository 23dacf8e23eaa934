package routerossim

import (
	"strconv"
	"strings"
)

func init() {
	define("queue/simple", listVerbs+" reset-counters", `!name:str target:str= dst:str parent:str=none packet-marks:str= priority:str=8/8
		queue:str=default-small/default-small limit-at:rates=0/0 max-limit:rates=0/0 burst-limit:rates=0/0
		burst-threshold:rates=0/0 burst-time:str=0s/0s bucket-size:str=0.1/0.1 time:str total-limit-at:num total-max-limit:num
		total-queue:str -bytes:str=0/0 -packets:str=0/0 -dropped:str=0/0 -rate:str=0/0 -packet-rate:str=0/0 -queued-bytes:str=0/0
		-queued-packets:str=0/0 -invalid:bool=false -dynamic:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: already have such name"
	})
}

// addQueue makes the dynamic queue a rate-limit asks for.
func (r *Router) addQueue(a, p *row) {
	words := strings.Fields(p.f["rate-limit"])
	if len(words) == 0 {
		return
	}
	sums, err := convertRate(&field{name: "rate-limit", kind: "rates"}, words[0])
	if err != nil {
		return
	}
	name := "<hotspot-" + a.f["user"] + ">"
	for i := 1; r.tables["queue/simple"].first("name", name) != nil; i++ {
		name = "<hotspot-" + a.f["user"] + "-" + strconv.Itoa(i) + ">"
	}
	r.insert("queue/simple", "", map[string]string{"name": name, "target": a.f["address"] + "/32", "max-limit": sums,
		"dynamic": "true", "#session": a.id})
}
