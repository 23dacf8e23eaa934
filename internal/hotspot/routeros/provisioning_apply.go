package routeros

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// signTime bounds signing a certificate: small boards take their time for the
// key. signLook is how often it is looked for after a lost answer.
const (
	signTime = 40 * time.Second
	signLook = 500 * time.Millisecond
)

var errChanged = errors.New("the row is not what the plan saw")

// ApplyStep takes one step and reads it back.
func (d *Driver) ApplyStep(ctx context.Context, r hotspot.Router, st hotspot.Step) error {
	return d.doWithin(ctx, d.o.ProvisioningTimeout, "apply "+string(st.Kind)+" "+st.Item, r, func(s *session) error { return s.apply(st) })
}

func (s *session) apply(st hotspot.Step) error {
	have, found, err := s.rowOf(st)
	if err != nil {
		return err
	}
	done := found && agrees(st.After, have)
	switch {
	case done && st.Menu == certMenu && have["fingerprint"] == "":
		return s.sign(st)
	case done && st.After["password"] == "":
		return nil
	case st.Add && found && !done, !st.Add && !found, !st.Add && !done && !agrees(st.Before, have):
		return fault.Wrap(fault.Conflict, "router.kit_changed", fmt.Errorf("%s %s: %w", st.Kind, st.Item, errChanged))
	}
	words := append([]string{st.Menu + "/add"}, wordsOf(st.After)...)
	if !st.Add {
		words = append([]string{st.Menu + "/set", "=.id=" + have[".id"]}, wordsOf(st.After)...)
	}
	if err := s.ensure(words, func() (bool, error) { return s.says(st) }); err != nil {
		return err
	}
	if ok, err := s.says(st); err != nil || !ok {
		if err == nil {
			err = fault.Wrap(fault.Refused, "router.kit_not_taken", fmt.Errorf("%s %s reads back differently", st.Kind, st.Item))
		}
		return err
	}
	if st.Menu == certMenu {
		return s.sign(st)
	}
	return nil
}

// says reports whether the router says what the step wants.
func (s *session) says(st hotspot.Step) (bool, error) {
	have, found, err := s.rowOf(st)
	return found && agrees(st.After, have), err
}

// ensure gives an order whose effect must be known. After a lost answer it looks,
// and repeats the order once when it had no effect.
func (s *session) ensure(words []string, done func() (bool, error)) error {
	for try := 1; ; try++ {
		_, err := s.write(words...)
		if !fault.Is(err, fault.Unknown) {
			return err
		}
		ok, readErr := done()
		if ok {
			return nil
		}
		if readErr != nil {
			return fault.Wrap(fault.Unknown, "router.unreachable", fmt.Errorf("%w, then: %w", err, readErr))
		}
		if try == 2 {
			return fault.Wrap(fault.Unavailable, "router.unreachable", err)
		}
	}
}

// rowOf reads the row of a step with the fields it is about.
func (s *session) rowOf(st hotspot.Step) (row, bool, error) {
	var key, value string
	for key, value = range st.Key { // there is one
	}
	if st.Menu == fileMenu {
		return s.fileOf(value)
	}
	rows, err := s.read(st.Menu+"/print", "?"+key+"="+value)
	if err != nil || len(rows) == 0 {
		return nil, false, err
	}
	return rows[0], true, nil
}

func (s *session) fileOf(path string) (row, bool, error) {
	rows, err := s.read(fileMenu+"/print", "=.proplist=.id,name,size", "?name="+path)
	if err != nil || len(rows) == 0 {
		return nil, false, err
	}
	resource, err := s.read("/system/resource/print", "=.proplist=version")
	if err != nil {
		return nil, false, err
	}
	text, _, err := s.contents(rows[0], parseVersion(first(resource)["version"]))
	rows[0]["contents"] = text
	return rows[0], true, err
}

// sign turns a template into a certificate and waits until it is one.
func (s *session) sign(st hotspot.Step) error {
	have, found, err := s.rowOf(st)
	if err != nil || !found || have["fingerprint"] != "" {
		return err
	}
	s.patience = signTime
	_, err = s.write(certMenu+"/sign", "=.id="+have[".id"])
	s.patience = 0
	if err != nil && !fault.Is(err, fault.Unknown) {
		return err
	}
	limit := time.NewTimer(signTime / 2)
	defer limit.Stop()
	look := time.NewTicker(signLook)
	defer look.Stop()
	for {
		have, found, readErr := s.rowOf(st)
		switch {
		case readErr != nil:
			return lost(readErr)
		case found && have["fingerprint"] != "":
			return nil
		}
		select {
		case <-look.C:
		case <-limit.C:
			return fault.Wrap(fault.Refused, "router.kit_not_taken", fmt.Errorf("certificate %s is not signed: %w", st.Item, errors.Join(err, errChanged)))
		case <-s.ctx.Done():
			return lost(s.ctx.Err())
		}
	}
}

// SecureAccess reads how the router serves its API over TLS.
func (d *Driver) SecureAccess(ctx context.Context, r hotspot.Router) (port int, fingerprint string, err error) {
	err = d.do(ctx, "read api-ssl", r, func(s *session) error {
		services, err := s.read(serviceMenu+"/print", "?name=api-ssl")
		if err != nil {
			return err
		}
		service := first(services)
		certs, err := s.read(certMenu+"/print", "?name="+service["certificate"])
		if err != nil {
			return err
		}
		port, fingerprint = int(number(service["port"])), first(certs)["fingerprint"]
		if port == 0 || fingerprint == "" || yes(service["disabled"]) {
			return fault.Wrap(fault.Config, "router.kit_no_tls", fmt.Errorf("api-ssl is off or has no certificate"))
		}
		return nil
	})
	return port, fingerprint, err
}

// Fingerprint reads one certificate's.
func (d *Driver) Fingerprint(ctx context.Context, r hotspot.Router, certificate string) (fingerprint string, err error) {
	err = d.do(ctx, "read certificate", r, func(s *session) error {
		certs, err := s.read(certMenu+"/print", "?name="+certificate)
		if fingerprint = first(certs)["fingerprint"]; err == nil && fingerprint == "" {
			err = fault.New(fault.NotFound, "router.no_item")
		}
		return err
	})
	return fingerprint, err
}
