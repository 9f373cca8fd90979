// An API with the verifier of go-oidc: one JSON command a line, one JSON answer a line.
//
// {"serve": "go-oidc", "issuer": URL, "options": {…}}; `options` are fields of oidc.Config, beside ClientID.
// {"login": URL} is a login at this issuer, see client.go.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

const scope = "mcp:read"

type command struct {
	Issuer  string      `json:"issuer"`
	Options oidc.Config `json:"options"`
	Login   string      `json:"login"`
}

func main() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var asked command
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			log.Fatal(err)
		}
		if asked.Login != "" {
			tell(logIn(asked.Login, lines))
			continue
		}
		url, err := serve(asked)
		if err != nil {
			log.Fatal(err)
		}
		json.NewEncoder(os.Stdout).Encode(map[string]string{"server": url})
	}
}

func serve(asked command) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	url := fmt.Sprintf("http://localhost:%d/notes", listener.Addr().(*net.TCPAddr).Port)
	provider, err := oidc.NewProvider(context.Background(), asked.Issuer)
	if err != nil {
		return "", err
	}
	config := asked.Options
	if !config.SkipClientIDCheck {
		config.ClientID = url
	}
	mux := http.NewServeMux()
	mux.Handle("/notes", notes(provider.Verifier(&config)))
	go http.Serve(listener, mux)
	return url, nil
}

func notes(verifier *oidc.IDTokenVerifier) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		scheme, raw, _ := strings.Cut(request.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "bearer") {
			refuse(response, http.StatusUnauthorized, "")
			return
		}
		token, err := verifier.Verify(request.Context(), raw)
		if err != nil {
			refuse(response, http.StatusUnauthorized, "invalid_token")
			return
		}
		var claims struct {
			Scope string `json:"scope"`
		}
		if err := token.Claims(&claims); err != nil {
			refuse(response, http.StatusUnauthorized, "invalid_token")
			return
		}
		if !slices.Contains(strings.Fields(claims.Scope), scope) {
			refuse(response, http.StatusForbidden, "insufficient_scope")
			return
		}
		response.Header().Set("Content-Type", "application/json")
		json.NewEncoder(response).Encode(map[string]string{"owner": token.Subject})
	}
}

func refuse(response http.ResponseWriter, status int, code string) {
	challenge := "Bearer"
	if code != "" {
		challenge = fmt.Sprintf("Bearer error=%q", code)
	}
	if status == http.StatusForbidden {
		challenge += fmt.Sprintf(", scope=%q", scope)
	}
	response.Header().Set("WWW-Authenticate", challenge)
	http.Error(response, code, status)
}
