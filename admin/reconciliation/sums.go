package reconciliation

import (
	"gerai/admin/web"
	"gerai/internal/store"
	"gerai/templates"
)

// fillSums adds the rows of the range up, beside what the revenue report says of it.
func fillSums(k *web.Request, q inquiry, page *templates.ReconciliationPage) error {
	sum, err := k.Store.ReconciliationTotals(k.AuditContext(), store.ReconciliationFilter{From: q.from, To: q.to})
	if err != nil {
		return err
	}
	books, err := k.Shop.Reconciliation.Revenue(k.AuditContext(), q.from, q.to)
	if err != nil {
		return err
	}
	page.Tiles = append(page.Tiles,
		templates.Tile{Name: page.T("reconciliation.sum.in"), Value: sum.In.String(), Note: page.T("reconciliation.sum.beside", "amount", sum.Beside)},
		templates.Tile{Name: page.T("reconciliation.sum.back"), Value: sum.Back.String(), Note: page.T("reconciliation.sum.beside", "amount", sum.BackBeside)},
		templates.Tile{Name: page.T("reconciliation.sum.gateway_in"), Value: sum.GatewayIn.String(), Note: page.T("reconciliation.sum.settled", "amount", sum.Settled)},
		templates.Tile{Name: page.T("reconciliation.sum.gateway_back"), Value: sum.GatewayBack.String()},
		templates.Tile{Name: page.T("reconciliation.sum.difference"), Value: sum.Difference().String(), Tone: web.Tone(sum.Difference() != 0, "bad")},
		templates.Tile{Name: page.T("reconciliation.sum.fee"), Value: sum.Fee.String(), Note: page.T("reconciliation.sum.expected", "amount", sum.FeeExpected)},
	)
	page.Sums = page.T("reconciliation.sums", "from", page.Date(q.from.Date()), "to", page.Date(q.to.Date()))
	page.Ties = sum.In == books.In && sum.Back == books.Back
	page.ReportIn, page.ReportBack = books.In, books.Back
	page.Report = page.Href(web.Root+"/reports", "from", string(q.from), "to", string(q.to))
	return nil
}
