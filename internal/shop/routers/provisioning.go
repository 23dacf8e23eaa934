package routers

import (
	"context"
	"encoding/base32"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/store"
	"gerai/internal/typed"
	"gerai/templates"
)

// ProvisioningOptions are an operator's wishes for one setup, undo or audit.
type ProvisioningOptions struct {
	User, Password string // the router's full account, for this one time; secret; "" uses the stored one
	TLSAddress     string // host:port of api-ssl when it is not where the router says
	Reboot         bool   // the shop's account may restart the router
	Bare           bool   // leave the hotspot's pages alone
}

// provisioningUser is the name wished for group and account.
const provisioningUser = "gerai"

// provisioningWorkID separates the connections of provisioning from those of sales,
// which go on with other credentials at the same time.
const provisioningWorkID = ":kit"

// FindRouter reads a router by its name or id. Errors: NotFound
// "router.not_found".
func (s *Service) FindRouter(ctx context.Context, nameOrID string) (catalog.Router, error) {
	routers, err := s.Store.Routers(ctx)
	if err != nil {
		return catalog.Router{}, fmt.Errorf("find router: %w", err)
	}
	for _, r := range routers {
		if r.ID == nameOrID || r.Name == nameOrID {
			return r, nil
		}
	}
	return catalog.Router{}, store.ErrRouterNotFound
}

func (s *Service) provisioner() (hotspot.Provisioner, error) {
	if o, ok := s.Hotspot.(hotspot.Provisioner); ok {
		return o, nil
	}
	return nil, fault.New(fault.Config, "router.kit_none")
}

// provisioningOf describes what a router needs to serve this shop. Each call draws a new
// password for the account. Errors: Config "router.kit_base_url".
func (s *Service) provisioningOf(ctx context.Context, r catalog.Router, o ProvisioningOptions) (hotspot.Provisioning, error) {
	k := hotspot.Provisioning{User: provisioningUser, Reboot: o.Reboot, Bare: o.Bare, Stored: r.Router}
	var err error
	if k.Host, k.Port, k.Secure, err = shopAddress(s.BaseURL); err != nil {
		return k, err
	}
	if k.Password, err = s.newProvisioningPassword(); err != nil {
		return k, err
	}
	site, err := s.Store.Site(ctx, r.SiteID)
	if err != nil {
		return k, err
	}
	plans, err := s.Store.Plans(ctx, r.SiteID)
	if err != nil {
		return k, err
	}
	for _, p := range plans {
		if !p.Hidden {
			k.Profiles = append(k.Profiles, hotspot.Profile{Name: p.ProfileName(), RateLimit: p.RateLimit, SharedUsers: p.SharedUsers, Price: int64(p.Price), Validity: p.Validity})
		}
	}
	if rules := site.Portal.Pass; rules.On {
		k.Pass = &hotspot.Pass{RateLimit: rules.RateLimit, Duration: rules.Duration}
	}
	portal, err := s.portalOf(ctx, site)
	if err != nil {
		return k, err
	}
	for _, name := range templates.PortalNames {
		body, err := portal.File(name)
		if err != nil {
			return k, err
		}
		k.Pages = append(k.Pages, hotspot.Page{Name: name, Body: body})
	}
	return k, nil
}

func (s *Service) portalOf(ctx context.Context, site catalog.Site) (templates.Portal, error) {
	brand, err := s.Store.Brand(ctx)
	return templates.Portal{Brand: brand, Site: site, BaseURL: strings.TrimRight(s.BaseURL, "/")}, err
}

// shopAddress is the one host and port that customers must reach before they
// are logged in.
func shopAddress(base string) (host string, port int, secure bool, err error) {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", 0, false, fault.New(fault.Config, "router.kit_base_url")
	}
	port = map[string]int{"http": 80, "https": 443}[u.Scheme]
	if u.Port() != "" {
		var ok bool
		if port, ok = typed.Port(u.Port()); !ok {
			return "", 0, false, fault.New(fault.Config, "router.kit_base_url")
		}
	}
	return strings.ToLower(u.Hostname()), port, u.Scheme == "https", nil
}

// newProvisioningPassword has 160 random bits in letters that need no quoting.
func (s *Service) newProvisioningPassword() (string, error) {
	raw := make([]byte, 20)
	if _, err := io.ReadFull(s.Random, raw); err != nil {
		return "", fmt.Errorf("draw password: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(raw)), nil
}

// worker is the access with which setup does its work.
func (o ProvisioningOptions) worker(r hotspot.Router) hotspot.Router {
	r.ID += provisioningWorkID
	if o.User != "" {
		r.User, r.Password = o.User, o.Password
	}
	return r
}

// access is how the shop reaches a router, as a provisioning stores it. Secret.
type access struct {
	Address, User, Password string
	TLS                     bool
	Fingerprint             string
}

func accessOf(r hotspot.Router) access {
	return access{r.Address, r.User, r.Password, r.TLS, r.Fingerprint}
}

func (a access) on(r hotspot.Router) hotspot.Router {
	r.Address, r.User, r.Password, r.TLS, r.Fingerprint = a.Address, a.User, a.Password, a.TLS, a.Fingerprint
	return r
}

// secureAddress is where api-ssl is: beside the address known so far, or where
// the operator says. Errors: Invalid "router.kit_address".
func (o ProvisioningOptions) secureAddress(known string, port int) (string, error) {
	if o.TLSAddress != "" {
		host, port, err := net.SplitHostPort(o.TLSAddress)
		if _, ok := typed.Port(port); err != nil || !ok || host == "" {
			return "", fault.AtField("tls_address", "router.kit_address")
		}
		return o.TLSAddress, nil
	}
	host, _, err := net.SplitHostPort(known)
	if err != nil {
		return "", fault.Wrap(fault.Config, "router.kit_address", err)
	}
	return net.JoinHostPort(host, strconv.Itoa(port)), nil
}
