package alerts

import (
	"context"
	"fmt"
	"strings"

	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
)

// AlertView is an alert and what it is about; what is empty it is not about.
type AlertView struct {
	store.Alert
	Order  order.Code
	Router string // id
	Batch  string // id
	Staff  string // account id
	Name   string // of the thing, as people say it
	SeenIs bool   // to have seen it ends it
}

// Alerts lists alerts with what they are about.
func (s *Service) Alerts(ctx context.Context, f store.AlertFilter) ([]AlertView, error) {
	all, err := s.Store.ListAlerts(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list alerts: %w", err)
	}
	out := make([]AlertView, 0, len(all))
	for _, a := range all {
		v, err := s.viewAlert(ctx, a)
		if err != nil {
			return nil, fmt.Errorf("show alert %s: %w", a.ID, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// viewAlert names what an alert is about.
func (s *Service) viewAlert(ctx context.Context, a store.Alert) (v AlertView, err error) {
	kind, ours := alertKinds[a.Kind]
	v = AlertView{Alert: a, SeenIs: kind.seen || !ours}
	switch a.Kind {
	case "router_down", "router_failover", "router_clock", "orphan_users", "router_users":
		r, err := s.Store.Router(ctx, a.Subject)
		v.Router, v.Name = r.ID, r.Name
		return v, UnlessGone(err)
	case "batch_stopped", "stock_missing":
		b, err := s.Store.Batch(ctx, a.Subject)
		v.Batch, v.Name = b.ID, b.Code
		return v, UnlessGone(err)
	case "stock_low":
		p, err := s.Store.Plan(ctx, a.Subject)
		v.Name = p.Name
		return v, UnlessGone(err)
	case "job_dead":
		return s.viewDeadJob(ctx, v)
	case "gateway_refuses", "gateway_down", "clock_wrong", "clock_unverified":
		v.Name = a.Subject
		return v, nil
	case "unmatched_money", "reconciliation_open", "reconciliation_unread":
		return v, nil
	}
	if !ours { // about an account, or an address
		if _, err := s.Store.StaffByID(ctx, a.Subject); err == nil {
			v.Staff = a.Subject
		} else if err := UnlessGone(err); err != nil {
			return v, err
		}
		v.Name = a.Detail
		return v, nil
	}
	o, err := s.Store.Order(ctx, order.ID(a.Subject))
	v.Order = o.Code
	return v, UnlessGone(err)
}

func (s *Service) viewDeadJob(ctx context.Context, v AlertView) (AlertView, error) {
	kind, subject, _ := strings.Cut(v.Detail, " ")
	v.Name = kind
	id := order.ID(subject)
	switch jobs.Kind(kind) {
	case jobs.BatchMake, jobs.BatchDisable:
		v.Batch = subject
		return v, nil
	case jobs.RefundStop, jobs.RefundSend:
		f, err := s.Store.Refund(ctx, subject)
		if err != nil {
			return v, UnlessGone(err)
		}
		id = f.OrderID
	case jobs.EventProcess:
		ev, err := s.Store.WebhookEvent(ctx, subject)
		if err != nil {
			return v, UnlessGone(err)
		}
		id = order.ID(ev.OrderID)
	}
	o, err := s.Store.Order(ctx, id)
	v.Order = o.Code
	return v, UnlessGone(err)
}
