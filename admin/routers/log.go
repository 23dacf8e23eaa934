package routers

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/templates"
)

const mostLines = 200

// topics offers what operators look for; others that the log holds are added.
var topics = []string{"hotspot", "system", "error", "warning", "critical", "account", "dhcp", "interface", "wireless", "script"}

// routerLog shows the latest lines of a router's log.
func routerLog(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	p, err := withRouter(k, r, "log")
	if err != nil {
		return err
	}
	page := templates.RouterLogPage{RouterPanel: p, Topic: k.Query("topic"), Topics: slices.Clone(topics)}
	if len(page.Topic) > 40 {
		page.Topic = ""
	}
	ctx, cancel := soon(k)
	defer cancel()
	if page.Lines, err = k.Shop.Routers.RouterLog(ctx, r, page.Topic, mostLines); ours(err) {
		return err
	}
	page.Trouble = trouble(p.Panel, err)
	for _, l := range page.Lines {
		for t := range strings.SplitSeq(l.Topics, ",") {
			if t != "" && !slices.Contains(page.Topics, t) {
				page.Topics = append(page.Topics, t)
			}
		}
	}
	if page.Topic != "" && !slices.Contains(page.Topics, page.Topic) {
		page.Topics = append(page.Topics, page.Topic)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}
