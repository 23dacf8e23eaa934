package routeros

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"gerai/internal/hotspot"
)

// script writes RouterOS' own language, one guarded block per thing: what is
// there already is only brought in step, so importing twice changes nothing.
type script struct{ strings.Builder }

func (w *script) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// heading says in Indonesian, in ASCII, what the next block is for.
func (w *script) heading(lines ...string) {
	w.line("")
	for _, l := range lines {
		w.line("# %s", strings.NewReplacer("\n", " ", "\r", " ").Replace(l))
	}
}

// ensure adds a row that is not there and sets the given part of one that is.
func (w *script) ensure(menu, find, add, set string) {
	w.line(":if ([:len [%s find %s]] = 0) do={", menu, find)
	w.line("  %s add %s", menu, add)
	if set != "" {
		w.line("} else={")
		w.line("  %s set [find %s] %s", menu, find, set)
	}
	w.line("}")
}

// quoted writes a text as a RouterOS string: nothing in it is expanded.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		switch {
		case c == '"' || c == '\\' || c == '$' || c == '?':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%02X`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + `"`
}

// ProvisioningScript writes the script. It reads the router's own settings while it
// runs, so it fits every router.
func (d *Driver) ProvisioningScript(k hotspot.Provisioning, made time.Time) string {
	w := &script{}
	w.line("# Gerai: penyiapan router %s, dibuat %s UTC.", ascii(k.Stored.Name), made.UTC().Format("2006-01-02 15:04"))
	w.line("# Cara pakai: unggah berkas ini ke menu Files, lalu ketik  /import file-name=setup.rsc")
	w.line("# Aman dijalankan berulang kali: yang sudah ada hanya disesuaikan, tidak digandakan.")
	w.line("# RAHASIA: berkas ini berisi kata sandi. Hapus dari router dan komputer sesudah dipakai.")
	w.account(k)
	w.certificate()
	w.profiles(k)
	w.walledGarden(k)
	w.logins(k)
	w.ends()
	w.pages(k)
	return w.String()
}

func (w *script) account(k hotspot.Provisioning) {
	policy := strings.Join(wanted(k.Reboot), ",") + ",!local,!telnet,!ssh,!ftp,!policy,!winbox,!password,!web,!sniff,!sensitive,!romon"
	if !k.Reboot {
		policy += ",!reboot"
	}
	w.heading("1. Akun API untuk toko: hanya hak yang diperlukan.", "Grup atau akun yang sudah ada dengan nama ini tidak diubah: bisa jadi milik orang lain.")
	name := "name=" + quoted(k.User)
	w.ensure("/user group", name, name+" policy="+policy, "")
	w.ensure("/user", name, name+" group="+quoted(k.User)+" password="+quoted(k.Password)+" comment="+quoted(hotspot.ProvisioningMark+": toko"), "")
}

func (w *script) certificate() {
	name := quoted(hotspot.OwnPrefix + "api")
	w.heading("2. Sertifikat untuk api-ssl, dibuat di router ini. Catat sidik jarinya untuk berkas katalog.",
		"Layanan api biasa tidak dimatikan dan batas alamat tidak diubah: atur sendiri bila sudah yakin.")
	w.line("{")
	w.line(":local cert [:tostr [/ip service get api-ssl certificate]]")
	w.line(`:if (($cert = "") || ($cert = "none")) do={`)
	w.line("  :if ([:len [/certificate find name=%s]] = 0) do={", name)
	w.line("    /certificate add name=%s common-name=%s key-size=2048 days-valid=%d key-usage=digital-signature,key-encipherment,tls-server", name, name, certificateDays)
	w.line("    /certificate sign %s", name)
	w.line("    :delay 5s")
	w.line("  }")
	w.line("  /ip service set api-ssl certificate=%s tls-version=only-1.2", name)
	w.line("  :set cert %s", name)
	w.line("}")
	w.line("/ip service set api-ssl disabled=no")
	w.line(`:put ("Sidik jari SHA-256: " . [/certificate get [find name=$cert] fingerprint])`)
	w.line(`:put ("Port api-ssl: " . [/ip service get api-ssl port])`)
	w.line("}")
}

func (w *script) profiles(k hotspot.Provisioning) {
	w.heading("3. Profil pengguna hotspot untuk setiap paket.")
	for _, p := range k.Profiles {
		name := "name=" + quoted(p.Name)
		fields := assign(fieldsOf(profileWords(p)))
		set := fields
		if !strings.HasPrefix(p.Name, hotspot.OwnPrefix) {
			set = "" // the operator's own: used as found
		}
		w.ensure("/ip hotspot user profile", name, name+" "+fields, set)
	}
	if k.Pass != nil {
		w.heading("Profil untuk internet sebentar saat membayar.")
		name, fields := "name="+quoted(hotspot.PassProfile), assign(fieldsOf(passProfileWords(*k.Pass)))
		w.ensure("/ip hotspot user profile", name, name+" "+fields, fields)
	}
}

func assign(fields map[string]string) string {
	words := wordsOf(fields)
	for i, word := range words {
		name, value, _ := strings.Cut(word[1:], "=")
		words[i] = name + "=" + quoted(value)
	}
	return strings.Join(words, " ")
}

func (w *script) walledGarden(k hotspot.Provisioning) {
	w.heading("4. Alamat toko terbuka sebelum masuk. Jangan tambahkan alamat bank, gateway, atau pemeriksa internet ponsel.")
	field := "dst-host=" + quoted(k.Host)
	if addr, err := netip.ParseAddr(k.Host); err == nil {
		field = "dst-address=" + addr.String()
	}
	fields := "action=accept protocol=tcp dst-port=" + strconv.Itoa(k.Port) + " " + field
	comment := "comment=" + quoted(hotspot.ProvisioningMark+": toko")
	w.ensure("/ip hotspot walled-garden ip", comment, fields+" "+comment, fields)
}

func (w *script) logins(k hotspot.Provisioning) {
	w.heading("5. Formulir voucher juga harus berjalan tanpa JavaScript: http-pap ditambahkan bila belum ada.",
		"Pada http-pap kata sandi voucher lewat Wi-Fi tanpa sandi; voucher hanya membuka hotspot ini.")
	w.line(":foreach server in=[/ip hotspot find %s] do={", which(k))
	w.line("  :local profile [/ip hotspot profile find name=[/ip hotspot get $server profile]]")
	w.line(`  :local list ""`)
	w.line("  :local plain false")
	w.line("  :foreach way in=[/ip hotspot profile get $profile login-by] do={")
	w.line(`    :if ($way = "http-pap") do={ :set plain true }`)
	w.line(`    :set list ($list . $way . ",")`)
	w.line("  }")
	w.line(`  :if (!$plain) do={ /ip hotspot profile set $profile login-by=[:toarray ($list . "http-pap")] }`)
	w.line("}")
}

func which(k hotspot.Provisioning) string {
	if k.Stored.Server == "" || k.Stored.Server == "all" {
		return "disabled=no"
	}
	return "name=" + quoted(k.Stored.Server)
}

func (w *script) pages(k hotspot.Provisioning) {
	w.heading("7. Halaman hotspot dipasang dengan tangan: seret berkas dari folder portal ke menu Files (Winbox) atau lewat FTP,",
		"ke folder yang tercetak di bawah ini. Folder di luar flash/ hilang saat router dimulai ulang.",
		"Mengembalikan halaman bawaan:  /ip hotspot reset-html hotspot1")
	for _, p := range k.Pages {
		w.line("#   %s (%d byte)", p.Name, len(p.Body))
	}
	w.line(":foreach server in=[/ip hotspot find %s] do={", which(k))
	w.line("  :local profile [/ip hotspot profile find name=[/ip hotspot get $server profile]]")
	w.line("  :local dir [/ip hotspot profile get $profile html-directory-override]")
	w.line(`  :if ([:len $dir] = 0) do={ :set dir [/ip hotspot profile get $profile html-directory] }`)
	w.line(`  :put ("Folder halaman hotspot: " . $dir)`)
	w.line("}")
}

// ascii keeps a name printable in a comment.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}
