package staff

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/store"
)

// Names are what accounts were called: current and former names by account id,
// the current one first.
type Names map[string][]string

// Names reads them from the accounts and the audit trail.
func (o *Accounts) Names(ctx context.Context) (Names, error) {
	out := Names{}
	all, err := o.Store.ListStaff(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		out[s.ID] = []string{s.Name}
	}
	for f := (store.AuditFilter{Action: "staff.rename"}); ; {
		page, err := o.Store.SearchAudit(ctx, f)
		if err != nil {
			return nil, fmt.Errorf("read former names: %w", err)
		}
		for _, row := range page.Rows {
			out.add(row)
		}
		if f.Before = page.More; page.More == 0 {
			return out, nil
		}
	}
}

// add notes both names of a renaming.
func (n Names) add(row store.AuditRow) {
	var d struct{ Before, After struct{ Name string } }
	id, ofStaff := strings.CutPrefix(row.Subject, "staff:")
	if !ofStaff || json.Unmarshal([]byte(row.Detail), &d) != nil {
		return
	}
	for _, name := range []string{d.After.Name, d.Before.Name} {
		if name != "" && !slices.Contains(n[id], name) {
			n[id] = append(n[id], name)
		}
	}
}

// Now is what an account is called today, "" for none that there is.
func (n Names) Now(id string) string {
	if len(n[id]) == 0 {
		return ""
	}
	return n[id][0]
}

// AuditOfPerson narrows an audit search to one account: by its id, or by a name that
// it has or had. A name that two accounts had in turn matches both. Rows without an
// account id, from older versions, match by every name of the account.
// Errors: NotFound "staff.not_found" when no account ever had the name.
func (o *Accounts) AuditOfPerson(ctx context.Context, f store.AuditFilter, person string) (store.AuditFilter, error) {
	names, err := o.Names(ctx)
	if err != nil {
		return f, err
	}
	for id, all := range names {
		if id != person && !slices.Contains(all, person) {
			continue
		}
		f.Staff = append(f.Staff, id)
		for _, name := range all {
			if auditName := actor.Staff(id, name, nil).AuditName; !slices.Contains(f.Names, auditName) {
				f.Names = append(f.Names, auditName)
			}
		}
	}
	if len(f.Staff) == 0 {
		return f, store.ErrStaffNotFound
	}
	slices.Sort(f.Staff)
	slices.Sort(f.Names)
	return f, nil
}
