package routers

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/store"
	"gerai/templates"
)

// spans are the days that the charts may cover; mostPoints keeps a chart of
// sixty days as light as one of a day.
var spans = []int{1, 7, 30, 60}

const mostPoints = 300

// routerHealth shows how a router did over days.
func routerHealth(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	p, err := withRouter(k, r, "health")
	if err != nil {
		return err
	}
	page := templates.RouterHealthPage{RouterPanel: p, Choices: spans, Days: 7}
	page.Charts = true
	if n, err := strconv.Atoi(k.Query("days")); err == nil && slices.Contains(spans, n) {
		page.Days = n
	}
	h, err := k.Shop.Routers.History(k.AuditContext(), r.ID, k.Clock.Now().Add(-time.Duration(page.Days)*24*time.Hour))
	if err != nil {
		return err
	}
	page.Drawings = drawings(p.Panel, h.Slots)
	page.Table = daysOf(k.Handler, p.Panel, h.Slots)
	for _, o := range h.Outages {
		line := templates.OutageLine{Began: o.BeganAt, Ended: o.EndedAt, Why: p.Panel.Trouble(o.Failure)}
		if !o.EndedAt.IsZero() {
			line.Lasted = o.EndedAt.Sub(o.BeganAt).Truncate(time.Second)
		}
		page.Outages = append(page.Outages, line)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// daysOf adds the slots of each day in the operator's time zone, the latest
// day first.
func daysOf(d *web.Handler, p templates.Panel, slots []store.Slot) []templates.DayLine {
	var out []templates.DayLine
	for _, part := range slices.Backward(byDay(slots, d.Zone)) {
		local := part[0].At.In(d.Zone)
		line := templates.DayLine{Day: local, Availability: "–", Latency: "–"}
		var checks, answers, sampled int64
		var latency time.Duration
		var cpu, memory int
		for _, s := range part {
			checks, answers, latency = checks+s.Checks, answers+s.Answers, latency+s.LatencySum
			if s.Sampled {
				sampled++
				cpu, memory, line.Active = cpu+s.CPU, memory+s.Memory, max(line.Active, s.Active)
				line.Rx, line.Tx = line.Rx+s.Rx, line.Tx+s.Tx
			}
		}
		if checks > 0 {
			line.Availability = p.Portion(answers, checks)
			line.Down = answers < checks
		}
		if answers > 0 {
			line.Latency = strconv.FormatInt(latency.Milliseconds()/answers, 10) + " ms"
		}
		if sampled > 0 {
			line.Sampled, line.CPU, line.Memory = true, cpu/int(sampled), memory/int(sampled)
			line.Rx, line.Tx = line.Rx/sampled, line.Tx/sampled
		}
		out = append(out, line)
	}
	return out
}

func byDay(slots []store.Slot, zone *time.Location) [][]store.Slot {
	var out [][]store.Slot
	last := ""
	for _, s := range slots {
		if day := s.At.In(zone).Format(time.DateOnly); day != last {
			out, last = append(out, nil), day
		}
		out[len(out)-1] = append(out[len(out)-1], s)
	}
	return out
}

// drawings are the charts: load, devices and traffic. Where nothing was
// sampled the line has a gap.
func drawings(p templates.Panel, slots []store.Slot) []templates.RouterChart {
	step := max(1, (len(slots)+mostPoints-1)/mostPoints)
	var load, active, traffic, latency chart
	series := func(c *chart, keys ...string) {
		for _, key := range keys {
			c.Series = append(c.Series, line{Name: p.T(key)})
		}
	}
	series(&load, "routers.overview.cpu", "routers.overview.memory")
	series(&active, "routers.overview.active")
	series(&traffic, "routers.overview.rx", "routers.overview.tx")
	series(&latency, "routers.overview.latency")
	for part := range slices.Chunk(slots, step) {
		var n, answers float64
		var sum [5]float64
		var wait time.Duration
		for _, s := range part {
			answers += float64(s.Answers)
			wait += s.LatencySum
			if s.Sampled {
				n++
				for i, v := range []float64{float64(s.CPU), float64(s.Memory), float64(s.Active), float64(s.Rx) / 1e6, float64(s.Tx) / 1e6} {
					sum[i] += v
				}
			}
		}
		mean := func(i int) *float64 { return ratio(sum[i], n) }
		load.add(part[0].At, mean(0), mean(1))
		active.add(part[0].At, mean(2))
		traffic.add(part[0].At, mean(3), mean(4))
		latency.add(part[0].At, ratio(float64(wait.Milliseconds()), answers))
	}
	if len(load.X) < 2 {
		return nil
	}
	return []templates.RouterChart{{Key: "load", JSON: load.text()}, {Key: "active", JSON: active.text()}, {Key: "traffic", JSON: traffic.text()}, {Key: "latency", JSON: latency.text()}}
}

func (c *chart) add(at time.Time, values ...*float64) {
	c.X = append(c.X, at.Unix())
	for i, v := range values {
		c.Series[i].Values = append(c.Series[i].Values, v)
	}
}

// ratio is nil where there is nothing to divide by.
func ratio(sum, n float64) *float64 {
	if n == 0 {
		return nil
	}
	v := float64(int64(sum/n*100)) / 100
	return &v
}
