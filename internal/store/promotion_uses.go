package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/internal/order"
)

// Customer is who buys, as far as that is known: a phone number as it was typed, and a device
// that a router of the site lists. Either may be "".
type Customer struct{ Phone, Device string }

// digests of a customer, under a key that every rotation keeps.
const (
	digestPhone  = "phone"
	digestDevice = "device"
)

// firstPurchaseLock is the row that orders under promotions for first purchases lock.
const firstPurchaseLock = "first_purchase_lock"

// bought holds for orders that are purchases: paid with money that the shop keeps.
const bought = ` paid_ms IS NOT NULL AND total > 0 AND status NOT IN ('refunded', 'cancelled') `

var (
	// Purchases are counted once, however the customer is known in them.
	sqlBought = request(`SELECT COUNT(*) FROM (
		SELECT id FROM orders WHERE phone_key IN ($1, $2) AND phone_key <> '' AND` + bought + `AND test = $4
		UNION SELECT id FROM orders WHERE hint_mac = $3 AND hint_mac <> '' AND` + bought + `AND test = $4) x`)
	// Towards the n-th go those of the device alone: the number of another customer can be typed.
	sqlBoughtLately = request(`SELECT site_id, plan_id, COUNT(*) FROM orders WHERE hint_mac = $1 AND hint_mac <> '' AND` + bought + `AND test = $2 AND paid_ms >= $3 GROUP BY site_id, plan_id`)
	sqlUsedBy       = request(`SELECT COUNT(*) FROM (
		SELECT order_id FROM promotion_uses WHERE phone_digest = $2 AND phone_digest <> '' AND promotion_id = $1 AND held
		UNION SELECT order_id FROM promotion_uses WHERE device_digest = $3 AND device_digest <> '' AND promotion_id = $1 AND held) x`)
	sqlUsedFirst = request(`SELECT COUNT(*) FROM (
		SELECT u.order_id FROM promotion_uses u JOIN promotions p ON p.id = u.promotion_id WHERE u.phone_digest = $1 AND u.phone_digest <> '' AND u.held AND p.first_only
		UNION SELECT u.order_id FROM promotion_uses u JOIN promotions p ON p.id = u.promotion_id WHERE u.device_digest = $2 AND u.device_digest <> '' AND u.held AND p.first_only) x`)
	sqlUnpaidUses = request(`SELECT COUNT(*) FROM orders o JOIN promotion_uses u ON u.order_id = o.id
		WHERE o.client = $2 AND o.client <> '' AND o.status = 'pending' AND o.expires_ms > $3 AND u.promotion_id = $1 AND u.held`)
	sqlPromotionUse = request(`SELECT promotion_id, discount, held, paid FROM promotion_uses WHERE order_id = $1`)
)

// HistoryOf is what a customer did before, for one promotion. Purchases are those with real
// money, or those with simulated money where test is set.
func (r reads) HistoryOf(ctx context.Context, p catalog.Promotion, c Customer, test bool) (h catalog.History, err error) {
	h = catalog.History{Phone: c.Phone != "", Device: c.Device != ""}
	if !h.Phone && !h.Device {
		return h, nil
	}
	first, last := "", ""
	if h.Phone {
		keys := r.keys.Index(indexPhone, c.Phone)
		first, last = keys[0], keys[len(keys)-1]
	}
	if h.Bought, err = queryOne(ctx, r.q, scanInt, sqlBought, first, last, c.Device, test); err != nil {
		return h, fmt.Errorf("purchases under promotion %s: %w", p.ID, err)
	}
	if h.Lately, err = r.boughtLately(ctx, p, c.Device, test); err != nil {
		return h, err
	}
	link, err := r.link()
	if err != nil {
		return h, err
	}
	phone, device := link.Customer(digestPhone, c.Phone), link.Customer(digestDevice, c.Device)
	if h.Used, err = queryOne(ctx, r.q, scanInt, sqlUsedBy, p.ID, phone, device); err != nil {
		return h, fmt.Errorf("uses of promotion %s: %w", p.ID, err)
	}
	if !p.First {
		return h, nil
	}
	if h.UsedFirst, err = queryOne(ctx, r.q, scanInt, sqlUsedFirst, phone, device); err != nil {
		return h, fmt.Errorf("uses of promotions for first purchases: %w", err)
	}
	return h, nil
}

// LockFirstPurchases keeps other orders under promotions for first purchases waiting until this
// transaction ends: a customer has one first purchase, whichever of them it is under.
func (t *Tx) LockFirstPurchases(ctx context.Context) error {
	return t.lockSetting(ctx, firstPurchaseLock)
}

// UnpaidUses counts the uses of a promotion that orders of a client hold which may still be
// paid in time.
func (r reads) UnpaidUses(ctx context.Context, promotionID, client string, now time.Time) (int64, error) {
	n, err := queryOne(ctx, r.q, scanInt, sqlUnpaidUses, promotionID, client, at(now))
	if err != nil {
		return 0, fmt.Errorf("unpaid uses of promotion %s: %w", promotionID, err)
	}
	return n, nil
}

// boughtLately counts what a device bought since a promotion began, of what the promotion sells.
func (r reads) boughtLately(ctx context.Context, p catalog.Promotion, device string, test bool) (n int64, err error) {
	if device == "" {
		return 0, nil
	}
	type sold struct {
		site, plan string
		n          int64
	}
	all, err := queryAll(ctx, r.q, func(s scanner) (x sold, err error) {
		err = s.Scan(&x.site, &x.plan, &x.n)
		return x, err
	}, sqlBoughtLately, device, test, at(p.Since()))
	if err != nil {
		return 0, fmt.Errorf("purchases of a device under promotion %s: %w", p.ID, err)
	}
	for _, x := range all {
		if p.Sells(x.site, x.plan) {
			n += x.n
		}
	}
	return n, nil
}

// TakePromotion takes one use of a promotion in the transaction that places an order.
// Orders under one promotion wait here for each other until the transaction ends. taken
// is false where it changed since it was read, ended, or is used up; last where this was
// the last use there was.
func (t *Tx) TakePromotion(ctx context.Context, p catalog.Promotion) (taken, last bool, err error) {
	taken, err = t.touched(ctx, `UPDATE promotions SET used = used + 1 WHERE id = $1 AND version = $2 AND ended_ms IS NULL AND (until_ms IS NULL OR until_ms > $3)
		AND (most_uses = 0 OR used < most_uses)`, p.ID, p.Version, at(t.now))
	if err != nil || !taken || p.MostUses == 0 {
		return taken, false, promotionError(p.ID, err)
	}
	now, err := t.Promotion(ctx, p.ID)
	return taken, now.Used >= now.MostUses, err
}

// KeepPromotionUse notes which order took a use, and who ordered.
func (t *Tx) KeepPromotionUse(ctx context.Context, o order.Order, c Customer) error {
	link, err := t.link()
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO promotion_uses (order_id, promotion_id, discount, phone_digest, device_digest, held, paid) VALUES ($1, $2, $3, $4, $5, TRUE, FALSE)`,
		string(o.ID), o.Item.Promotion.ID, int64(o.Item.Discount), link.Customer(digestPhone, c.Phone), link.Customer(digestDevice, c.Device))
	if err != nil {
		return fmt.Errorf("keep use of promotion %s by order %s: %w", o.Item.Promotion.ID, o.ID, err)
	}
	return nil
}

// FollowPromotion brings the use of an order's promotion in step with the order: it counts
// while the order can be paid in time and once it was paid. reopened: one that was used up has
// a use again. A payment that comes late takes the use back, also where there is none
// left: the price was promised.
func (t *Tx) FollowPromotion(ctx context.Context, o order.Order) (reopened bool, err error) {
	var promotionID string
	var discount int64
	var held, paid bool
	_, found, err := queryOptional(ctx, t.q, func(s scanner) (struct{}, error) {
		return struct{}{}, s.Scan(&promotionID, &discount, &held, &paid)
	}, sqlPromotionUse, string(o.ID))
	if err != nil || !found { // made again after a restore: its promotion is gone
		return false, err
	}
	holds, pays := o.HoldsPromotion(), o.SoldPromoted()
	if held == holds && paid == pays {
		return false, nil
	}
	before, err := t.Promotion(ctx, promotionID)
	if err != nil {
		return false, err
	}
	if _, err := t.exec(ctx, `UPDATE promotion_uses SET held = $2, paid = $3 WHERE order_id = $1`, string(o.ID), holds, pays); err != nil {
		return false, fmt.Errorf("follow promotion of order %s: %w", o.ID, err)
	}
	used, bought := step(held, holds), step(paid, pays)
	if _, err := t.exec(ctx, `UPDATE promotions SET used = used + $2, paid = paid + $3, given = given + $4 WHERE id = $1`, promotionID, used, bought, bought*discount); err != nil {
		return false, fmt.Errorf("follow promotion of order %s: %w", o.ID, err)
	}
	return used < 0 && before.MostUses > 0 && before.Used >= before.MostUses, nil
}

// PromotionUses is how often a promotion was used, by orders that are paid or can still be, and
// what it took off those that are paid.
type PromotionUses struct {
	Used, Paid int64
	Given      money.Rupiah
}

// PromotionUsesAt sums up the uses of a promotion at some sites.
func (r reads) PromotionUsesAt(ctx context.Context, promotionID string, sites []string) (u PromotionUses, err error) {
	args := []any{promotionID}
	query := `SELECT COUNT(*), COALESCE(SUM(CASE WHEN u.paid THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN u.paid THEN u.discount ELSE 0 END), 0)
		FROM promotion_uses u JOIN orders o ON o.id = u.order_id WHERE u.promotion_id = $1 AND u.held AND o.site_id IN (` + in(&args, sites) + `)`
	_, err = queryAll(ctx, r.q, func(s scanner) (struct{}, error) {
		var given int64
		err := s.Scan(&u.Used, &u.Paid, &given)
		u.Given = money.Rupiah(given)
		return struct{}{}, err
	}, query, args...)
	if err != nil {
		return u, fmt.Errorf("uses of promotion %s at some sites: %w", promotionID, err)
	}
	return u, nil
}

// step is by how much a count changes that a row is part of or not.
func step(was, is bool) int64 {
	switch {
	case was == is:
		return 0
	case is:
		return 1
	}
	return -1
}

// PromotionOrder is one order under a promotion.
type PromotionOrder struct {
	ID              order.ID
	Code            order.Code
	SiteID          string
	Status          order.Status
	Discount, Total money.Rupiah
	CreatedAt       time.Time
}

// PromotionOrders lists orders that hold uses of a promotion at some sites, the newest first,
// before one, "" for the newest; no sites are all.
func (r reads) PromotionOrders(ctx context.Context, promotionID string, sites []string, before order.ID, limit int) ([]PromotionOrder, error) {
	if before == "" {
		before = "Z" // ids begin with a digit
	}
	where, args := "", []any{promotionID, string(before), limit}
	if len(sites) > 0 {
		where = " AND o.site_id IN (" + in(&args, sites) + ")"
	}
	return queryAll(ctx, r.q, func(s scanner) (PromotionOrder, error) {
		var o PromotionOrder
		var discount, total int64
		var created unixMillis
		err := s.Scan(&o.ID, &o.Code, &o.SiteID, &o.Status, &discount, &total, &created)
		o.Discount, o.Total, o.CreatedAt = money.Rupiah(discount), money.Rupiah(total), created.Time
		return o, err
	}, `SELECT u.order_id, o.code, o.site_id, o.status, u.discount, o.total, o.created_ms FROM promotion_uses u JOIN orders o ON o.id = u.order_id
		WHERE u.promotion_id = $1 AND u.held AND u.order_id < $2`+where+` ORDER BY u.order_id DESC LIMIT $3`, args...)
}
