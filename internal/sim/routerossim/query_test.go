package routerossim

import "testing"

func TestQueries(t *testing.T) {
	row := map[string]string{".id": "*1A", "name": "u1", "uptime": "0s", "disabled": "true", "limit-bytes-total": "900",
		"mac-address": "AA:BB:CC:DD:EE:FF", "address": "10.5.50.9", "profile": "gold", "limit-uptime": "1h"}
	m := menus[userPath]
	for _, v := range []struct {
		want  bool
		words []string
	}{
		{true, nil},
		{true, []string{"name"}}, {false, []string{"comment"}}, {true, []string{"-comment"}}, {false, []string{"-name"}},
		{true, []string{"name=u1"}}, {true, []string{"=name=u1"}}, {false, []string{"name=U1"}},
		{true, []string{"uptime=00:00:00"}}, {true, []string{"uptime=0"}}, {true, []string{"limit-uptime=3600"}}, {false, []string{"limit-uptime=1s"}},
		{true, []string{"disabled=yes"}}, {true, []string{"=disabled=true"}}, {false, []string{"disabled=no"}},
		{true, []string{"<limit-bytes-total=1000"}}, {false, []string{">limit-bytes-total=1000"}}, {true, []string{">limit-bytes-total=99"}},
		{true, []string{"<limit-uptime=1d"}}, {false, []string{">limit-uptime=90m"}},
		{true, []string{"mac-address=aa-bb-cc-dd-ee-ff"}}, {true, []string{"<address=10.5.50.10"}},
		{false, []string{">comment="}}, {true, []string{">name="}}, {true, []string{"comment="}}, {true, []string{".id=*1a"}},
		{true, []string{"name=u1", "profile=gold"}}, {false, []string{"name=u1", "profile=iron"}},
		{true, []string{"name=u1", "profile=iron", "#|"}}, {false, []string{"name=u1", "profile=iron", "#&"}},
		{true, []string{"profile=iron", "#!"}}, {true, []string{"name=x", "name=y", "name=u1", "#||"}},
		{true, []string{"name=x", "name=u1", "#|", "profile=gold", "#&"}}, {true, []string{"name=x", "profile=iron", "#|!"}},
		{true, []string{"name=x", "name=u1", "#0"}}, {false, []string{"name=u1", "name=x", "#0"}}, {true, []string{"name=u1", "name=x", "#1"}},
		{true, []string{"name=u1", "#.&"}}, {true, []string{"name=x", "name=u1", "#0.0|&!!|"}}, {true, []string{"name=u1", "name=u1", "#1.&&"}},
		{false, []string{"name=u1", "#&"}}, {false, []string{"name=u1", "#9"}}, {false, []string{"name=u1", "#x"}}, {false, []string{"#!"}},
	} {
		if got := (query{v.words, m, nil}).match(row); got != v.want {
			t.Errorf("%q: %v", v.words, got)
		}
	}
}

func TestQueryIndex(t *testing.T) {
	for _, v := range []struct {
		words []string
		name  string
		ok    bool
	}{
		{[]string{"name=a"}, "a", true}, {[]string{"=name=a=b", "profile=x"}, "a=b", true}, {[]string{"profile=x"}, "", false},
		{[]string{"name=a", "name=b", "#|"}, "", false}, {[]string{"name="}, "", false}, {[]string{">name=a"}, "", false},
	} {
		name, ok := query{words: v.words}.simpleName()
		if ok != v.ok || ok && name != v.name {
			t.Errorf("%q: %q %v", v.words, name, ok)
		}
	}
}
