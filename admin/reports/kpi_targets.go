package reports

// targets are what key figures are to reach, as the notes beside them say
// on the page. A share is in thousandths of its whole, a span in seconds.
var targets = map[string]struct {
	least, most int64 // one of them is 0
	below       bool  // most itself misses
}{
	"transaction":    {most: 90},
	"activation":     {least: 995},
	"activation_day": {least: 1000},
	"late":           {most: 10, below: true},
	"over":           {most: 10, below: true},
	"double":         {most: 10, below: true},
	"webhook":        {least: 800},
	"support":        {most: 5, below: true},
}

// target tells whether a figure meets its target: "met", "missed", or "" where it has none,
// or there is nothing to judge.
func target(f figure) string {
	goal, has := targets[f.key]
	if !has {
		return ""
	}
	var value, whole int64
	switch v := f.value.(type) {
	case share:
		value, whole = v.part*1000, v.whole
	case perThousand:
		value, whole = v.part*1000, v.whole
	case seconds:
		if v.known {
			value, whole = v.n, 1
		}
	}
	switch {
	case whole == 0:
		return ""
	case goal.least > 0 && value < goal.least*whole, goal.most > 0 && value > goal.most*whole, goal.below && value == goal.most*whole:
		return "missed"
	}
	return "met"
}
