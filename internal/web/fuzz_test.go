package web

import (
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Wherever somebody is led after signing in is a page of ours on this host.
func FuzzWhereToGo(f *testing.F) {
	s := &site{readable: []string{"/caseload", "/patients/:id", "/practice"}}
	for seed, accepted := range map[string]bool{
		"/caseload": true, "/patients/p-1": true, "/caseload?find=1": true,
		"": false, "//evil.example/caseload": false, "/\\evil.example": false, "/\t/evil.example": false,
		"https://evil.example/caseload": false, "/sign-out": false, "/": false, "caseload": false,
	} {
		require.Equal(f, accepted, s.isOurPage(seed), "%q", seed)
		f.Add(seed)
	}
	here := &url.URL{Scheme: "https", Host: "cadans.example", Path: "/sign-in"}
	f.Fuzz(func(t *testing.T, address string) {
		if !s.isOurPage(address) {
			return
		}
		relative, err := url.Parse(address)
		if err != nil {
			return // a browser writes it differently, but begins with one slash as well
		}
		there := here.ResolveReference(relative)
		require.Equal(t, here.Host, there.Host, "%q", address)
		require.Equal(t, here.Scheme, there.Scheme, "%q", address)
		require.False(t, slices.Contains(notReturnable, there.Path), "%q", address)
	})
}
