package catalogue

import (
	"errors"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/mistake"
	"gerai/internal/shop/catalogue"
	"gerai/internal/staff"
	"gerai/templates"
)

// mostImport bounds a file of the panel in bytes; larger ones are for the command line.
const mostImport = 96 << 10

// errNoFile: a field of the file names another file, which the panel does not read.
var errNoFile = errors.New("the panel reads no other files: write the picture into the file, as data:image/png;base64,…")

// importForm asks for a catalogue file.
func importForm(k *web.Request) error {
	return showImport(k, fiber.StatusOK, templates.CatalogueImportPage{}, templates.Typed{})
}

// importCatalogue shows what a file would change, and applies it when that was seen. What was
// changed in between is shown again.
func importCatalogue(k *web.Request) error {
	page := templates.CatalogueImportPage{Panels: k.FormValue("panel")}
	text, err := importedText(k)
	if err != nil {
		return refusedImport(k, page, err)
	}
	page.Document = string(text)
	file, err := catalog.ParseDocument(text, func(string) string { return "" }, func(string) ([]byte, error) { return nil, errNoFile })
	if err != nil {
		page.Document = ""
		return showImport(k, fiber.StatusUnprocessableEntity, page, templates.Typed{Field: "file", Message: mistake.Text(err, func(format string) string { return templates.MistakeFormat(k.Lang(), format) })})
	}
	in := catalogue.Import{Catalogue: file, KeepPanel: k.FormValue("panel") == "keep", Overwrite: k.FormValue("panel") == "overwrite", Shown: k.FormValue("shown"),
		KeepRouters: !k.Principal.May(staff.EditRouters) || catalogue.WithoutRouters(text), PasswordAgain: true}
	if k.FormValue("act") == "apply" && in.Shown != "" {
		_, err = k.Shop.Catalogue.ImportCatalogue(k.AuditContext(), k.Actor(), in)
		switch {
		case err == nil:
			return k.SeeOther("/catalogue/history", "m", "catalogue.imported")
		case !errors.Is(err, catalogue.ErrDifferencesChanged) && !errors.Is(err, catalogue.ErrPanelChanged):
			return refusedImport(k, page, err)
		}
	}
	all, wrong := k.Shop.Catalogue.PlanImport(k.AuditContext(), in)
	if wrong != nil {
		return refusedImport(k, page, wrong)
	}
	if errors.Is(err, catalogue.ErrDifferencesChanged) && len(all) == 0 { // the same form again, most likely
		return k.SeeOther("/catalogue/history", "m", "catalogue.imported")
	}
	page.Shown, page.Known = catalogue.DifferencesDigest(all), true
	status, form := fiber.StatusOK, templates.Typed{}
	if err != nil {
		status, form = httpx.Status(err), templates.Typed{Message: templates.FaultText(k.Lang(), err)}
	}
	return showImport(k, status, page, form, all...)
}

// importedText is the file of the form, or the one whose differences were shown. Errors: Invalid
// at "file".
func importedText(k *web.Request) ([]byte, error) {
	if text := k.FormValue("document"); text != "" {
		if len(text) > mostImport {
			return nil, fault.AtField("file", "catalogue.import_size")
		}
		return []byte(strings.ReplaceAll(text, "\r\n", "\n")), nil // browsers end lines so
	}
	sent, err := k.FormFile("file")
	switch {
	case err != nil || sent.Size == 0:
		return nil, fault.AtField("file", "catalogue.import_none")
	case sent.Size > mostImport:
		return nil, fault.AtField("file", "catalogue.import_size")
	}
	f, err := sent.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// refusedImport shows the form again with what is wrong. Errors that no form shows are returned.
func refusedImport(k *web.Request, page templates.CatalogueImportPage, cause error) error {
	if text := (*mistake.Mistake)(nil); errors.As(cause, &text) {
		return showImport(k, fiber.StatusUnprocessableEntity, page, templates.Typed{Field: "file", Message: text.In(func(format string) string { return templates.MistakeFormat(k.Lang(), format) })})
	}
	form, ok := k.Typed(cause)
	if !ok {
		return cause
	}
	return showImport(k, httpx.Status(cause), page, form)
}

func showImport(k *web.Request, status int, page templates.CatalogueImportPage, form templates.Typed, all ...catalog.Difference) error {
	p, err := k.Panel("catalogue")
	if err != nil {
		return err
	}
	p.Form = form
	page.Panel, page.CatalogueTabs, page.MostKB = p, tabs(k, "import"), mostImport>>10
	for _, d := range all {
		thing := templates.ImportedThing{What: d.What, Name: strings.TrimSpace(p.T("catalogue.kind."+d.Kind) + " " + d.Name)}
		if d.Name == "" {
			thing.Name = strings.TrimSpace(p.T("catalogue.kind."+d.Kind) + " " + d.ID)
		}
		for _, f := range d.Fields {
			thing.Fields = append(thing.Fields, templates.FieldChange{Name: fieldName(p, d.Kind, f.Field), Old: fieldText(p, f.Field, f.Old), New: fieldText(p, f.Field, f.New), Panel: f.Panel})
			page.Panelled = page.Panelled || f.Panel
		}
		page.Things = append(page.Things, thing)
	}
	return k.SendPage(status, p.Theme, page)
}
