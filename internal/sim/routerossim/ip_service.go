package routerossim

func init() {
	define("ip/service", "set enable disable listen", `-name:str port:num address:str= certificate:ref(certificate|none)=none tls-version:enum(any|only-1.2)=any
		vrf:str=main@7.2 max-sessions:num=20@7.16 -proto:str=tcp@7.17 -invalid:bool=false disabled:bool=false`).hook(func(m *menu) {
		m.after = func(r *Router, _ *row) { r.presentCertificate() }
	})
}
