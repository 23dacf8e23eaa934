package templates

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"strings"

	"gerai/internal/fault"
)

// Lang is a language of the customer's pages.
type Lang string

const (
	// Indonesian is the default.
	Indonesian Lang = "id"
	// English is there by choice, through ?lang=en.
	English Lang = "en"
)

// Langs lists every language.
var Langs = []Lang{Indonesian, English}

// ParseLang reads the lang parameter; everything unknown is Indonesian.
func ParseLang(s string) Lang {
	if s == string(English) {
		return English
	}
	return Indonesian
}

//go:embed messages/*.json
var messageFiles embed.FS

var messages = map[Lang]map[string]string{
	Indonesian: readMessages(Indonesian),
	English:    readMessages(English),
}

// readMessages reads every *.id.json: a file for each area, each family of stored codes and
// what areas share.
func readMessages(l Lang) map[string]string {
	out := map[string]string{}
	for _, name := range messageNames(l) {
		raw, err := messageFiles.ReadFile(name)
		part := map[string]string{}
		if err == nil {
			err = json.Unmarshal(raw, &part)
		}
		if err != nil {
			panic(fmt.Sprintf("templates: messages of %s: %v", name, err))
		}
		maps.Copy(out, part)
	}
	return out
}

func messageNames(l Lang) []string {
	parts, err := fs.Glob(messageFiles, "messages/*."+string(l)+".json")
	if err != nil {
		panic(err)
	}
	return parts
}

// HasText reports whether there is a sentence for the key.
func HasText(key string) bool {
	_, ok := messages[Indonesian][key]
	return ok
}

// forms are the two forms of a word beside a number: {n|device|devices}.
var forms = regexp.MustCompile(`\{([a-z_]+)\|([^{}|]*)\|([^{}|]*)\}`)

// Text returns the sentence for a key. Pairs of name and value replace {name}
// in it, and choose {name|one|other}. An unknown key shows itself in brackets, which tests
// never let pass.
func Text(l Lang, key string, pairs ...any) string {
	s, ok := messages[l][key]
	if !ok {
		return "[" + key + "]"
	}
	if len(pairs) == 0 {
		return s
	}
	args := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		args = append(args, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	if strings.Contains(s, "|") {
		args = append(args, chosenForms(s, pairs)...)
	}
	return strings.NewReplacer(args...).Replace(s)
}

// chosenForms lists the forms in a sentence, each with the one that its number asks for.
func chosenForms(s string, pairs []any) (out []string) {
	for _, form := range forms.FindAllStringSubmatch(s, -1) {
		chosen := form[3]
		for i := 0; i+1 < len(pairs); i += 2 {
			if fmt.Sprint(pairs[i]) == form[1] && fmt.Sprint(pairs[i+1]) == "1" {
				chosen = form[2]
			}
		}
		out = append(out, form[0], chosen)
	}
	return out
}

// Translated returns what an English sentence is in a language, for texts that
// are written in the code; its key begins with prefix.
func Translated(l Lang, prefix, english string) (string, bool) {
	for key, text := range messages[English] {
		if text == english && strings.HasPrefix(key, prefix) {
			said, ok := messages[l][key]
			return said, ok
		}
	}
	return "", false
}

// Sentences are the English sentences whose keys begin with prefix.
func Sentences(prefix string) map[string]string {
	out := map[string]string{}
	for key, text := range messages[English] {
		if strings.HasPrefix(key, prefix) {
			out[key] = text
		}
	}
	return out
}

// FaultText returns the sentence people may read about an error: the one of its code, else
// the one of its kind. Causes never reach it. Codes of provisioning have their sentences
// below "routers.setup.fault.".
func FaultText(l Lang, err error) string {
	for _, prefix := range []string{"fault.", "routers.setup.fault."} {
		if key := prefix + fault.CodeOf(err); HasText(key) {
			return strings.ReplaceAll(Text(l, key), "{subject}", fault.SubjectOf(err))
		}
	}
	return Text(l, "fault.kind."+string(fault.KindOf(err)))
}
