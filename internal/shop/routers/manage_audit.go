package routers

import (
	"context"
	"fmt"
	"regexp"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// auditAct records an act on a router in the audit trail.
func (s *Service) auditAct(ctx context.Context, by actor.Actor, act string, r catalog.Router, detail map[string]any) error {
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit(act, "router:"+r.ID, detail)
		return nil
	})
}

// auditFailure records that an act noted before did not happen, or may not have, and
// returns the cause.
func (s *Service) auditFailure(ctx context.Context, by actor.Actor, act string, r catalog.Router, cause error) error {
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	if err := s.auditAct(ctx, by, act+"_failed", r, map[string]any{"kind": string(fault.KindOf(cause)), "code": fault.CodeOf(cause)}); err != nil {
		s.Log.ErrorContext(ctx, "failed act not noted", "router", r.ID, "act", act, "error", err)
	}
	return fmt.Errorf("%s of router %s: %w", act, r.ID, cause)
}

// longNumber may be a phone number: comments and reasons are free text.
var longNumber = regexp.MustCompile(`\+?\d[\d -]{7,}\d`)

func masked(text string) string { return longNumber.ReplaceAllString(text, "***") }

// auditFields is what the audit trail keeps of fields.
func auditFields(fields map[string]string) map[string]any {
	out := make(map[string]any, len(fields))
	for name, v := range fields {
		if v = hotspot.Shown(v); name == "comment" {
			v = masked(v)
		}
		out[name] = v
	}
	return out
}
