package main

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/shop"
	"gerai/internal/shop/routers"
	"gerai/internal/store"
)

// provision sets every demo router up as an operator would with 'gerai router
// setup': login pages, walled garden, profiles, an account for the shop. What a killed
// demo left unfinished is rolled back first.
func provision(ctx context.Context, a *app.App, w *world) error {
	results := make(chan error, len(w.routers))
	for i, r := range demoRouters {
		go func() {
			err := setUp(ctx, a.Shop, r.id, routers.ProvisioningOptions{TLSAddress: reachable(w.routers[i].TLSAddr())})
			if err != nil {
				err = fmt.Errorf("set up router %s: %w", r.id, err)
			}
			results <- err
		}()
	}
	var errs []error
	for range w.routers {
		errs = append(errs, <-results)
	}
	return errors.Join(errs...)
}

func setUp(ctx context.Context, s *shop.Shop, router string, o routers.ProvisioningOptions) error {
	plan, err := s.Routers.PlanProvisioning(ctx, router, o)
	if errors.Is(err, store.ErrProvisioningUnfinished) {
		undo, undoErr := s.Routers.PlanRollback(ctx, router, o)
		if undoErr != nil {
			return undoErr
		}
		if _, err = s.Routers.Rollback(ctx, actor.Named("demo"), undo); err != nil {
			return err
		}
		plan, err = s.Routers.PlanProvisioning(ctx, router, o)
	}
	if err != nil {
		return err
	}
	_, err = s.Routers.Provision(ctx, actor.Named("demo"), plan)
	return err
}
