package routerossim

func init() {
	define("tool/netwatch", listVerbs, `name:str !host:str type:enum(simple|icmp|tcp-conn|http-get|https-get|dns)=simple interval:dur=10s
		timeout:dur=3s up-script:str= down-script:str= test-script:str= -status:enum(up|down|unknown)=unknown -since:when
		-done-tests:num=0 -failed-tests:num=0 disabled:bool=false comment:str`)
}
