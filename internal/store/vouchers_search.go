package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gerai/internal/order"
	"gerai/internal/voucher"
)

// VoucherFilter narrows a search; zero values mean "any".
type VoucherFilter struct {
	Sites    []string
	Name     string // user name, in any case
	BatchID  string
	PlanID   string
	OutletID string
	State    voucher.State
	Before   string // voucher id: strictly older
	Limit    int    // at most 200

	names []string // the forms of Name that rows may have
}

// FindVouchers lists vouchers, newest first. Each list goes down one index for
// each place and state it may find vouchers in, and is merged: the thousandth
// page costs what the first does.
func (r reads) FindVouchers(ctx context.Context, f VoucherFilter) ([]Voucher, error) {
	if f.Limit <= 0 || f.Limit > mostNames {
		f.Limit = mostNames
	}
	if name := strings.TrimSpace(f.Name); name != "" {
		f.names = r.storedNames(name, strings.ToLower(name), strings.ToUpper(name))
	}
	sites, err := r.sitesOf(ctx, f)
	if err != nil {
		return nil, err
	}
	states := []voucher.State{f.State}
	if f.State == "" && f.Name == "" {
		states = voucher.States
	}
	var out []Voucher
	for _, site := range sites {
		for _, state := range states {
			query, args := f.statement(site, state)
			found, err := queryAll(ctx, r.q, r.scanVoucher, query, args...)
			if err != nil {
				return nil, fmt.Errorf("find vouchers: %w", err)
			}
			out = append(out, found...)
		}
	}
	slices.SortFunc(out, func(a, b Voucher) int { return cmp.Compare(b.ID, a.ID) })
	return out[:min(len(out), f.Limit)], nil
}

// sitesOf are the sites whose index a search goes down; one empty name stands
// for a search that another index answers.
func (r reads) sitesOf(ctx context.Context, f VoucherFilter) ([]string, error) {
	if f.Name != "" || f.BatchID != "" || f.OutletID != "" || f.PlanID != "" {
		return []string{""}, nil
	}
	if len(f.Sites) > 0 {
		return f.Sites, nil
	}
	all, err := r.Sites(ctx)
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = s.ID
	}
	return out, err
}

// statement is the text and the values of one walk.
func (f VoucherFilter) statement(site string, state voucher.State) (string, []any) {
	var q clauses
	if site != "" {
		q.add("site_id = ", site)
	} else {
		q.sites(f.Sites)
	}
	if len(f.names) > 0 {
		q.parts = append(q.parts, "username IN ("+in(&q.args, f.names)+")")
	}
	for _, c := range []struct{ column, value string }{{"batch_id", f.BatchID}, {"outlet_id", f.OutletID}, {"plan_id", f.PlanID}, {"state", string(state)}} {
		if c.value != "" {
			q.add(c.column+" = ", c.value)
		}
	}
	if f.Before != "" {
		q.add("id < ", f.Before)
	}
	return `SELECT ` + voucherColumns + ` FROM vouchers WHERE ` + q.where() + ` ORDER BY id DESC LIMIT ` + q.arg(f.Limit), q.args
}

// Sale says which order a router's user was made for.
type Sale struct {
	Username string
	State    voucher.State
	Code     order.Code // "" for vouchers that are not sold
}

// Sales finds the vouchers among user names, at most mostNames of them.
func (r reads) Sales(ctx context.Context, names []string) (map[string]Sale, error) {
	names = names[:min(len(names), mostNames)]
	out := make(map[string]Sale, len(names))
	if len(names) == 0 {
		return out, nil
	}
	byForm := r.namesByForm(names)
	found, err := eachIn(ctx, r, slices.Collect(maps.Keys(byForm)), func(row scanner) (Sale, error) {
		var s Sale
		err := row.Scan(&s.Username, &s.State, &s.Code)
		return s, err
	}, `SELECT v.username, v.state, COALESCE(o.code, '') FROM vouchers v LEFT JOIN orders o ON o.id = v.order_id WHERE v.username IN `)
	if err != nil {
		return nil, fmt.Errorf("find vouchers by user name: %w", err)
	}
	for _, s := range found {
		s.Username = byForm[s.Username]
		out[s.Username] = s
	}
	return out, nil
}

// VouchersByName reads the vouchers among user names, by name.
func (r reads) VouchersByName(ctx context.Context, names []string) (map[string]Voucher, error) {
	found, err := eachIn(ctx, r, r.storedNames(names...), r.scanVoucher, `SELECT `+voucherColumns+` FROM vouchers WHERE username IN `)
	if err != nil {
		return nil, fmt.Errorf("vouchers of %d user names: %w", len(names), err)
	}
	out := make(map[string]Voucher, len(found))
	for _, v := range found {
		out[v.Username] = v
	}
	return out, nil
}
