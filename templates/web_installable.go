package templates

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// OfflinePage is what a browser shows of the panel without a connection. It belongs to
// every account and holds nothing of the shop but its name.
type OfflinePage struct{ Panel }

func (OfflinePage) file() string { return "web/offline.html" }

// Title names the page in the browser's tab.
func (p OfflinePage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p OfflinePage) Heading() string { return p.T("web.offline.title") }

// Worker is the script that keeps the offline page in the browser. Its text, and with it
// what browsers keep, changes with what it keeps.
func Worker(b Base) (string, error) {
	page, err := Render(OfflinePage{Panel{Base: b}})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(page)
	return strings.NewReplacer("VERSION", hex.EncodeToString(sum[:6]), "SHEET", strconv.Quote(panelSheet.Path), "ICON", strconv.Quote(b.Icon())).Replace(workerSource), nil
}

// Manifest tells a browser how the panel is installed: by the shop's name, picture and colour.
func Manifest(b Base) ([]byte, error) {
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type,omitempty"`
		Purpose string `json:"purpose"`
	}
	picture := icon{Src: b.Icon(), Sizes: "any", Purpose: "any"}
	if b.Theme.LogoPath == "" {
		picture.Type = iconAsset.Type
	}
	text, err := json.Marshal(map[string]any{
		"name": b.Brand().Name, "short_name": b.Brand().Name, "lang": string(b.Lang), "id": "/admin", "start_url": "/admin", "scope": "/admin",
		"display": "standalone", "background_color": "#f4f6f3", "theme_color": b.Brand().Color, "icons": []icon{picture},
	})
	if err != nil {
		return nil, fmt.Errorf("templates: manifest: %w", err)
	}
	return text, nil
}
