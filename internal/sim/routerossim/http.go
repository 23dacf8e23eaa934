package routerossim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Handler serves the controls of the given routers under /_sim/routers as
// JSON. It asks for no password: keep it on loopback.
func Handler(routers ...*Router) http.Handler {
	h := &controls{byName: map[string]*Router{}, list: routers}
	for _, r := range routers {
		h.byName[r.Name()] = r
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sim/routers", h.index)
	mux.HandleFunc("GET /_sim/routers/{name}/{menu...}", h.with(showRows))
	mux.HandleFunc("GET /_sim/routers/{name}/faults", h.with(func(r *Router, _ *http.Request) (any, error) { return r.Faults(), nil }))
	mux.HandleFunc("PUT /_sim/routers/{name}/faults", h.with(putFaults))
	mux.HandleFunc("GET /_sim/routers/{name}/log", h.with(func(r *Router, _ *http.Request) (any, error) { return r.CommandLog(), nil }))
	mux.HandleFunc("GET /_sim/routers/{name}/devices", h.with(func(r *Router, _ *http.Request) (any, error) { return r.Rows(hostPath), nil }))
	mux.HandleFunc("POST /_sim/routers/{name}/devices", h.with(joinDevice))
	mux.HandleFunc("DELETE /_sim/routers/{name}/devices/{mac}", h.with(leaveDevice))
	mux.HandleFunc("GET /_sim/routers/{name}/phones", h.with(func(r *Router, _ *http.Request) (any, error) { return r.phones(), nil }))
	mux.HandleFunc("POST /_sim/routers/{name}/phones", h.with(openPhone))
	mux.HandleFunc("DELETE /_sim/routers/{name}/phones/{mac}", h.with(closePhone))
	mux.HandleFunc("POST /_sim/routers/{name}/traffic", h.with(moveTraffic))
	mux.HandleFunc("POST /_sim/routers/{name}/advance", h.with(advance))
	for _, p := range []string{"/_sim/routers", "/_sim/routers/{name}", "/_sim/routers/{name}/{rest...}"} {
		mux.HandleFunc(p, func(w http.ResponseWriter, q *http.Request) {
			reply(w, http.StatusNotFound, map[string]string{"error": "nothing at " + q.Method + " " + q.URL.Path})
		})
	}
	return mux
}

type controls struct {
	byName map[string]*Router
	list   []*Router
}

type action func(r *Router, q *http.Request) (any, error)

var errNotFound = errors.New("not found")

func (h *controls) with(do action) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		r := h.byName[q.PathValue("name")]
		if r == nil {
			reply(w, http.StatusNotFound, map[string]string{"error": "no router named " + q.PathValue("name")})
			return
		}
		v, err := do(r, q)
		switch {
		case errors.Is(err, errNotFound):
			reply(w, http.StatusNotFound, map[string]string{"error": err.Error()})
		case err != nil:
			reply(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		default:
			reply(w, http.StatusOK, v)
		}
	}
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}

// status is one line of the index.
type status struct {
	Name        string `json:"name"`
	Addr        string `json:"addr"`
	TLSAddr     string `json:"tls_addr,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`
	Version     string `json:"version"`
	Up          bool   `json:"up"`
	Connections int    `json:"connections"`
	Users       int    `json:"users"`
	Active      int    `json:"active"`
	Hosts       int    `json:"hosts"`
	Faults      Faults `json:"faults"`
}

func (h *controls) index(w http.ResponseWriter, _ *http.Request) {
	list := []status{}
	for _, r := range h.list {
		list = append(list, r.status())
	}
	reply(w, http.StatusOK, list)
}

func (r *Router) status() status {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.applyDue()
	return status{r.o.Name, r.Addr(), r.TLSAddr(), r.print256, r.ver.text, !r.closed && !r.faults.Down && !r.rebooting(), len(r.sessions),
		r.tables[userPath].len(), r.tables[activePath].len(), r.tables[hostPath].len(), r.faults}
}

func showRows(r *Router, q *http.Request) (any, error) {
	rows := r.Rows(q.PathValue("menu"))
	if rows == nil {
		return nil, fmt.Errorf("menu %q %w", q.PathValue("menu"), errNotFound)
	}
	return rows, nil
}

func putFaults(r *Router, q *http.Request) (any, error) {
	var f Faults
	if err := read(q, &f); err != nil {
		return nil, err
	}
	r.SetFaults(f)
	return r.Faults(), nil
}

func joinDevice(r *Router, q *http.Request) (any, error) {
	var d Device
	if err := read(q, &d); err != nil {
		return nil, err
	}
	if err := r.Join(d); err != nil {
		return nil, err
	}
	mac, _ := parseMAC(d.MAC)
	for _, row := range r.Rows(hostPath) {
		if row["mac-address"] == mac {
			return row, nil
		}
	}
	return nil, fmt.Errorf("device %s %w", mac, errNotFound) // it left in between
}

func leaveDevice(r *Router, q *http.Request) (any, error) {
	if _, ok := parseMAC(q.PathValue("mac")); !ok {
		return nil, fmt.Errorf("device %q %w", q.PathValue("mac"), errNotFound)
	}
	r.Leave(q.PathValue("mac"))
	return map[string]bool{"ok": true}, nil
}

func moveTraffic(r *Router, q *http.Request) (any, error) {
	var t struct {
		MAC  string `json:"mac"`
		Up   int64  `json:"up"`
		Down int64  `json:"down"`
	}
	if err := read(q, &t); err != nil {
		return nil, err
	}
	if _, ok := parseMAC(t.MAC); !ok || t.Up < 0 || t.Down < 0 {
		return nil, errors.New("want mac, up and down (bytes, not negative)")
	}
	r.Traffic(t.MAC, t.Up, t.Down)
	return map[string]bool{"ok": true}, nil
}

func advance(r *Router, q *http.Request) (any, error) {
	var a struct {
		Seconds  float64 `json:"seconds"`
		Duration string  `json:"duration"`
	}
	if err := read(q, &a); err != nil {
		return nil, err
	}
	d := time.Duration(a.Seconds * float64(time.Second))
	if a.Duration != "" {
		var ok bool
		if d, ok = parseDur(a.Duration); !ok {
			return nil, fmt.Errorf("bad duration %q", a.Duration)
		}
	}
	if d < 0 {
		return nil, errors.New("time only goes forward")
	}
	r.Advance(d)
	return map[string]string{"advanced": formatDur(d)}, nil
}

// read takes a small JSON object; an empty body is the zero value.
func read(q *http.Request, v any) error {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, q.Body, 1<<16))
	if err != nil || len(raw) == 0 {
		return err
	}
	return json.Unmarshal(raw, v)
}
