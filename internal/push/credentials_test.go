package push_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
	"google.golang.org/api/option"

	"cadans/internal/kernel/clock"
	"cadans/internal/push"
)

// A service account file is turned into a signed assertion, that into a token, and the token goes with the push to the
// project that the file names.
func TestTheServiceAccountSignsIn(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	var sent []string
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		claims := jwt.MapClaims{}
		_, err := jwt.ParseWithClaims(
			r.FormValue("assertion"), claims, func(*jwt.Token) (any, error) { return &key.PublicKey, nil },
		)
		if err != nil || claims["iss"] != "push@clinic.example" ||
			claims["scope"] != "https://www.googleapis.com/auth/firebase.messaging" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token":"lent","token_type":"Bearer","expires_in":3600}`))
	})
	mux.HandleFunc("POST /v1/projects/clinic/messages:send", func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"name":"projects/clinic/messages/1"}`))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	fcm, err := push.NewFCM(context.Background(), serviceAccount(t, key, server.URL+"/token"), clock.NewManual(now),
		option.WithEndpoint(server.URL+"/v1"))
	require.NoError(t, err)
	require.NoError(t, fcm.Send(context.Background(), message()))
	require.Equal(t, []string{"Bearer lent"}, sent)
}

func TestWrongCredentialsAreRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "account.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"type":"authorized_user"}`), 0o600))
	for _, file := range []string{path, path + ".missing"} {
		_, err := push.NewFCM(context.Background(), file, clock.NewManual(now))
		require.ErrorContains(t, err, "firebase credentials")
	}
}

func serviceAccount(t *testing.T, key *rsa.PrivateKey, tokenURI string) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	content, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "clinic", "client_email": "push@clinic.example", "token_uri": tokenURI,
		"private_key_id": "1", "private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "account.json")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}
