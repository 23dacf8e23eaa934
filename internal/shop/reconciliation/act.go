package reconciliation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/reconcile"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// askedWithin is how long the gateway's answer about a line may take before its day is
// compared.
const askedWithin = 10 * time.Second

// sameNote is within what time the same note is one form sent twice.
const sameNote = time.Hour

// longestNote bounds what is written about a row, in characters.
const longestNote = 500

func subjectOf(r store.ReconciliationRow) string { return "reconciliation:" + r.ID }

// change does something to a row that is open. Errors: NotFound
// "reconciliation.row_not_found", Conflict "reconciliation.row_done".
func (s *Service) change(ctx context.Context, by actor.Actor, id string, fn func(tx *store.Tx, r store.ReconciliationRow) error) error {
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		r, err := tx.ReconciliationRow(ctx, id)
		if err == nil {
			err = reconcile.MayExplain(r.State, r.ClosedAt)
		}
		if err != nil {
			return err
		}
		return fn(tx, r)
	})
	if err != nil {
		return fmt.Errorf("reconciliation row %s: %w", id, err)
	}
	return nil
}

// Assign gives an open row to an account that looks into it, or to none with "". Errors:
// as of change, Invalid "reconciliation.owner" at "owner".
func (s *Service) Assign(ctx context.Context, by actor.Actor, id, ownerID string) error {
	if ownerID != "" {
		owner, err := s.Store.StaffByID(ctx, ownerID)
		if errors.Is(err, store.ErrStaffNotFound) || err == nil && owner.Disabled {
			return fault.AtField("owner", "reconciliation.owner")
		}
		if err != nil {
			return err
		}
	}
	return s.change(ctx, by, id, func(tx *store.Tx, r store.ReconciliationRow) error {
		if r.OwnerID == ownerID {
			return nil
		}
		tx.Audit("reconciliation.assign", subjectOf(r), map[string]any{"from": r.OwnerID, "to": ownerID})
		return changed(tx.AssignReconciliation(ctx, id, ownerID))
	})
}

// changed turns a guarded write that touched nothing into its fault.
func changed(done bool, err error) error {
	if err == nil && !done {
		err = reconcile.ErrRowDone
	}
	return err
}

// Note writes something down about a row, open or not. Errors: NotFound
// "reconciliation.row_not_found", Invalid "reconciliation.note" at "note".
func (s *Service) Note(ctx context.Context, by actor.Actor, id, text string) error {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > longestNote || !ledger.Plain(text) {
		return fault.AtField("note", "reconciliation.note")
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		r, err := tx.ReconciliationRow(ctx, id)
		if err != nil {
			return err
		}
		notes, err := tx.ReconciliationNotes(ctx, id)
		if err != nil {
			return err
		}
		for _, n := range notes {
			if n.StaffName == by.Name && n.Text == text && clock.Within(n.At, tx.Now(), sameNote) {
				return nil
			}
		}
		tx.Audit("reconciliation.note", subjectOf(r), nil)
		return tx.InsertReconciliationNote(ctx, store.ReconciliationNote{RowID: id, StaffName: by.Name, Text: text})
	})
	if err != nil {
		return fmt.Errorf("note on reconciliation row %s: %w", id, err)
	}
	return nil
}

// Explain closes an open row with a reason. It is open again when what was compared
// changes. Errors: as of change, Invalid "confirm.reason" at "reason".
func (s *Service) Explain(ctx context.Context, by actor.Actor, id, reason string) error {
	why, err := ledger.Reason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, by, id, func(tx *store.Tx, r store.ReconciliationRow) error {
		tx.Audit("reconciliation.explain", subjectOf(r), map[string]any{"subject": r.Subject, "state": string(r.State), "there": int64(r.There), "here": int64(r.Here), "reason": why})
		return changed(tx.ExplainReconciliation(ctx, id, by.AuditName, why))
	})
}

// AskAgain has the gateway asked about the lines of an open row once more, and its day
// compared; about a voucher on a router, what the latest review found. Errors: as of change.
func (s *Service) AskAgain(ctx context.Context, by actor.Actor, id string) error {
	var row store.ReconciliationRow
	err := s.change(ctx, by, id, func(tx *store.Tx, r store.ReconciliationRow) error {
		row = r
		tx.Audit("reconciliation.ask", subjectOf(r), map[string]any{"subject": r.Subject})
		if r.Kind == reconcile.AccessRow {
			return nil
		}
		if err := tx.AskDay(ctx, r.Day, by.AuditName); err != nil {
			return err
		}
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.ReconciliationDay, Queue: jobs.QueueStatement, Subject: string(r.Day), DueAt: tx.Now().Add(askedWithin)})
	})
	if err == nil && row.Kind == reconcile.AccessRow {
		return s.compareAccess(ctx)
	}
	if err != nil || s.Gateway == nil || row.State != reconcile.MissingHere {
		return err
	}
	lines, err := s.Store.TransactionsByID(ctx, s.gateway(), row.Lines)
	if err != nil {
		return err
	}
	for _, x := range lines {
		if _, err := s.askGateway(ctx, x, fmt.Sprintf("list:%s:%d", x.ID, s.Clock.Now().UnixMilli())); err != nil {
			return err
		}
	}
	return nil
}
