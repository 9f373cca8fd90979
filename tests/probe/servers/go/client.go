package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// A login with go-oidc and x/oauth2, as their documentation shows it. {"open": URL} asks for a person at a browser;
// the next line has the address at which that ends.
func logIn(issuer string, lines *bufio.Scanner) error {
	ctx := context.Background()
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return err
	}
	config := oauth2.Config{
		ClientID:     "web",
		ClientSecret: "web-secret",
		RedirectURL:  "http://localhost:5555/callback",
		Endpoint:     provider.Endpoint(),
		Scopes:       []string{oidc.ScopeOpenID, "email"},
	}
	state, nonce, verifier := oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	answer, err := person(config.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), lines)
	if err != nil {
		return err
	}
	if answer.Get("state") != state {
		return errors.New("state did not match")
	}
	token, err := config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return err
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return errors.New("no id_token field in oauth2 token")
	}
	idToken, err := provider.Verifier(&oidc.Config{ClientID: config.ClientID}).Verify(ctx, raw)
	if err != nil {
		return err
	}
	if idToken.Nonce != nonce {
		return errors.New("nonce did not match")
	}
	_, err = provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	return err
}

func person(address string, lines *bufio.Scanner) (url.Values, error) {
	json.NewEncoder(os.Stdout).Encode(map[string]string{"open": address})
	var ended struct {
		Address string `json:"address"`
	}
	if !lines.Scan() {
		return nil, errors.New("nobody is at a browser")
	}
	if err := json.Unmarshal(lines.Bytes(), &ended); err != nil {
		return nil, err
	}
	back, err := url.Parse(ended.Address)
	if err != nil {
		return nil, err
	}
	return back.Query(), nil
}

func tell(err error) {
	answer := map[string]string{}
	if err != nil {
		answer["error"] = err.Error()
	}
	json.NewEncoder(os.Stdout).Encode(answer)
}
