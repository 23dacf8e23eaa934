package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/sheet"
	"gerai/internal/store"
	"gerai/internal/typed"
	"gerai/templates"
)

// OutletChoices lists the outlets that sell for a site, "" for any of the
// person's, before one that stands for none of them.
func OutletChoices(k *Request, p templates.Panel, none, siteID string) ([]templates.Choice, error) {
	outlets, err := OutletsOf(k)
	if err != nil || len(outlets) == 0 {
		return nil, err
	}
	var out []templates.Choice
	for _, o := range outlets {
		if siteID != "" && o.SiteID != "" && o.SiteID != siteID {
			continue
		}
		out = append(out, templates.Choice{Value: o.ID, Name: o.Name, Chosen: p.Picked("outlet", o.ID, "")})
	}
	return append(out, templates.Choice{Name: p.T(none)}), nil
}

// attach makes the answer a file to save.
func attach(k *Request, name, mediaType string, body []byte) error {
	k.Set(fiber.HeaderContentType, mediaType)
	k.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	return k.Send(body)
}

// InPage is a picture of ours as part of its page.
func InPage(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)) //nolint:gosec // our own picture
}

// Queries are the address's parameters, tidied.
func Queries(k *Request) url.Values {
	q := url.Values{}
	for name, value := range k.Queries() {
		if value = strings.TrimSpace(Truncate(value)); value != "" && len(value) <= 200 {
			q.Set(name, value)
		}
	}
	return q
}

// OutletsOf lists the outlets that sell for the account's sites; those that sell
// for all of them sell for these too.
func OutletsOf(k *Request) ([]store.Outlet, error) {
	all, err := k.Store.Outlets(k.AuditContext())
	return slices.DeleteFunc(all, func(o store.Outlet) bool { return o.SiteID != "" && !k.Principal.Serves(o.SiteID) }), err
}

// Done sends a file that was written, or the error of writing it.
func Done(k *Request, err error, name, mediaType string, b *bytes.Buffer) error {
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return attach(k, name, mediaType, b.Bytes())
}

// SheetOptions is the kind of file that a form asks for, XLSX unless it says
// otherwise.
func SheetOptions(k *Request, name string) sheet.Options {
	switch k.FormValue("format") {
	case "csv":
		return sheet.Options{Format: sheet.CSV}
	case "csv_excel":
		return sheet.Options{Format: sheet.CSV, Mark: true, Semicolon: true}
	}
	return sheet.Options{Format: sheet.XLSX, Name: name}
}

// ParseValidity reads how long a plan is valid, in whole minutes as addresses
// carry it; 0 is for ever.
func ParseValidity(s string) (time.Duration, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return time.Duration(n) * time.Minute, err == nil && n >= 0 && n < 1<<30
}

// Minutes is a duration in whole minutes, as forms hold it.
func Minutes(v time.Duration) string { return strconv.FormatInt(int64(v/time.Minute), 10) }

// Lasting are how long the plans of some sites are valid, the shortest first
// and for ever last.
func Lasting(p templates.Panel, plans []catalog.Plan, served map[string]string) (out []templates.Choice) {
	var all []time.Duration
	for _, x := range plans {
		if _, mine := served[x.SiteID]; mine {
			all = append(all, x.Validity)
		}
	}
	slices.SortFunc(all, func(a, b time.Duration) int { return cmp.Compare(uint64(a-1), uint64(b-1)) })
	for _, v := range slices.Compact(all) {
		out = append(out, templates.Choice{Value: Minutes(v), Name: p.Validity(v)})
	}
	return out
}

// BackOrError is back, except for things that are not there.
func BackOrError(k *Request, path, done string, err error) error {
	if err != nil && httpx.Status(err) == fiber.StatusNotFound {
		return err
	}
	return k.Back(path, done, err)
}

// FoundPerPage is how many vouchers a page of a search lists.
const FoundPerPage = 50

// Number reads a whole number. Errors: Invalid with the code at the field.
func Number(k *Request, field, code string) (int, error) {
	n, ok := typed.Count(k.FormValue(field))
	if !ok {
		return 0, fault.AtField(field, code)
	}
	return n, nil
}

// Places are the names of sites and routers by their ids.
type Places struct{ Sites, Routers map[string]string }

// VoucherPlaces reads the names of sites and routers.
func VoucherPlaces(d *Handler, ctx context.Context) (Places, error) {
	out := Places{map[string]string{}, map[string]string{}}
	sites, err := d.Store.Sites(ctx)
	if err != nil {
		return out, err
	}
	for _, s := range sites {
		out.Sites[s.ID] = s.Name
	}
	states, err := d.Store.RouterStates(ctx)
	for _, r := range states {
		out.Routers[r.ID] = r.Name
	}
	return out, err
}
