package report

import "encoding/json"

// Same reports whether two lists hold the same cells in any order.
func Same(a, b []Cell) bool {
	if len(a) != len(b) {
		return false
	}
	have := map[Cell]bool{}
	for _, c := range a {
		have[c] = true
	}
	for _, c := range b {
		if !have[c] {
			return false
		}
	}
	return true
}

// SameFlows reports whether two lists hold the same flows in any order.
func SameFlows(a, b []Flow) bool {
	if len(a) != len(b) {
		return false
	}
	have := map[string]bool{}
	for _, f := range a {
		have[f.text()] = true
	}
	for _, f := range b {
		if !have[f.text()] {
			return false
		}
	}
	return true
}

func (f Flow) text() string {
	text, _ := json.Marshal(f) // plain values always encode, maps in order
	return string(text)
}
