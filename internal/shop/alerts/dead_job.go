package alerts

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/jobs"
	"gerai/internal/store"
)

// JobDead opens an alert when follow-up work was given up for good.
func (s *Service) JobDead(ctx context.Context, j jobs.Job, cause error) {
	err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		_, err := tx.OpenAlertAbout(ctx, "job_dead", j.ID, j.Subject, string(j.Kind)+" "+j.Subject)
		return err
	})
	if err != nil {
		s.Log.ErrorContext(ctx, "dead job without alert", "job", j.ID, "kind", j.Kind, "subject", j.Subject, "error", err, "cause", cause)
	}
}
