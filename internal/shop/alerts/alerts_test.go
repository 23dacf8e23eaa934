package alerts_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gerai/internal/shop/alerts"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

var ctx = context.Background()

// seenOnly are kinds that only an acknowledgement ends.
var seenOnly = []string{"external_refund", "transfer_doubled", "till_out", "user_missing", "stock_missing"}

// Every kind of alert stays as long as there is a reason for it, and goes when
// there is none.
func TestAlertsEndByThemselves(t *testing.T) {
	var rows []shoptest.Row
	for _, kind := range alerts.AlertKinds() {
		open := endings[kind]
		if open == nil {
			if !slices.Contains(seenOnly, kind) {
				t.Errorf("nothing ends %s", kind)
			}
			continue
		}
		rows = append(rows, shoptest.Row{Name: kind, Test: func(t *testing.T, k *shoptest.Harness) {
			over := open(t, k)
			k.Must(k.Shop.Alerts.CloseResolvedAlerts(ctx))
			k.WantAlert(kind)
			over()
			k.Must(k.Shop.Alerts.CloseResolvedAlerts(ctx))
			if slices.Contains(k.Alerts(), kind) {
				t.Errorf("%s is open for ever: %v", kind, k.Alerts())
			}
		}})
	}
	shoptest.Run(t, rows)
}

// To look after an alert says who; to have seen what happened ends it.
func TestAcknowledging(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "once, with a note", Test: func(t *testing.T, k *shoptest.Harness) {
		siti, budi := k.OnShift("siti"), k.OnShift("budi")
		k.OpenAlert("router_down", "pojok", "x")
		k.OpenAlert("external_refund", "some-payment", "x")
		k.OpenAlert("admin_new", "somebody", "ani")
		open := func() map[string]store.Alert {
			out := map[string]store.Alert{}
			all, err := k.Store.OpenAlerts(ctx)
			k.Must(err)
			for _, a := range all {
				out[a.Kind] = a
			}
			return out
		}
		all := open()
		k.WantCode(k.Shop.Alerts.AckAlert(ctx, siti, all["router_down"].ID, strings.Repeat("x", 301)), "alert.note")
		k.WantCode(k.Shop.Alerts.AckAlert(ctx, siti, "nothing", ""), "alert.not_found")
		for _, kind := range []string{"router_down", "external_refund", "admin_new"} {
			k.Must(k.Shop.Alerts.AckAlert(ctx, siti, all[kind].ID, " 0812-3456-7890 sudah ditelepon "))
			k.Must(k.Shop.Alerts.AckAlert(ctx, budi, all[kind].ID, "saya juga"))
		}
		left := open()
		if a := left["router_down"]; len(left) != 1 || a.AckedBy != "siti" || a.Note != "0812-3456-7890 sudah ditelepon" {
			t.Errorf("%+v", left)
		}
		trail := k.Audits("alert:" + all["router_down"].ID)
		if len(trail) != 1 || strings.Contains(fmt.Sprint(trail), "0812") || !strings.Contains(trail[0], `"closed":false`) {
			t.Errorf("%q", trail)
		}
	}}, {Name: "money that waits is not seen away", Test: func(t *testing.T, k *shoptest.Harness) {
		key := k.ForeignCharge("SOMEBODY-ELSE-1", 5000)
		k.PayReference("SOMEBODY-ELSE-1", 0)
		k.RunAll()
		k.Forge("NOBODYS-1", "") // names no charge that could be asked about
		all, err := k.Store.OpenAlerts(ctx)
		k.Must(err)
		if len(all) != 2 {
			t.Fatalf("%+v", all)
		}
		siti := k.OnShift("siti")
		for _, a := range all {
			k.Must(k.Shop.Alerts.AckAlert(ctx, siti, a.ID, ""))
		}
		left, err := k.Store.OpenAlerts(ctx)
		k.Must(err)
		if len(left) != 1 || left[0].AckedBy != "siti" {
			t.Fatalf("%+v", left)
		}
		_, err = k.Shop.Refunds.RequestRefund(ctx, refunds.RefundIn{Gateway: "xendit", PaymentKey: key, Amount: 5000, Typed: "5000", Reason: "salah kirim", Nonce: k.NextNonce(), Actor: k.Staff("admin")})
		k.Must(err)
		k.Must(k.Shop.Alerts.CloseResolvedAlerts(ctx))
		if open := k.Alerts(); slices.Contains(open, "unmatched_money") {
			t.Error(open)
		}
	}}})
}
