package templates

import "time"

// Pass is internet to pay with: a few minutes, once per order.
type Pass struct {
	State    PassState
	Duration time.Duration
	Data     int64     // bytes
	Until    time.Time // zero until it was given
}

// PassState says what the customer can do about it.
type PassState string

const (
	PassReady     PassState = "ready"     // one tap starts it
	PassElsewhere PassState = "elsewhere" // no device is known: the page was not opened at the hotspot
	PassRunning   PassState = "running"   // it runs until Pass.Until
	PassUsed      PassState = "used"      // it is over
)

// Use is what is left of a voucher. Uptime, Data and Devices mean something
// only where At is set: the router has answered.
type Use struct {
	At      time.Time
	Left    time.Duration // until the voucher ends; 0 without an end
	Uptime  time.Duration // online time left, never beyond Left
	Data    int64         // bytes left
	Devices []string      // masked hardware addresses of devices online
}
