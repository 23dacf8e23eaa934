package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"gerai/internal/admission"
)

// admissionNumbers tells what was admitted and refused, by what the requests are for.
type admissionNumbers struct {
	controls         map[string]*admission.Control
	total            *prometheus.Desc
	working, waiting *prometheus.Desc
}

func newAdmissionNumbers(controls map[string]*admission.Control) *admissionNumbers {
	of := []string{"of"}
	return &admissionNumbers{controls: controls,
		total:   prometheus.NewDesc("gerai_admissions_total", "Requests that were admitted at once, admitted after a wait, or refused because the shop was busy.", append(of, "outcome"), nil),
		working: prometheus.NewDesc("gerai_admission_working", "Admitted requests at work.", of, nil),
		waiting: prometheus.NewDesc("gerai_admission_waiting", "Requests that wait to be admitted.", of, nil)}
}

// Describe implements prometheus.Collector.
func (a *admissionNumbers) Describe(ch chan<- *prometheus.Desc) {
	ch <- a.total
	ch <- a.working
	ch <- a.waiting
}

// Collect implements prometheus.Collector.
func (a *admissionNumbers) Collect(ch chan<- prometheus.Metric) {
	for of, c := range a.controls {
		n := c.Numbers()
		for outcome, count := range map[string]int{"at_once": n.Admitted - n.Waited, "waited": n.Waited, "refused": n.Refused} {
			ch <- prometheus.MustNewConstMetric(a.total, prometheus.CounterValue, float64(count), of, outcome)
		}
		ch <- prometheus.MustNewConstMetric(a.working, prometheus.GaugeValue, float64(n.Working), of)
		ch <- prometheus.MustNewConstMetric(a.waiting, prometheus.GaugeValue, float64(n.Waiting), of)
	}
}
