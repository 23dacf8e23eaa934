package staff

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// auditPage is how many rows a page of the audit trail has.
const auditPage = 50

// audit shows who did what.
func audit(k *web.Request) error {
	p, err := k.Panel("audit")
	if err != nil {
		return err
	}
	asked := auditQuery(k)
	page := templates.AuditPage{Panel: p, Query: asked}
	f, err := auditFilter(k, asked)
	if err != nil {
		return err
	}
	f.Before, _ = strconv.ParseInt(k.Query("before"), 10, 64) // nonsense is the first page
	f.Limit = auditPage
	found, err := k.Store.SearchAudit(k.AuditContext(), f)
	if err != nil {
		return err
	}
	names, err := k.Accounts.Names(k.AuditContext())
	if err != nil {
		return err
	}
	page.Whose = names.Now(asked.Person)
	if all := names[asked.Person]; len(all) > 1 {
		page.Former = all[1:]
	}
	for _, row := range found.Rows {
		line := templates.NewAuditLine(row.Seq, row.At, row.Actor, row.Action, subjectName(row.Subject, names), row.Detail)
		line.Person, line.Role = row.StaffID, row.Role
		if now := names.Now(row.StaffID); now != web.Named(row.Actor) {
			line.NameNow = now
		}
		page.Rows = append(page.Rows, line)
	}
	page.More = found.More
	if page.Anchors, err = anchorLines(k); err != nil {
		return err
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

func auditQuery(k *web.Request) templates.AuditQuery {
	get := func(name string) string { return web.Truncate(strings.TrimSpace(k.Query(name))) }
	return templates.AuditQuery{Person: get("person"), Actor: get("actor"), Action: get("action"), Subject: get("subject"), From: get("from"), To: get("to"), Text: get("text")}
}

// auditFilter reads the form of the page. People are named as they sign in, or
// did once, orders by their code; dates are days of the shop.
func auditFilter(k *web.Request, q templates.AuditQuery) (store.AuditFilter, error) {
	f := store.AuditFilter{Actor: q.Actor, Action: q.Action, Subject: q.Subject, Text: q.Text}
	person := q.Person
	if name, ofStaff := actor.StaffName(f.Actor); person == "" && f.Actor != "" && (ofStaff || !strings.Contains(f.Actor, ":")) {
		person = strings.ToLower(name)
	}
	if person != "" {
		switch found, err := k.Accounts.AuditOfPerson(k.AuditContext(), f, person); {
		case err == nil:
			f, f.Actor = found, ""
		case !fault.Is(err, fault.NotFound):
			return f, err
		case q.Person != "":
			f.Actor = actor.Staff("", q.Person, nil).AuditName // no account has that name: finds nothing
		}
	}
	if code, ok := order.ParseCode(q.Subject); ok {
		if o, err := k.Store.OrderByCode(k.AuditContext(), code); err == nil {
			f.Subject = "order:" + string(o.ID)
		}
	} else if q.Subject != "" && !strings.Contains(q.Subject, ":") {
		if s, err := k.Store.StaffByName(k.AuditContext(), strings.ToLower(q.Subject)); err == nil {
			f.Subject = "staff:" + s.ID
		}
	}
	if day, err := time.ParseInLocation(time.DateOnly, q.From, k.Zone); err == nil {
		f.From = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, q.To, k.Zone); err == nil {
		f.To = day.AddDate(0, 0, 1)
	}
	return f, nil
}

// subjectName is the subject with the account's name in place of the id.
func subjectName(subject string, names staff.Names) string {
	id, ofStaff := strings.CutPrefix(subject, "staff:")
	if name := names.Now(id); ofStaff && name != "" {
		return "staff:" + name
	}
	return subject
}

const shownAnchors = 7

// anchorLines are the newest anchors, the newest first.
func anchorLines(k *web.Request) (out []templates.AnchorLine, err error) {
	all, err := k.Accounts.Anchors(k.AuditContext())
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
