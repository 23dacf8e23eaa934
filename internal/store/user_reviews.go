package store

import (
	"context"
	"fmt"
	"time"
)

// UserReview is what the latest comparison of a router's users with our books found.
type UserReview struct {
	RouterID  string
	At        time.Time // the latest one that saw everything
	Users     int       // on the router
	ToldAt    time.Time // the latest one that found something, zero for none
	Found     string    // what it found, counts by kind: "missing=3 limits=1"
	Corrected string    // and what of that it corrected
}

var (
	sqlUserReview  = request(`SELECT router_id, at_ms, users, told_ms, found, corrected FROM user_reviews WHERE router_id = $1`)
	sqlUserReviews = background(`SELECT router_id, at_ms, users, told_ms, found, corrected FROM user_reviews`)
)

func scanUserReview(row scanner) (UserReview, error) {
	var x UserReview
	var when, told unixMillis
	err := row.Scan(&x.RouterID, &when, &x.Users, &told, &x.Found, &x.Corrected)
	x.At, x.ToldAt = when.Time, told.Time
	return x, err
}

// UserReview reads the latest review of a router, if there was one.
func (r reads) UserReview(ctx context.Context, routerID string) (UserReview, bool, error) {
	return queryOptional(ctx, r.q, scanUserReview, sqlUserReview, routerID)
}

// UserReviews reads the latest review of every router.
func (r reads) UserReviews(ctx context.Context) ([]UserReview, error) {
	return queryAll(ctx, r.q, scanUserReview, sqlUserReviews)
}

// NoteUserReview notes that a router's users were compared. What an earlier review found is
// kept until one finds something again.
func (t *Tx) NoteUserReview(ctx context.Context, x UserReview) error {
	_, err := t.exec(ctx, `INSERT INTO user_reviews (router_id, at_ms, users, told_ms, found, corrected) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (router_id) DO UPDATE SET at_ms = excluded.at_ms, users = excluded.users,
		found = CASE WHEN excluded.told_ms IS NULL THEN user_reviews.found ELSE excluded.found END,
		corrected = CASE WHEN excluded.told_ms IS NULL THEN user_reviews.corrected ELSE excluded.corrected END,
		told_ms = COALESCE(excluded.told_ms, user_reviews.told_ms)`,
		x.RouterID, at(x.At), x.Users, at(x.ToldAt), x.Found, x.Corrected)
	if err != nil {
		return fmt.Errorf("note review of router %s: %w", x.RouterID, err)
	}
	return nil
}
