package catalogue

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/shop/catalogue"
	"gerai/templates"
)

// brandGroups is the form of the brand.
var brandGroups = []group{
	{"brand", []field{{name: "name", kind: line, max: 60, needed: true}, {name: "tagline", kind: line, max: 200}, {name: "logo", kind: file, hint: true}, {name: "color", kind: color, hint: true}}},
	{"help", []field{{name: "phone", kind: line, max: 25}, {name: "whatsapp", kind: line, max: 25, hint: true}}},
	{"legal", []field{{name: "licence", kind: line, max: 1000, hint: true}, {name: "terms", kind: line, max: 1000, hint: true}, {name: "tax_percent", kind: number, hint: true}}},
}

// brandForm shows the brand to be changed.
func brandForm(k *web.Request) error {
	b, err := k.Store.Brand(k.AuditContext())
	if err != nil {
		return err
	}
	return showBrand(k, fiber.StatusOK, b, templates.Typed{}, nil)
}

// saveBrand changes the brand, or shows what it would look like.
func saveBrand(k *web.Request) error {
	now, err := k.Store.Brand(k.AuditContext())
	if err != nil {
		return err
	}
	in := catalogue.BrandForm{Seen: k.FormValue("seen"), NoLogo: k.FormValue("no_logo") == "true"}
	if in.Fields, err = posted(k, brandGroups); err == nil {
		in.Logo, err = sentLogo(k)
	}
	if err == nil && k.FormValue("act") == "preview" {
		next, err := k.Shop.Catalogue.PreviewBrand(k.AuditContext(), in)
		if err == nil {
			return showBrand(k, fiber.StatusOK, next, typedBrand(k), nil)
		}
		return refusedBrand(k, now, err)
	}
	if err == nil {
		err = k.Shop.Catalogue.SaveBrand(k.AuditContext(), k.Actor(), in)
	}
	if err != nil {
		return refusedBrand(k, now, err)
	}
	return k.SeeOther("/catalogue/brand", "m", "brand.saved")
}

// typedBrand is what the form holds.
func typedBrand(k *web.Request) templates.Typed {
	form := templates.Typed{Values: map[string]string{}}
	for _, name := range append(names(brandGroups), "seen") {
		form.Values[name] = web.Truncate(k.FormValue(name))
	}
	return form
}

func refusedBrand(k *web.Request, now catalog.Brand, cause error) error {
	form, ok := k.Typed(cause, append(names(brandGroups), "seen")...)
	if !ok {
		return cause
	}
	return showBrand(k, httpx.Status(cause), now, form, cause)
}

// sentLogo is the file of the form, or the one that was chosen before a preview, nil for none.
// Errors: Invalid at "logo".
func sentLogo(k *web.Request) ([]byte, error) {
	sent, err := k.FormFile("logo")
	if err != nil || sent.Size == 0 { // no file was chosen, or the form has no place for one
		_, text, chosen := strings.Cut(k.FormValue("chosen"), ";base64,")
		if !chosen {
			return nil, nil
		}
		logo, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, fault.AtField("logo", "catalogue.logo_type")
		}
		return logo, nil
	}
	if sent.Size > catalogue.MostLogo {
		return nil, fault.AtField("logo", "catalogue.logo_size")
	}
	f, err := sent.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func showBrand(k *web.Request, status int, shown catalog.Brand, form templates.Typed, cause error) error {
	p, err := k.Panel("catalogue")
	if err != nil {
		return err
	}
	now := p.Theme.Brand
	p.Form = form
	p.Theme = templates.NewTheme(shown) // the page is its own preview
	page := templates.BrandEditPage{Panel: p, CatalogueTabs: tabs(k, "brand"), Seen: p.Form.Value("seen", now.Fields().Digest()), Groups: drawn(p, "brand", brandGroups, now.Fields()), HasLogo: len(now.Logo) > 0, Preview: shown}
	if len(shown.Logo) > 0 && !bytes.Equal(shown.Logo, now.Logo) {
		page.Chosen = template.URL("data:" + shown.LogoType + ";base64," + base64.StdEncoding.EncodeToString(shown.Logo)) //nolint:gosec // a picture that was decoded and written again
	}
	if cause != nil {
		sent, _ := posted(k, brandGroups) // only of a form that could be read
		page.Now = seenAgain(p, form, cause, "brand", now.Fields(), sent)
		page.Seen = p.Form.Value("seen", page.Seen)
	}
	return k.SendPage(status, p.Theme, page)
}
