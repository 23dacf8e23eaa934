package app

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
)

// healthz says that the process answers, whatever its dependencies do.
func (a *App) healthz(c *fiber.Ctx) error { return c.JSON(fiber.Map{"status": "ok"}) }

// readyz says whether customers can be served now: database reachable, schema
// right, not draining. A router or Redis that is away is no reason not to be.
func (a *App) readyz(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), 2*time.Second)
	defer cancel()
	status, parts := fiber.StatusOK, fiber.Map{"database": "ok", "schema": "ok", "cache": "ok"}
	if err := a.Store.Ping(ctx); err != nil {
		status, parts["database"] = fiber.StatusServiceUnavailable, "unreachable"
	} else if current, err := a.Store.Current(ctx); err != nil || !current {
		status, parts["schema"] = fiber.StatusServiceUnavailable, "not migrated"
	}
	if err := a.Cache.Healthy(ctx); err != nil {
		parts["cache"] = "on its own"
	}
	if a.draining.Load() {
		status, parts["draining"] = fiber.StatusServiceUnavailable, true
	}
	return c.Status(status).JSON(parts)
}
