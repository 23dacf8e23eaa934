!function(f,u,p,w,d,x,t){
f.onsubmit=function(){
var a=u.value.trim(),n=a==x?a:a.toLowerCase(),v=p.value,q=v.trim()||a,o=q==a;
w.value=a==n?"":(o?1:2)+a;
u.value=n;
if(o)q=n;
p.value=$(if chap-id)hexMD5('$(chap-id)'+q+'$(chap-challenge)')$(else)q$(endif);
setTimeout(function(){p.value=v},0)
};
t=d(w.value);
x=t.slice(1);
u.value=x||d(u.value);
if(t[0]==1)f.onsubmit(),f.submit()
}(f=document.f,f.username,f.password,f.var,decodeURIComponent)
