package main

import (
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// perBatch is how many vouchers a seeded batch has.
const perBatch = 2_000

// batch makes a batch of vouchers: most are still unsold, some were sold on paper
// and used, and half of them were printed. It returns how many there are.
func (p *past) batch(h *store.History, count int) int {
	s := p.plan()
	code := p.step(&p.batches, power(len(order.Symbols), 6)/2, order.Symbols, 6)
	made := p.now.Add(-time.Duration(1+p.rnd.IntN(24*min(p.seedFlags.days, 60))) * time.Hour)
	b := store.Batch{ID: p.id("b", p.made+p.stock), Code: code, Nonce: "seed-" + code, SiteID: s.site.ID, RouterID: s.routers[0].ID, PlanID: s.plan.ID, Item: s.plan.Item(s.site),
		Codes: catalog.Codes{Mode: catalog.ModeSame, Charset: "lower", Length: 7}, Comment: "seed " + strings.ToLower(code), Count: count, Drawn: count, State: voucher.BatchDone,
		CreatedBy: "demo", CreatedAt: made, DoneAt: made.Add(time.Minute)}
	h.Batches = append(h.Batches, b)
	half := count / 2
	if half > 0 {
		h.Prints = append(h.Prints, store.Print{ID: p.id("p", p.made+p.stock), BatchID: b.ID, Nonce: "seed-" + code, First: 1, Last: half, Format: "a4", Actor: "demo", At: b.DoneAt})
	}
	for no := range count {
		p.stock++
		v := store.Voucher{ID: p.id("v", p.made+p.stock), SiteID: s.site.ID, PlanID: s.plan.ID, RouterID: s.routers[0].ID, Username: p.username(), State: voucher.Stock,
			BatchID: b.ID, No: no + 1, MadeAt: b.DoneAt}
		v.Password = v.Username
		if no < half && p.rnd.IntN(5) == 0 {
			p.onPaper(&v, b)
		}
		h.Vouchers = append(h.Vouchers, v)
	}
	return count
}

// onPaper has a printed voucher show itself some time after its batch was made.
func (p *past) onPaper(v *store.Voucher, b store.Batch) {
	at := b.DoneAt.Add(time.Duration(p.rnd.Int64N(int64(p.now.Sub(b.DoneAt))))).Truncate(time.Second)
	v.State, v.SoldAt, v.FirstLoginAt = voucher.Active, at, at
	if b.Item.Validity == 0 {
		return
	}
	if v.ValidUntil = at.Add(b.Item.Validity); v.ValidUntil.Before(p.now) {
		v.State, v.EndedAt = voucher.Expired, v.ValidUntil
	}
}
