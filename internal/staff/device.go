package staff

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"gerai/internal/secret"
	"gerai/internal/store"
)

// A device cookie says that a browser signed in to an account before, with all
// factors. It opens nothing: it gives the browser a budget of tries of its own.
// It is signed, bound to the account and to its password, so that a change of
// password ends it, and nothing of it is stored.
const (
	// DeviceLife is how long a device cookie lasts after the last sign-in.
	DeviceLife = 90 * 24 * time.Hour
	// mostDevices is how many accounts share a browser, as they do at a counter.
	mostDevices = 5
	// longestDevice bounds a cookie that is looked at at all.
	longestDevice = 2048
)

// device is one signed entry of a device cookie.
type device struct {
	account, id, password string
	issued                time.Time
}

// UseKeys sets the keys of device cookies: the same on every replica. Without
// them cookies are good until the process ends.
func (o *Accounts) UseKeys(k secret.Keys) { o.keys = k }

// devices reads the entries of a cookie that are ours and not too old.
func (o *Accounts) devices(cookie string) (out []device) {
	if cookie == "" || len(cookie) > longestDevice {
		return nil
	}
	for _, entry := range strings.SplitN(cookie, "~", mostDevices+1) {
		part := strings.Split(entry, ".")
		if len(part) != 5 || len(out) == mostDevices || !o.signed(strings.Join(part[:4], "."), part[4]) {
			continue
		}
		ms, err := strconv.ParseInt(part[2], 36, 64)
		if issued := time.UnixMilli(ms); err == nil && o.Clock.Now().Sub(issued) < DeviceLife {
			out = append(out, device{account: part[0], id: part[1], issued: issued, password: part[3]})
		}
	}
	return out
}

// deviceOf returns the id under which a browser is known to an account, "" for
// none.
func (o *Accounts) deviceOf(brought []device, s store.Staff) string {
	for _, d := range brought {
		if s.ID != "" && d.account == s.ID && s.PasswordHash != "" {
			for _, want := range o.fingerprints(s) {
				if hmac.Equal([]byte(want), []byte(d.password)) {
					return d.id
				}
			}
		}
	}
	return ""
}

// RememberDevice returns the cookie for the browser of a person who gave all
// that the account asks for; it is "" for others. Entries of other accounts
// stay, the last used first.
func (o *Accounts) RememberDevice(p Principal) string {
	if p.ID == "" || p.RequiredStep == StepTwoFactor || p.PasswordHash == "" {
		return ""
	}
	id, rest := "", []string{}
	for _, d := range o.devices(p.Device) {
		switch {
		case d.account == p.ID && id == "":
			id = d.id
		case d.account != p.ID && len(rest) < mostDevices-1:
			rest = append(rest, o.sign(d))
		}
	}
	if id == "" {
		id = rand.Text()
	}
	mine := o.sign(device{account: p.ID, id: id, issued: o.Clock.Now(), password: o.fingerprints(p.Staff)[0]})
	return strings.Join(append([]string{mine}, rest...), "~")
}

const devicePurpose = "staff:device"

func (o *Accounts) sign(d device) string {
	text := strings.Join([]string{d.account, d.id, strconv.FormatInt(d.issued.UnixMilli(), 36), d.password}, ".")
	return text + "." + encoded(o.keys.MACs(devicePurpose, text)[0])
}

func (o *Accounts) signed(text, mac string) bool {
	for _, m := range o.keys.MACs(devicePurpose, text) {
		if hmac.Equal([]byte(encoded(m)), []byte(mac)) {
			return true
		}
	}
	return false
}

// fingerprints are what a cookie holds of an account's password: nothing that
// could be tried out without the keys.
func (o *Accounts) fingerprints(s store.Staff) (out []string) {
	for _, m := range o.keys.MACs(devicePurpose+":password", s.ID+"\x00"+s.PasswordHash) {
		out = append(out, encoded(m[:12]))
	}
	return out
}

func encoded(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }
