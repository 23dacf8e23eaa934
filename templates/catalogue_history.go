package templates

import "time"

// CatalogueHistoryPage lists changes of what is sold, each to be taken back.
type CatalogueHistoryPage struct {
	Panel
	CatalogueTabs
	Changes []CatalogueChangeLine
	Next    string // address of what was changed before, "" for none
}

// CatalogueChangeLine is one change.
type CatalogueChangeLine struct {
	ID, What, Name, By string
	At                 time.Time
	Fields             []FieldChange
	TakenBackAt        time.Time // zero while it holds
	TakenBackBy        string
	CanTakeBack        bool
}

// FieldChange is a field as it was and as it became.
type FieldChange struct {
	Name, Old, New string
	Panel          bool // it was changed in the panel since the last import
}

func (CatalogueHistoryPage) file() string { return "catalogue/history.html" }

// Title names the page in the browser's tab.
func (p CatalogueHistoryPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p CatalogueHistoryPage) Heading() string { return p.T("catalogue.history") }
