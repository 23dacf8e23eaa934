package routers

import (
	"context"
	"encoding/json"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// longestInterface bounds the name of an interface (RouterOS keeps 15 letters
// of generated names and people give longer ones).
const longestInterface = 64

// trafficSample is one event of the stream.
type trafficSample struct {
	At      int64    `json:"at"` // Unix seconds
	Rx      *float64 `json:"rx"` // Mbps, null when the router did not answer
	Tx      *float64 `json:"tx"`
	RxText  string   `json:"rx_text"`
	TxText  string   `json:"tx_text"`
	Failure string   `json:"failure,omitempty"`
}

// routerTraffic streams what an interface carries. All who look share one
// reader, which stops with the last of them.
func routerTraffic(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	name := k.Query("interface")
	if name == "" || len(name) > longestInterface {
		return fault.New(fault.NotFound, "router.no_interface")
	}
	p := templates.Panel{Base: templates.Base{Lang: k.Lang()}}
	session := k.Principal.Session.TokenHash
	return k.Streams.Serve(k.Ctx, httpx.StreamOptions{Page: "traffic:" + r.ID}, func(ctx context.Context, send func(httpx.Event) error) {
		ticks, leave, err := k.Shop.Routers.WatchTraffic(r, name)
		if err != nil {
			return
		}
		defer leave()
		for n := 0; ; n++ {
			select {
			case <-ctx.Done():
				return
			case t := <-ticks:
				if n%stillEvery == stillEvery-1 && !StillWatches(k.Handler, ctx, session, r) {
					return
				}
				out := trafficSample{At: t.At.Unix(), Rx: mbps(t.Rx), Tx: mbps(t.Tx), RxText: p.Mbps(t.Rx), TxText: p.Mbps(t.Tx)}
				if t.Failure != "" {
					out = trafficSample{At: t.At.Unix(), RxText: "–", TxText: "–", Failure: p.T("routers.silent", "why", p.Trouble(t.Failure))}
				}
				raw, _ := json.Marshal(out) // plain values always encode
				if send(httpx.Event{Name: "rate", Data: raw}) != nil {
					return
				}
			}
		}
	})
}

// stillEvery is after how many readings the stream looks whether it may go on.
const stillEvery = 5

// StillWatches reports whether the session has not ended and its person may see
// the router. It does not count as using the session: a page left open must not
// keep it alive.
func StillWatches(d *web.Handler, ctx context.Context, session string, r catalog.Router) bool {
	s, _, err := d.Store.StaffBySession(ctx, session, d.Clock.Now())
	who := staff.Principal{Staff: s}
	return err == nil && who.May(staff.SeeRouters) && who.Serves(r.SiteID)
}
