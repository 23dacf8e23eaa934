package routers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/store"
)

// Digest identifies what a proposal would do, so that a confirmation holds for what was
// shown only. Secrets are not part of it, as each call draws new ones.
func (p ProvisioningProposal) Digest() string {
	sum := sha256.New()
	for _, st := range p.Steps {
		sum.Write([]byte(stepName(st) + " " + strconv.FormatBool(st.Add) + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// ProvisioningState lists what setup did to a router and what still holds of it.
func (s *Service) ProvisioningState(ctx context.Context, r catalog.Router) ([]hotspot.Step, error) {
	p, err := s.PlanRollback(ctx, r.ID, ProvisioningOptions{})
	if errors.Is(err, store.ErrNothingToUndo) {
		return nil, nil
	}
	return p.Steps, err
}

// ProvisionFromPanel plans again and applies the plan if it is still the confirmed one.
// Errors: Invalid "router.reason_needed", Conflict "router.kit_other_plan" and those of
// PlanProvisioning and Provision.
func (s *Service) ProvisionFromPanel(ctx context.Context, by actor.Actor, r catalog.Router, o ProvisioningOptions, agreed, reason string) (ProvisioningResult, error) {
	if reason == "" {
		return ProvisioningResult{}, fault.AtField("reason", "router.reason_needed")
	}
	p, err := s.PlanProvisioning(ctx, r.ID, o)
	if err != nil {
		return ProvisioningResult{}, err
	}
	if p.Digest() != agreed {
		return ProvisioningResult{}, fault.New(fault.Conflict, "router.kit_other_plan")
	}
	if err := s.auditAct(ctx, by, "kit.wanted", r, map[string]any{"reason": masked(reason), "steps": len(p.Steps)}); err != nil {
		return ProvisioningResult{}, err
	}
	result, err := s.Provision(ctx, by, p)
	s.routerChanged(ctx, r.ID)
	return result, err
}

// RollbackFromPanel undoes what setup did. Errors: Invalid "router.reason_needed", those
// of PlanRollback and Rollback.
func (s *Service) RollbackFromPanel(ctx context.Context, by actor.Actor, r catalog.Router, o ProvisioningOptions, reason string) (ProvisioningResult, error) {
	if reason == "" {
		return ProvisioningResult{}, fault.AtField("reason", "router.reason_needed")
	}
	p, err := s.PlanRollback(ctx, r.ID, o)
	if err != nil {
		return ProvisioningResult{}, err
	}
	if err := s.auditAct(ctx, by, "kit.unwanted", r, map[string]any{"reason": masked(reason), "steps": len(p.Steps)}); err != nil {
		return ProvisioningResult{}, err
	}
	result, err := s.Rollback(ctx, by, p)
	s.routerChanged(ctx, r.ID)
	return result, err
}

// ProvisioningDownload is ProvisioningFiles with an audit row: the script holds a new
// password. Errors: those of ProvisioningFiles.
func (s *Service) ProvisioningDownload(ctx context.Context, by actor.Actor, r catalog.Router, o ProvisioningOptions) ([]hotspot.Page, error) {
	files, err := s.ProvisioningFiles(ctx, r.ID, o)
	if err != nil {
		return nil, err
	}
	return files, s.auditAct(ctx, by, "kit.download", r, nil)
}
