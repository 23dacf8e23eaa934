package hotspot

import "gerai/internal/fault"

// Faults of a Driver that the shop decides by, with errors.Is. Others are told apart by kind
// only.
var (
	// ErrNameTaken: a foreign user, profile, scheduler or script has that name.
	ErrNameTaken = fault.New(fault.Conflict, "router.name_taken")
	// ErrExists: there is a row of that name, or one that says the same.
	ErrExists = fault.New(fault.Conflict, "router.exists")
	// ErrBusy: there was no time left to try; the router itself is well.
	ErrBusy = fault.New(fault.Unavailable, "router.busy")
	// ErrCertificate: the router shows another certificate than the one it is known by.
	ErrCertificate = fault.New(fault.Config, "router.certificate")
	// ErrNotSeen: no router knows the device at that address.
	ErrNotSeen = fault.New(fault.NotFound, "device.not_seen")
	// ErrDeviceBusy: the device is online as another user.
	ErrDeviceBusy = fault.New(fault.Conflict, "device.busy")
	// ErrTooMany: as many devices are online as the user as its profile allows.
	ErrTooMany = fault.New(fault.Conflict, "device.too_many")
	// ErrUsedUp: the user has reached its limit on online time or data.
	ErrUsedUp = fault.New(fault.Refused, "voucher.used_up")
)
