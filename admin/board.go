package admin

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/templates"
)

// board shows what is going on today.
func (d *Door) board(k *desk) error {
	p, err := k.panel("board")
	if err != nil {
		return err
	}
	page := templates.BoardPage{Panel: p}
	now := d.Clock.Now().In(d.Zone)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, d.Zone)
	n, err := d.Store.Numbers(k.ctx(), midnight)
	if err != nil {
		return err
	}
	tile := func(key string, n int64, tone string) {
		if n == 0 {
			tone = ""
		}
		page.Tiles = append(page.Tiles, templates.Tile{Name: p.T(key), Value: strconv.FormatInt(n, 10), Tone: tone})
	}
	tile("adm.board.pending", n.Orders["pending"], "")
	tile("adm.board.paid", n.Orders["paid"], "warn")
	tile("adm.board.activated", n.Orders["activated"], "good")
	tile("adm.board.attention", n.OpenAlerts, "bad")
	alerts, err := d.Store.OpenAlerts(k.ctx())
	if err != nil {
		return err
	}
	for _, a := range alerts {
		page.Alerts = append(page.Alerts, templates.AlertLine{What: p.Alert(a.Kind), Subject: a.Subject, Since: a.OpenedAt})
	}
	return k.send(fiber.StatusOK, p.Theme, page)
}
