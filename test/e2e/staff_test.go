package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// panel opens the demo's panel under a name, which passkeys need, and signs
// its admin in.
func panel(t *testing.T) *phone {
	t.Helper()
	d := own(t, "--addr", "localhost:0")
	p := newPhone(t, d, modern)
	p.open("/admin/login")
	p.write("#name", d.Boss)
	p.write("#password", d.Word)
	p.follow("form[action='/admin/login'] button")
	return p
}

// key plugs in an authenticator that checks its person.
func (p *phone) key() {
	p.Helper()
	call(p, webauthn.Enable, webauthn.EnableParams{})
	call(p, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{Protocol: webauthn.AuthenticatorProtocolCtap2,
		Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
}

func (p *phone) signOut() {
	p.Helper()
	p.tap(".who summary")
	p.follow("form[action='/admin/logout'] button")
}

// fingers lists what is too low to be hit: as thumbs does, but a tick box has its whole
// label, and a link that only a keyboard shows is not tapped.
const fingers = `[].slice.call(document.querySelectorAll("button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), label.check, select, textarea, summary, a:not(.skip)")).filter(function (e) {
  var r = e.getBoundingClientRect(); return r.height > 0 && r.height < (e.tagName === "A" && !e.classList.contains("btn") ? 24 : 44); }).map(function (e) {
  return e.tagName + " " + e.textContent.trim() + " " + e.getBoundingClientRect().height; })`

// A passkey in a real browser: added, used as the second step, used alone, and
// taken off again.
func TestPasskeyInTheBrowser(t *testing.T) {
	t.Parallel()
	p := panel(t)
	p.key()
	p.open("/admin/account/second")
	p.waits("#passkey_name", 10*time.Second)
	p.write("#passkey_name", "HP kasir")
	p.follow("form[action='/admin/account/passkeys'] button")
	p.waits(".codes li", 10*time.Second)
	p.follow("a[href='/admin']")
	p.signOut()
	p.write("#name", p.d.Boss)
	p.write("#password", p.d.Word)
	p.follow("form[action='/admin/login'] button")
	if !strings.HasSuffix(p.at(), "/admin/second") && !strings.Contains(p.at(), "/admin/second?") {
		t.Fatalf("the password alone leads to %s", p.at())
	}
	p.follow("form[action='/admin/second/passkey'] button")
	p.waits(".tiles", 10*time.Second)
	p.signOut()
	p.follow("form[action='/admin/login/passkey'] button")
	p.waits(".tiles", 10*time.Second)
	p.open("/admin/account/second")
	p.follow("form[action$='/remove'] button")
	if !strings.Contains(p.read(".note.good"), "Passkey dihapus") {
		t.Errorf("at %s: %s", p.at(), p.read("main"))
	}
}

// TestPeopleLook holds those pages about people against the accessibility
// checker and a narrow phone, in light and dark, that the walk does not see: what
// only a form shows, what is folded away, and English as an admin reads it.
func TestPeopleLook(t *testing.T) {
	t.Parallel()
	axe := axeSource(t)
	p := panel(t)
	p.open("/admin/staff/new")
	p.write("#name", "siti")
	eval[bool](p, `document.querySelector("input[name=role][value=admin]").checked = true`) // which is told to the others
	p.follow("form[action='/admin/staff'] button")
	look := func(name string) {
		for _, scheme := range []string{"light", "dark"} {
			call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			for _, width := range []int64{1280, 360} {
				p.do(p.size(width, 800))
				for _, v := range p.violations(axe) {
					t.Errorf("%s, %s, %d px: %s", name, scheme, width, v)
				}
				p.fits(name, int(width))
				p.picture(fmt.Sprintf("people-%s-%s-%d", name, scheme, width))
			}
		}
		for _, small := range eval[[]string](p, fingers) {
			t.Errorf("%s: too small for a thumb: %s", name, small)
		}
	}
	look("link")
	p.follow("a[href^='/admin/staff/']")
	person := p.at()
	eval[bool](p, `document.querySelectorAll("details.card").forEach(function (d) { d.open = true; }), true`)
	look("person")
	p.open("/admin/account")
	p.do(chromedp.SetValue(chromedp.CSS("#lang"), "en"))
	p.follow("form[action='/admin/account'] button")
	for name, path := range map[string]string{"account-en": "/admin/account", "policy-en": "/admin/policy", "audit-en": "/admin/audit?action=staff.", "person-en": person} {
		p.open(path)
		look(name)
	}
	p.key()
	p.open("/admin/account/second")
	p.write("#passkey_name", "HP")
	p.follow("form[action='/admin/account/passkeys'] button")
	p.waits(".codes li", 10*time.Second)
	look("codes")
}
