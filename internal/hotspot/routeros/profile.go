package routeros

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gerai/internal/hotspot"
)

const profileMenu = "/ip/hotspot/user/profile"

// ensureProfile makes the plan's profile exist, and makes sure that no profile
// is called like the user: Mikhmon's schedulers are keyed by bare names and one
// of its scripts deletes the scheduler named like the user. What is known of the router's
// profiles serves both. Profiles of our own are kept in step; foreign ones are used as found.
func (s *session) ensureProfile(u hotspot.User) error {
	names := []string{u.Profile.Name}
	if u.Name != "" { // mass work has looked at all names before
		names = append(names, u.Name)
	}
	rows, err := s.profilesFor(names...)
	if err != nil {
		return err
	}
	if _, taken := rows[u.Name]; taken && u.Name != "" {
		return hotspot.ErrNameTaken.With(fmt.Errorf("a profile is called %s", u.Name))
	}
	have := rows[u.Profile.Name]
	if have == nil {
		_, err := s.write(append([]string{profileMenu + "/add", "=name=" + u.Profile.Name}, profileWords(u.Profile)...)...)
		if errors.Is(err, hotspot.ErrExists) {
			return nil // another order of the same plan was faster
		}
		return err
	}
	if !strings.HasPrefix(u.Profile.Name, hotspot.OwnPrefix) {
		return nil
	}
	p := u.Profile
	if profileFits(have, p) {
		return nil
	}
	_, err = s.write(append([]string{profileMenu + "/set", "=.id=" + have[".id"]}, profileWords(p)...)...)
	return err
}

func profileFits(have row, p hotspot.Profile) bool {
	return have["rate-limit"] == p.RateLimit && have["shared-users"] == strconv.Itoa(p.SharedUsers) && have["on-login"] == metadata(p)
}

func profileWords(p hotspot.Profile) []string {
	return []string{"=rate-limit=" + p.RateLimit, "=shared-users=" + strconv.Itoa(p.SharedUsers), "=on-login=" + metadata(p)}
}

// metadata is the list that Mikhmon reads from the start of a profile's on-login script:
// empty expiry mode, price, validity, selling price, marker "noexp", lock. With it
// Mikhmon shows price and validity and leaves expiry to the shop.
//
// The profile's mac-cookie stays at the router's default, on: a device that walks away
// and returns is logged in again by the router, and a voucher that ends is disabled on
// the router together with its sessions and cookies.
func metadata(p hotspot.Profile) string {
	validity := ""
	if p.Validity > 0 {
		validity = duration(p.Validity)
	}
	return fmt.Sprintf(`:put (",,%d,%s,%d,noexp,Disable,")`, p.Price, validity, p.Price)
}
