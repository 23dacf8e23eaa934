package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/payments"
)

const promotionColumns = `id, name, code, cheaper, value, sites, plans, methods, from_ms, until_ms, weekdays, hours_from, hours_until, first_only, most_uses, most_each, ended_ms, created_ms, version`

const promotionRead = promotionColumns + `, used, paid, given FROM promotions`

var (
	sqlPromotions   = request(`SELECT ` + promotionRead + ` ORDER BY id DESC`)
	sqlPromotion    = request(`SELECT ` + promotionRead + ` WHERE id = $1`)
	sqlPromotionFor = request(`SELECT ` + promotionRead + ` WHERE nonce = $1`)
	// those that were not over before an instant
	sqlPromotionsSince = request(`SELECT ` + promotionRead + ` WHERE (until_ms IS NULL OR until_ms > $1) AND (ended_ms IS NULL OR ended_ms > $1) ORDER BY id`)
)

func scanPromotion(r scanner) (catalog.Promotion, error) {
	var p catalog.Promotion
	var sites, plans, methods string
	var given int64
	var from, until, ended, created unixMillis
	err := r.Scan(&p.ID, &p.Name, &p.Code, &p.DiscountKind, &p.Value, &sites, &plans, &methods, &from, &until, &p.Weekdays, &p.Hours.From, &p.Hours.Until, &p.First, &p.MostUses, &p.MostEach,
		&ended, &created, &p.Version, &p.Used, &p.Paid, &given)
	p.Sites, p.Plans, p.Given = split(sites), split(plans), money.Rupiah(given)
	for _, m := range split(methods) {
		p.Methods = append(p.Methods, payments.Method(m))
	}
	p.From, p.Until, p.EndedAt, p.CreatedAt = from.Time, until.Time, ended.Time, created.Time
	return p, err
}

// Promotions lists every promotion, the newest first.
func (r reads) Promotions(ctx context.Context) ([]catalog.Promotion, error) {
	return queryAll(ctx, r.q, scanPromotion, sqlPromotions)
}

// PromotionsSince lists those that were not over before an instant.
func (r reads) PromotionsSince(ctx context.Context, since time.Time) ([]catalog.Promotion, error) {
	return queryAll(ctx, r.q, scanPromotion, sqlPromotionsSince, at(since))
}

// Promotion reads one. Errors: ErrPromotionNotFound.
func (r reads) Promotion(ctx context.Context, id string) (catalog.Promotion, error) {
	return queryRow(ctx, r.q, scanPromotion, ErrPromotionNotFound, sqlPromotion, id)
}

// PromotionOfNonce finds the promotion that a form made, if it was sent before.
func (r reads) PromotionOfNonce(ctx context.Context, nonce string) (catalog.Promotion, bool, error) {
	return queryOptional(ctx, r.q, scanPromotion, sqlPromotionFor, nonce)
}

func promotionArgs(p catalog.Promotion) []any {
	return []any{p.ID, p.Name, p.Code, string(p.DiscountKind), p.Value, joinAll(p.Sites), joinAll(p.Plans), joinAll(p.Methods), at(p.From), at(p.Until), int64(p.Weekdays), int64(p.Hours.From), int64(p.Hours.Until),
		p.First, p.MostUses, p.MostEach}
}

// InsertPromotion keeps a new promotion. Errors: Conflict "promotion.code_taken".
func (t *Tx) InsertPromotion(ctx context.Context, p catalog.Promotion, nonce string) error {
	_, err := t.exec(ctx, `INSERT INTO promotions (`+promotionColumns+`, nonce) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, NULL, $17, 1, $18)`,
		append(promotionArgs(p), at(t.now), nonce)...)
	return promotionError(p.ID, err)
}

// SavePromotion writes the rule of a promotion, if its version is still the one that was read;
// what it was used for stays. Errors: Conflict "promotion.changed", "promotion.code_taken".
func (t *Tx) SavePromotion(ctx context.Context, p catalog.Promotion) error {
	saved, err := t.touched(ctx, `UPDATE promotions SET name = $2, code = $3, cheaper = $4, value = $5, sites = $6, plans = $7, methods = $8, from_ms = $9, until_ms = $10, weekdays = $11,
		hours_from = $12, hours_until = $13, first_only = $14, most_uses = $15, most_each = $16, version = version + 1 WHERE id = $1 AND version = $17`,
		append(promotionArgs(p), p.Version)...)
	if err != nil {
		return promotionError(p.ID, err)
	}
	if !saved {
		return ErrPromotionChanged
	}
	return nil
}

// EndPromotion ends a promotion now. ended is false where it was ended before.
func (t *Tx) EndPromotion(ctx context.Context, id string) (ended bool, err error) {
	ended, err = t.touched(ctx, `UPDATE promotions SET ended_ms = $2, version = version + 1 WHERE id = $1 AND ended_ms IS NULL`, id, at(t.now))
	return ended, promotionError(id, err)
}

func promotionError(id string, err error) error {
	if err == nil {
		return nil
	}
	switch rule := brokenRule(err); {
	case strings.Contains(rule, "nonce"):
		return ErrPromotionChanged.With(err)
	case rule != "":
		return ErrPromotionCodeTaken.With(err)
	}
	return fmt.Errorf("keep promotion %s: %w", id, err)
}
