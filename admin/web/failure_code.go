package web

import (
	"strings"

	"gerai/internal/fault"
)

// FirstCode finds the fault's code in a kept failure, "router.unreachable
// (unavailable): …", wherever it stands.
func FirstCode(failure string) string {
	for _, kind := range []fault.Kind{fault.Unavailable, fault.Unknown, fault.Limited, fault.Config, fault.Refused, fault.Conflict, fault.NotFound} {
		if before, _, found := strings.Cut(failure, " ("+string(kind)+")"); found {
			return before[strings.LastIndexAny(before, " \n")+1:]
		}
	}
	return "internal"
}
