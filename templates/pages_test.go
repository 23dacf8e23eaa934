package templates

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/jba/templatecheck"
)

var gallery = flag.String("gallery", "", "folder to write every rendered page to, for looking at")

func TestTemplatesAreTypeSafe(t *testing.T) {
	for _, p := range pages {
		if err := templatecheck.CheckHTML(parsed[tongue{p.file(), p.language()}](), p); err != nil {
			t.Errorf("%s: %v", p.file(), err)
		}
	}
}

// banned must not appear in anything a captive window shows: further windows,
// dialogues and storage fail there, and other hosts cannot be reached.
var banned = regexp.MustCompile(`(?i)target=|window\.open|\balert\(|\bconfirm\(|\bprompt\(|localStorage|sessionStorage|indexedDB|serviceWorker|maximum-scale|user-scalable|document\.cookie|@import|@font-face|url\(`)

// bannedWords are what banned looks for. It is slow, and slower under the race detector,
// so it looks only at pages that have one of them.
var bannedWords = strings.Fields(`target= window.open alert( confirm( prompt( localstorage sessionstorage indexeddb serviceworker maximum-scale user-scalable document.cookie @import @font-face url(`)

func findBanned(page string) string {
	lower := strings.ToLower(page)
	if !slices.ContainsFunc(bannedWords, func(word string) bool { return strings.Contains(lower, word) }) {
		return ""
	}
	return banned.FindString(page)
}

// unfilled are apart because each begins with a fixed letter, which is searched for first.
var unfilled = []*regexp.Regexp{regexp.MustCompile(`\{[a-z_]+[|}]`), regexp.MustCompile(`\[[a-z_]+\.[a-z_.0-9]+\]`), regexp.MustCompile(`ZgotmplZ`), regexp.MustCompile(`<no value>`)}

// TestEveryBannedWordIsFound holds the words to the pattern: it finds each, and they are
// all that it has.
func TestEveryBannedWordIsFound(t *testing.T) {
	if n := strings.Count(banned.String(), "|") + 1; n != len(bannedWords) {
		t.Errorf("%d words for %d of the pattern", len(bannedWords), n)
	}
	for _, word := range bannedWords {
		if page := "<p>" + strings.ToUpper(word); !strings.EqualFold(findBanned(page), word) {
			t.Errorf("%q is not found in %q", word, page)
		}
	}
}

func TestEveryPage(t *testing.T) {
	for _, l := range []Lang{Indonesian, English} {
		for name, p := range samples(l) {
			t.Run(string(l)+"-"+name, func(t *testing.T) {
				html, err := Render(p)
				if err != nil {
					t.Fatal(err)
				}
				if *gallery != "" {
					if err := os.WriteFile(filepath.Join(*gallery, string(l)+"-"+name+".html"), html, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				text := string(html)
				for _, hole := range unfilled {
					if found := hole.FindString(text); found != "" {
						t.Errorf("left unfilled: %s", found)
					}
				}
				if !strings.Contains(name, "nasty") {
					if found := findBanned(text); found != "" {
						t.Errorf("banned: %s", found)
					}
					outside := strings.ReplaceAll(text, "http://hs.example/login", "")
					if i := strings.Index(outside, "//"); i >= 0 {
						t.Errorf("another host: %s", outside[max(0, i-30):i+30])
					}
				}
				doc, err := goquery.NewDocumentFromReader(bytes.NewReader(html))
				if err != nil {
					t.Fatal(err)
				}
				scripts := 1
				if p.layout() == "paper.html" {
					scripts = 0
				}
				checkPage(t, doc, l, scripts)
			})
		}
	}
}

// checkPage asserts what holds for every page whatever it shows.
func checkPage(t *testing.T, doc *goquery.Document, l Lang, scripts int) {
	t.Helper()
	if got := doc.Find("html").AttrOr("lang", ""); got != string(l) {
		t.Errorf("lang is %q", got)
	}
	for sel, want := range map[string]int{"script": scripts, "style": 1, "h1": 1, "title": 1, "main": 1, "footer#bantuan": 1, "iframe": 0, "[style]": 0, "[onclick]": 0, "meta[name=viewport]": 1} {
		if got := doc.Find(sel).Length(); got != want {
			t.Errorf("%s: %d times, want %d", sel, got, want)
		}
	}
	if doc.Find("script").Text() != "" || doc.Find("script[defer]").Length() != scripts {
		t.Error("the script must be the one deferred file")
	}
	seen := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if id == "" || seen[id] {
			t.Errorf("id %q is empty or used twice", id)
		}
		seen[id] = true
	})
	doc.Find("input:not([type=hidden]):not([type=radio])").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("aria-label", "") == "" && doc.Find("label[for='"+s.AttrOr("id", "?")+"']").Length() != 1 {
			t.Errorf("input %q has no label", s.AttrOr("name", ""))
		}
	})
	doc.Find("img").Each(func(_ int, s *goquery.Selection) {
		_, alt := s.Attr("alt")
		if _, height := s.Attr("height"); !alt || !height {
			t.Error("an image needs alt and height")
		}
	})
	names := map[string]bool{}
	doc.Find("button").Each(func(_ int, s *goquery.Selection) {
		name := strings.TrimSpace(s.Text())
		if name == "" || names[name] && !strings.Contains(doc.Text(), "alert(1)") {
			t.Errorf("button %q has no name of its own", name)
		}
		names[name] = true
	})
	doc.Find("form[method=post]").Each(func(_ int, s *goquery.Selection) {
		if l == English != strings.Contains(s.AttrOr("action", ""), "lang=en") {
			t.Errorf("form %q loses the language", s.AttrOr("action", ""))
		}
	})
	doc.Find("a[href^='/']").Each(func(_ int, s *goquery.Selection) {
		href := s.AttrOr("href", "")
		if s.AttrOr("hreflang", "") == "" && l == English != strings.Contains(href, "lang=en") {
			t.Errorf("link %q loses the language", href)
		}
	})
}
