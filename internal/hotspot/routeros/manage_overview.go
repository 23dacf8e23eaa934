package routeros

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// Overview reads everything the dashboard shows, one sentence after the other.
// What this router does not have, such as a board on CHR, stays empty.
func (d *Driver) Overview(ctx context.Context, r hotspot.Router) (hotspot.Overview, error) {
	var o hotspot.Overview
	err := d.do(ctx, "overview", r, func(s *session) error {
		started := time.Now()
		identity, err := s.read("/system/identity/print")
		if err != nil {
			return err
		}
		o.Latency = time.Since(started)
		resource, err := s.read("/system/resource/print")
		if err != nil {
			return err
		}
		clock, err := s.read("/system/clock/print")
		if err != nil {
			return err
		}
		fill(&o.Health, first(identity), first(resource), first(clock), d.o.Clock.Now())
		describe(&o, first(resource), first(clock))
		for _, part := range []func(*hotspot.Overview) error{s.board, s.countUsers, s.interfaces, s.watches} {
			if err := part(&o); err != nil && !isTrap(err) {
				return err
			}
		}
		return nil
	})
	return o, err
}

func describe(o *hotspot.Overview, resource, clock row) {
	o.CPUs = int(number(resource["cpu-count"]))
	o.MemoryFree, o.MemoryTotal = number(resource["free-memory"]), number(resource["total-memory"])
	o.DiskFree, o.DiskTotal = number(resource["free-hdd-space"]), number(resource["total-hdd-space"])
	o.Zone = clock["time-zone-name"]
	o.Now, _ = parseClock(clock)
}

func (s *session) board(o *hotspot.Overview) error {
	rows, err := s.read("/system/routerboard/print", "=.proplist=model,serial-number,current-firmware")
	b := first(rows)
	o.Model, o.Serial, o.Firmware = b["model"], b["serial-number"], b["current-firmware"]
	return err
}

func (s *session) countUsers(o *hotspot.Overview) error {
	for path, into := range map[string]*int{userMenu: &o.Users, activeMenu: &o.Active} {
		n, err := s.count(path)
		if err != nil {
			return err
		}
		*into = n
	}
	return nil
}

// count asks how many rows a menu has; the rows themselves stay there.
func (s *session) count(path string) (int, error) {
	ret, err := s.ask(path+"/print", "=count-only=")
	return int(number(ret)), err
}

func (s *session) interfaces(o *hotspot.Overview) error {
	rows, err := s.read(ifaceMenu+"/print", "=.proplist=name,type,comment,running,disabled")
	for _, have := range rows {
		o.Interfaces = append(o.Interfaces, hotspot.Interface{Name: have["name"], Kind: have["type"], Comment: have["comment"], Running: yes(have["running"]), Disabled: yes(have["disabled"])})
	}
	return err
}

func (s *session) watches(o *hotspot.Overview) error {
	rows, err := s.read("/tool/netwatch/print", "=.proplist=host,name,comment,status,since,disabled")
	for _, have := range rows {
		o.Watches = append(o.Watches, hotspot.Watch{Host: have["host"], Name: have["name"], Comment: have["comment"], Status: have["status"], Since: have["since"], Disabled: yes(have["disabled"])})
	}
	return err
}

// Sample reads how busy the router is.
func (d *Driver) Sample(ctx context.Context, r hotspot.Router) (hotspot.Sample, error) {
	var out hotspot.Sample
	err := d.do(ctx, "sample", r, func(s *session) error {
		rows, err := s.read("/system/resource/print", "=.proplist=cpu-load,free-memory,total-memory")
		if err != nil {
			return err
		}
		have := first(rows)
		out.CPU = int(number(have["cpu-load"]))
		if total := number(have["total-memory"]); total > 0 {
			out.Memory = int(100 - number(have["free-memory"])*100/total)
		}
		if out.Active, err = s.count(activeMenu); err != nil {
			return err
		}
		out.Rate, err = s.rate("aggregate")
		if isTrap(err) { // an account that may not test
			err = nil
		}
		return err
	})
	return out, err
}

// Traffic reads the rate of one interface, once.
func (d *Driver) Traffic(ctx context.Context, r hotspot.Router, name string) (hotspot.Rate, error) {
	var out hotspot.Rate
	err := d.do(ctx, "read traffic", r, func(s *session) (err error) {
		out, err = s.rate(name)
		return err
	})
	return out, err
}

func (s *session) rate(name string) (hotspot.Rate, error) {
	rows, err := s.read(ifaceMenu+"/monitor-traffic", "=interface="+name, "=once=")
	have := first(rows)
	return hotspot.Rate{Rx: number(have["rx-bits-per-second"]), Tx: number(have["tx-bits-per-second"])}, err
}

// Log reads the latest lines, newest first. Topics are a list that the router
// cannot search in, so the choice is made here.
func (d *Driver) Log(ctx context.Context, r hotspot.Router, topic string, most int) ([]hotspot.LogLine, error) {
	var out []hotspot.LogLine
	err := d.do(ctx, "read log", r, func(s *session) error {
		rows, err := s.read("/log/print", "=.proplist=time,topics,message")
		for i := len(rows) - 1; i >= 0 && len(out) < most; i-- {
			if have := rows[i]; topic == "" || strings.Contains(","+have["topics"]+",", ","+topic+",") {
				out = append(out, hotspot.LogLine{Time: have["time"], Topics: have["topics"], Message: have["message"]})
			}
		}
		return err
	})
	return out, err
}

// errSeen ends a handshake that was only made to look at the certificate.
var errSeen = errors.New("certificate seen")

// Certificate reads the certificate that the router shows and disconnects: no credential
// is sent to a peer that is not verified yet.
func (d *Driver) Certificate(ctx context.Context, r hotspot.Router) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, d.o.DialTimeout)
	defer cancel()
	seen := ""
	look := &tls.Config{MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: true, // nothing is trusted: the handshake ends here
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) > 0 {
				sum := sha256.Sum256(s.PeerCertificates[0].Raw)
				seen = hex.EncodeToString(sum[:])
			}
			return errSeen
		}}
	c, err := (&tls.Dialer{Config: look}).DialContext(ctx, "tcp", r.Address)
	if c != nil {
		_ = c.Close()
	}
	if seen == "" {
		return "", fault.Wrap(fault.Unavailable, "router.no_tls", fmt.Errorf("certificate of %s: %w", r.ID, err))
	}
	return seen, nil
}
