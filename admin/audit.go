package admin

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/order"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// auditPage is how many rows a page of the trail has.
const auditPage = 50

// audit shows who did what.
func (d *Door) audit(k *desk) error {
	p, err := k.panel("audit")
	if err != nil {
		return err
	}
	asked := k.auditQuery()
	page := templates.AuditPage{Panel: p, Query: asked}
	f, err := d.auditFilter(k, asked)
	if err != nil {
		return err
	}
	f.Before, _ = strconv.ParseInt(k.Query("before"), 10, 64) // nonsense is the first page
	f.Limit = auditPage
	found, err := d.Store.SearchAudit(k.ctx(), f)
	if err != nil {
		return err
	}
	names, err := d.names(k)
	if err != nil {
		return err
	}
	for _, row := range found.Rows {
		page.Rows = append(page.Rows, templates.NewAuditLine(row.Seq, row.At, row.Actor, row.Action, subjectName(row.Subject, names), row.Detail))
	}
	page.More = found.More
	if page.Anchors, err = d.anchorLines(k); err != nil {
		return err
	}
	return k.send(fiber.StatusOK, p.Theme, page)
}

func (k *desk) auditQuery() templates.AuditQuery {
	get := func(name string) string { return shorten(strings.TrimSpace(k.Query(name))) }
	return templates.AuditQuery{Actor: get("actor"), Action: get("action"), Subject: get("subject"), From: get("from"), To: get("to"), Text: get("text")}
}

// auditFilter reads the form of the page. People are named as they sign in,
// orders by their code; dates are days of the shop.
func (d *Door) auditFilter(k *desk, q templates.AuditQuery) (store.AuditFilter, error) {
	f := store.AuditFilter{Actor: q.Actor, Action: q.Action, Subject: q.Subject, Text: q.Text}
	if f.Actor != "" && !strings.ContainsAny(f.Actor, ":") && f.Actor != "server" && f.Actor != "customer" && f.Actor != "gateway" {
		f.Actor = "staff:" + strings.ToLower(f.Actor)
	}
	if code, ok := order.ParseCode(q.Subject); ok {
		if o, err := d.Store.OrderByCode(k.ctx(), code); err == nil {
			f.Subject = "order:" + string(o.ID)
		}
	} else if q.Subject != "" && !strings.Contains(q.Subject, ":") {
		if s, err := d.Store.StaffByName(k.ctx(), strings.ToLower(q.Subject)); err == nil {
			f.Subject = "staff:" + s.ID
		}
	}
	if day, err := time.ParseInLocation(time.DateOnly, q.From, d.Zone); err == nil {
		f.From = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, q.To, d.Zone); err == nil {
		f.To = day.AddDate(0, 0, 1)
	}
	return f, nil
}

// names are the people behind the ids of subjects.
func (d *Door) names(k *desk) (map[string]string, error) {
	all, err := d.Store.ListStaff(k.ctx())
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, s := range all {
		names["staff:"+s.ID] = s.Name
	}
	return names, nil
}

func subjectName(subject string, names map[string]string) string {
	if name, ok := names[subject]; ok {
		return "staff:" + name
	}
	return subject
}

const shownAnchors = 7

// anchorLines are the newest anchors, the newest first.
func (d *Door) anchorLines(k *desk) (out []templates.AnchorLine, err error) {
	all, err := d.Office.Anchors(k.ctx())
	if err != nil {
		return nil, err
	}
	return anchorsShown(all), nil
}

func anchorsShown(all []staff.Anchor) (out []templates.AnchorLine) {
	for i := len(all) - 1; i >= 0 && len(out) < shownAnchors; i-- {
		out = append(out, templates.AnchorLine{At: all[i].At, Seq: all[i].Seq, Hash: all[i].Hash})
	}
	return out
}
