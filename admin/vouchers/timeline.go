package vouchers

import (
	"encoding/json"
	"strings"
	"time"

	"gerai/admin/web"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/templates"
)

// textOf says beside an act's name what it was about: what was added, from where to where,
// and why.
func textOf(p templates.Panel, f vouchers.VoucherDetail, row store.AuditRow) string {
	var d struct {
		Was, Router string
		InsteadOf   string `json:"instead_of"`
		Validity    int64  `json:"validity_minutes"`
		Uptime      int64  `json:"uptime_minutes"`
		Data        int64  `json:"data"`
	}
	if err := json.Unmarshal([]byte(row.Detail), &d); err != nil {
		return web.ReasonOf(row)
	}
	var parts []string
	switch row.Action {
	case "voucher.grant":
		for _, x := range []struct {
			key, text string
			there     bool
		}{
			{"vouchers.timeline.validity", p.Span(time.Duration(d.Validity) * time.Minute), d.Validity > 0},
			{"vouchers.timeline.uptime", p.Hours(time.Duration(d.Uptime) * time.Minute), d.Uptime > 0},
			{"vouchers.timeline.data", p.Data(d.Data), d.Data > 0},
		} {
			if x.there {
				parts = append(parts, p.T(x.key, "more", x.text))
			}
		}
	case "voucher.move":
		parts = append(parts, p.T("vouchers.timeline.move", "from", f.RouterName(d.Was), "to", f.RouterName(d.Router)))
	case "order.failover":
		parts = append(parts, p.T("vouchers.timeline.failover", "router", d.Router, "instead", d.InsteadOf))
	case "voucher.leave":
		parts = append(parts, f.RouterName(d.Router))
	}
	if why := web.ReasonOf(row); why != "" {
		parts = append(parts, why)
	}
	return strings.Join(parts, " · ")
}
