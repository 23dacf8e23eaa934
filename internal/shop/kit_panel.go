package shop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// Digest names what a proposal would do, so that a person agrees to what was
// shown and to nothing else. Secrets, drawn anew each time, are no part of it.
func (p KitProposal) Digest() string {
	sum := sha256.New()
	for _, st := range p.Steps {
		sum.Write([]byte(stepName(st) + " " + strconv.FormatBool(st.Add) + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// KitState lists what setup did to a router and what still holds of it.
func (s *Shop) KitState(ctx context.Context, r catalog.Router) ([]hotspot.Step, error) {
	p, err := s.PlanUndo(ctx, r.ID, KitOptions{})
	if fault.CodeOf(err) == "router.kit_no_undo" {
		return nil, nil
	}
	return p.Steps, err
}

// SetUp plans anew and applies the plan if it still is what somebody agreed
// to. Errors: Invalid "router.reason_needed", Conflict "router.kit_other_plan"
// and those of PlanKit and ApplyKit.
func (s *Shop) SetUp(ctx context.Context, actor string, r catalog.Router, o KitOptions, agreed, reason string) (KitResult, error) {
	if reason == "" {
		return KitResult{}, fault.AtField("reason", "router.reason_needed")
	}
	p, err := s.PlanKit(ctx, r.ID, o)
	if err != nil {
		return KitResult{}, err
	}
	if p.Digest() != agreed {
		return KitResult{}, fault.New(fault.Conflict, "router.kit_other_plan")
	}
	if err := s.noteAct(ctx, actor, "kit.wanted", r, map[string]any{"reason": masked(reason), "steps": len(p.Steps)}); err != nil {
		return KitResult{}, err
	}
	result, err := s.ApplyKit(ctx, actor, p)
	s.routerChanged(ctx, r.ID)
	return result, err
}

// TakeBack undoes what setup did. Errors: Invalid "router.reason_needed", those
// of PlanUndo and UndoKit.
func (s *Shop) TakeBack(ctx context.Context, actor string, r catalog.Router, o KitOptions, reason string) (KitResult, error) {
	if reason == "" {
		return KitResult{}, fault.AtField("reason", "router.reason_needed")
	}
	p, err := s.PlanUndo(ctx, r.ID, o)
	if err != nil {
		return KitResult{}, err
	}
	if err := s.noteAct(ctx, actor, "kit.unwanted", r, map[string]any{"reason": masked(reason), "steps": len(p.Steps)}); err != nil {
		return KitResult{}, err
	}
	result, err := s.UndoKit(ctx, actor, p)
	s.routerChanged(ctx, r.ID)
	return result, err
}

// KitDownload is KitFiles with a line in the trail: the script holds a fresh
// password. Errors: those of KitFiles.
func (s *Shop) KitDownload(ctx context.Context, actor string, r catalog.Router, o KitOptions) ([]hotspot.Page, error) {
	files, err := s.KitFiles(ctx, r.ID, o)
	if err != nil {
		return nil, err
	}
	return files, s.noteAct(ctx, actor, "kit.download", r, nil)
}
