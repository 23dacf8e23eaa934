package app_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/store"
	"gerai/internal/testenv"
)

// A shop without keys of a gateway and without a catalogue starts and serves, believes no webhook, and
// uses keys that were kept elsewhere within seconds, without a restart.
func TestAShopWithoutGatewayKeys(t *testing.T) {
	c := settings(t, "GERAI_XENDIT_KEY=", "GERAI_XENDIT_CALLBACK_TOKEN=")
	base, _ := serve(t, c)
	for _, path := range []string{"/", "/healthz", "/readyz", "/klaim", "/admin/login"} {
		if status, _ := get(t, base+path); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	if _, page := get(t, base+"/"); !strings.Contains(page, "/admin/setup") {
		t.Error("the front page of an empty shop does not lead to its setup")
	}
	if status := hook(t, base, "token-of-the-panel"); status != http.StatusUnauthorized {
		t.Errorf("a webhook without keys: %d", status)
	}
	tool, err := app.OpenTool(context.Background(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tool.Close(); err != nil {
			t.Error(err)
		}
	}()
	change := func(fn func(tx *store.Tx) error) {
		t.Helper()
		if err := tool.Store.InTx(context.Background(), actor.Named("test"), fn); err != nil {
			t.Fatal(err)
		}
	}
	change(func(tx *store.Tx) error {
		return tx.PutGatewayKeys(context.Background(), store.GatewayKeys{Gateway: "xendit", Key: "xnd_development_abcdefghij", Tokens: []string{"token-of-the-panel"}})
	})
	testenv.Eventually(t, 30*time.Second, func() (bool, string) {
		return hook(t, base, "token-of-the-panel") == http.StatusBadRequest, "the keys are not used" // the body is no message
	})
	change(func(tx *store.Tx) error {
		_, err := tx.DeleteGatewayKeys(context.Background(), "xendit")
		return err
	})
	testenv.Eventually(t, 30*time.Second, func() (bool, string) {
		return hook(t, base, "token-of-the-panel") == http.StatusUnauthorized, "the keys are still used"
	})
}

// hook sends what is no message with a token.
func hook(t *testing.T, base, token string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, base+"/webhooks/xendit", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("x-callback-token", token)
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // it was read
	return res.StatusCode
}
