package stock

import (
	"context"
	"fmt"
	"slices"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// Formats that vouchers leave the shop in.
const (
	FormatPage = "page" // for the browser's own printing
	FormatPDF  = "pdf"
	FormatCSV  = "csv"
	FormatXLSX = "xlsx"
)

// Formats lists them in the order people want them.
var Formats = []string{FormatPage, FormatPDF, FormatXLSX, FormatCSV}

// MostOnPage is how many vouchers one page for the browser may hold, MostInPDF
// one document: a code's picture takes milliseconds, and both are made in
// memory.
const (
	MostOnPage = 500
	MostInPDF  = 2000
)

// PrintIn is a wish to print or export vouchers of a batch, by number.
type PrintIn struct {
	BatchID     string
	First, Last int
	Format      string
	Nonce       string
}

// NotePrint writes down who takes which vouchers out, before they get them; the
// same form posted again is the same printing. From then on the vouchers count
// as paper: a counter sale of the plan takes none of them unless it is named.
// Errors: NotFound, Invalid at "first", "format" or "nonce".
func (s *Service) NotePrint(ctx context.Context, by actor.Actor, in PrintIn) (store.Print, error) {
	switch {
	case !ledger.ValidNonce(in.Nonce):
		return store.Print{}, fault.AtField("nonce", "order.form_stale")
	case !slices.Contains(Formats, in.Format):
		return store.Print{}, fault.AtField("format", "print.format")
	}
	var noted store.Print
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		b, err := tx.Batch(ctx, in.BatchID)
		if err != nil {
			return err
		}
		if in.First < 1 || in.Last < in.First || in.Last > b.Count {
			return fault.AtField("first", "batch.range")
		}
		if n := in.Last - in.First + 1; in.Format == FormatPage && n > MostOnPage || in.Format == FormatPDF && n > MostInPDF {
			return fault.AtField("first", "print.too_many")
		}
		fresh, stored, err := tx.InsertPrint(ctx, store.Print{ID: tx.NewID(), BatchID: b.ID, Nonce: in.Nonce, First: in.First, Last: in.Last, Format: in.Format, Actor: by.AuditName, At: tx.Now()})
		if noted = stored; err != nil || !fresh {
			return err
		}
		tx.Audit("batch.print", "batch:"+b.ID, map[string]any{"code": b.Code, "format": in.Format, "first": in.First, "last": in.Last})
		return tx.MarkPrinted(ctx, b.ID, in.First, in.Last)
	})
	if err != nil {
		return noted, fmt.Errorf("note print of batch %s: %w", in.BatchID, err)
	}
	if noted.BatchID != in.BatchID || noted.Actor != by.AuditName { // the account is looked at when it is shown
		return noted, fault.AtField("nonce", "order.form_stale")
	}
	return noted, nil
}

// PutPrintStyle changes how printed vouchers look. Errors: as of
// catalog.PrintStyle.Validate.
func (s *Service) PutPrintStyle(ctx context.Context, by actor.Actor, p catalog.PrintStyle) error {
	if err := p.Validate(); err != nil {
		return err
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		before, err := tx.PrintStyle(ctx)
		if err != nil || before == p {
			return err
		}
		tx.Audit("print.style", "print", map[string]any{"before": before, "after": p})
		return tx.PutPrintStyle(ctx, p)
	})
}
