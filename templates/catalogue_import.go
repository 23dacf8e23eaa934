package templates

// CatalogueImportPage takes a catalogue file, and shows what it changes before it is applied.
type CatalogueImportPage struct {
	Panel
	CatalogueTabs
	MostKB   int    // of a file
	Known    bool   // differences are shown
	Document string // the file
	Shown    string // tells the differences apart that are on the page
	Things   []ImportedThing
	Panelled bool   // some were made in the panel since the last import
	Panels   string // what becomes of those: "keep", "overwrite", "" where that is not said
}

// ImportedThing is what one thing becomes.
type ImportedThing struct {
	What, Name string
	Fields     []FieldChange
}

func (CatalogueImportPage) file() string { return "catalogue/import.html" }

// Title names the page in the browser's tab.
func (p CatalogueImportPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p CatalogueImportPage) Heading() string { return p.T("catalogue.import") }

// Chosen reports whether it is said what becomes of the panel's changes, where there are any.
func (p CatalogueImportPage) Chosen() bool { return !p.Panelled || p.Panels == "overwrite" }

// MistakeFormat is the sentence of a mistake in a language, its own where there is none.
func MistakeFormat(l Lang, format string) string {
	if text, ok := Translated(l, "mistake.", format); ok {
		return text
	}
	return format
}
