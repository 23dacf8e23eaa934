package routerossim

func init() {
	define("radius", listVerbs, `service:flags(ppp|login|hotspot|wireless|dhcp|ipsec|dot1x) called-id:str= domain:str= !address:str
		*secret:str= authentication-port:num=1812 accounting-port:num=1813 timeout:dur=300ms accounting-backup:bool=false realm:str=
		protocol:enum(udp|radsec)=udp certificate:str=none require-message-auth:enum(no|yes-for-request-resp)=yes-for-request-resp@7.15
		disabled:bool=false comment:str`)
	define("radius/incoming", "set", `accept:bool=false port:num=3799`).hook(func(m *menu) { m.single = true })
}
