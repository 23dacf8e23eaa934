package voucher

import "gerai/internal/hotspot"

// Difference is one way in which a router does not hold what the books want.
type Difference string

const (
	// DiffMissing: the router has no user of the name.
	DiffMissing Difference = "missing"
	// DiffTaken: the user of the name is foreign, as far as can be told. It is left alone until a
	// person says that it is ours.
	DiffTaken Difference = "taken"
	// DiffDisabled: the customer is kept out although the voucher works.
	DiffDisabled Difference = "disabled"
	// DiffEnabled: the router accepts the user although the voucher ended.
	DiffEnabled Difference = "enabled"
	// DiffLimits: online time or data is more or less than was sold.
	DiffLimits Difference = "limits"
	// DiffProfile: it has another profile than the plan's.
	DiffProfile Difference = "profile"
	// DiffPassword: the customer's password does not work. Known only where the account may
	// read passwords.
	DiffPassword Difference = "password"
	// DiffComment: the mark is gone by which the user is known.
	DiffComment Difference = "comment"
	// DiffBound: the router does not keep the end that the books say.
	DiffBound Difference = "bound"
	// DiffScheduler: the router's scheduler is not there, or not as it should be, by which
	// users end while the shop is away. It is about the router, not about a voucher.
	DiffScheduler Difference = "scheduler"
)

// Differences lists them, those first that need a person.
var Differences = []Difference{DiffMissing, DiffTaken, DiffEnabled, DiffDisabled, DiffLimits, DiffProfile, DiffPassword, DiffComment, DiffBound, DiffScheduler}

var partNames = []struct {
	part hotspot.Parts
	name Difference
}{{hotspot.PartDisabled, DiffDisabled}, {hotspot.PartLimits, DiffLimits}, {hotspot.PartProfile, DiffProfile}, {hotspot.PartPassword, DiffPassword}, {hotspot.PartComment, DiffComment}, {hotspot.PartBound, DiffBound}}

// OfParts are the differences in parts of a user that is wanted enabled.
func OfParts(p hotspot.Parts) (out []Difference) {
	for _, x := range partNames {
		if p.Has(x.part) {
			out = append(out, x.name)
		}
	}
	return out
}

// Compare lists how what a router holds under a voucher's name differs from what Wanted
// says, found being nil where there is no such user. Correcting what it lists and comparing
// again lists nothing. A user that has ended may be missing, is never enabled, and has no
// other difference; one that the books want nothing of has none.
func Compare(u hotspot.User, want Want, found *hotspot.Found) []Difference {
	switch {
	case want == WantEnabled && found == nil:
		return []Difference{DiffMissing}
	case want == WantEnabled && !u.Owns(*found):
		return []Difference{DiffTaken}
	case want == WantEnabled:
		return OfParts(u.Differs(*found))
	case want == WantDisabled && found != nil && u.Owns(*found) && !found.Disabled:
		return []Difference{DiffEnabled}
	}
	return nil
}
