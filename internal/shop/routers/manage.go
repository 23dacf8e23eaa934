package routers

import (
	"context"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// panelWorkID keeps the panel's connections apart from those of sales: a long
// list on a page must not make a customer wait, nor open the sales' breaker.
const panelWorkID = ":panel"

func panelAccess(r catalog.Router) hotspot.Router {
	w := r.Router
	w.ID += panelWorkID
	return w
}

func (s *Service) manager() (hotspot.Manager, error) {
	if m, ok := s.Hotspot.(hotspot.Manager); ok {
		return m, nil
	}
	return nil, fault.New(fault.Config, "router.no_manager")
}

// Overview reads what a router's dashboard shows. Errors: router faults.
func (s *Service) Overview(ctx context.Context, r catalog.Router) (hotspot.Overview, error) {
	m, err := s.manager()
	if err != nil {
		return hotspot.Overview{}, err
	}
	return m.Overview(ctx, panelAccess(r))
}

// RouterLog reads the latest lines of a router's log, newest first. Errors:
// router faults.
func (s *Service) RouterLog(ctx context.Context, r catalog.Router, topic string, most int) ([]hotspot.LogLine, error) {
	m, err := s.manager()
	if err != nil {
		return nil, err
	}
	return m.Log(ctx, panelAccess(r), topic, most)
}

// Choices lists the names that forms offer. Errors: router faults.
func (s *Service) Choices(ctx context.Context, r catalog.Router) (hotspot.Choices, error) {
	m, err := s.manager()
	if err != nil {
		return hotspot.Choices{}, err
	}
	return m.Choices(ctx, panelAccess(r))
}

// Answers asks a router whether it is there. Errors: router faults.
func (s *Service) Answers(ctx context.Context, r catalog.Router) (hotspot.Health, error) {
	return s.Hotspot.Ping(ctx, panelAccess(r))
}

// rebootPause is how long a second order to restart is refused: the first one
// is still at work.
const rebootPause = 2 * time.Minute

// RebootRouter restarts a router. The audit row is committed before the router is
// called. Errors: Invalid "router.reason_needed", Conflict "router.rebooting", router
// faults.
func (s *Service) RebootRouter(ctx context.Context, by actor.Actor, r catalog.Router, reason string) error {
	m, err := s.manager()
	if err != nil {
		return err
	}
	if reason == "" {
		return fault.AtField("reason", "router.reason_needed")
	}
	release, ok := s.Cache.Acquire(ctx, "router:reboot:"+r.ID, rebootPause)
	if !ok {
		return fault.New(fault.Conflict, "router.rebooting")
	}
	if err := s.auditAct(ctx, by, "router.reboot", r, map[string]any{"reason": reason}); err != nil {
		release()
		return err
	}
	if err := m.Reboot(ctx, panelAccess(r)); err != nil {
		release()
		return s.auditFailure(ctx, by, "router.reboot", r, err)
	}
	s.lists.drop(r.ID)
	return nil
}
