package config

import (
	"strings"

	"gerai/internal/mistake"
	"gerai/internal/secret"
)

// CheckXenditKey says why a text is no secret key, or nil.
func CheckXenditKey(v string) error {
	for _, kind := range []string{liveKey, testKey} {
		if strings.HasPrefix(v, kind) && len(v) > len(kind) {
			return nil
		}
	}
	if strings.HasPrefix(v, "xnd_public_") {
		return mistake.New("is a public key; the secret key is needed")
	}
	return mistake.New("must be a secret key beginning with %s or %s", testKey, liveKey)
}

// CallbackTokensOf reads tokens divided by a comma. What was read is returned with an error, too.
func CallbackTokensOf(v string) ([]string, error) {
	tokens := strings.Split(v, ",")
	if len(tokens) > 2 {
		return tokens, mistake.New("holds %d tokens, at most two are allowed", len(tokens))
	}
	for i, t := range tokens {
		if tokens[i] = strings.TrimSpace(t); len(tokens[i]) < minToken {
			return tokens, mistake.New("token %d must have at least %d characters, not %d", i+1, minToken, len(tokens[i]))
		}
		if secret.Trivial([]byte(tokens[i])) {
			return tokens, mistake.New("token %d can be guessed: it repeats or counts", i+1)
		}
	}
	return tokens, nil
}

// gatewayTogether finds half of a gateway's keys.
func gatewayTogether(c Config) (wrong Mistakes) {
	switch {
	case c.XenditKey != "" && len(c.CallbackTokens) == 0:
		wrong = append(wrong, Mistake{"GERAI_XENDIT_CALLBACK_TOKEN", mistake.New("is missing: GERAI_XENDIT_KEY needs it, or every webhook could be forged"), "(Xendit dashboard, Webhooks, verification token)"})
	case c.XenditKey == "" && len(c.CallbackTokens) > 0:
		wrong = append(wrong, Mistake{"GERAI_XENDIT_KEY", mistake.New("is missing: GERAI_XENDIT_CALLBACK_TOKEN alone does nothing"), "xnd_development_..."})
	}
	return wrong
}
