package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/money"
	"gerai/internal/report"
	"gerai/templates"
)

// feeKinds are the kinds of payment that have a rule, "va" for all banks.
var feeKinds = []string{"qris", "va", "cash", "transfer", "qris_static"}

// feesForm shows what payments cost.
func feesForm(k *web.Request) error { return showFees(k, fiber.StatusOK, templates.Typed{}) }

func showFees(k *web.Request, status int, form templates.Typed) error {
	p, err := k.Panel("reports")
	if err != nil {
		return err
	}
	fees, err := k.Shop.Counter.Fees(k.AuditContext())
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.FeesPage{Panel: p}
	for _, kind := range feeKinds {
		line := templates.FeeLine{Kind: kind, Percent: percent(0), Fixed: "0"}
		for _, f := range fees {
			if f.Method == kind {
				line.Percent, line.Fixed = percent(f.Hundredths), strconv.FormatInt(int64(f.Fixed), 10)
			}
		}
		line.Percent, line.Fixed = form.Value(kind+"_percent", line.Percent), form.Value(kind+"_fixed", line.Fixed)
		page.Lines = append(page.Lines, line)
	}
	return k.SendPage(status, p.Theme, page)
}

// setFees keeps what payments cost.
func setFees(k *web.Request) error {
	var fees report.Fees
	var fields []string
	err := error(nil)
	for _, kind := range feeKinds {
		fields = append(fields, kind+"_percent", kind+"_fixed")
		hundredths, good := ParsePercent(k.FormValue(kind + "_percent"))
		fixed, ok := money.ParseField(k.FormValue(kind + "_fixed"))
		switch {
		case err != nil:
		case !good:
			err = fault.AtField(kind+"_percent", "report.percent")
		case !ok || fixed > report.MaxFixed:
			err = fault.AtField(kind+"_fixed", "report.fee")
		case hundredths > 0 || fixed > 0:
			fees = append(fees, report.Fee{Method: strings.Clone(kind), Hundredths: hundredths, Fixed: fixed})
		}
	}
	if err == nil {
		err = k.Shop.Counter.SetFees(k.AuditContext(), k.Principal.Actor(), fees)
	}
	if form, ok := k.Typed(err, fields...); ok {
		return showFees(k, httpx.Status(err), form)
	}
	return k.Back("/reports/fees", "fees", err)
}

// percent spells hundredths of a percent: 70 is "0,70".
func percent(hundredths int64) string { return fmt.Sprintf("%d,%02d", hundredths/100, hundredths%100) }

// ParsePercent reads "0,7", "0.70" or "1" without any rounding.
func ParsePercent(s string) (hundredths int64, ok bool) {
	whole, frac, _ := strings.Cut(strings.Replace(strings.TrimSpace(s), ",", ".", 1), ".")
	if whole == "" || len(whole) > 3 || len(whole) > 1 && whole[0] == '0' || len(frac) > 2 || strings.Trim(whole+frac, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(frac + "00")[:2], 10, 64)
	return n, err == nil && n <= report.MaxHundredths
}
