// Command elsewhere is a program of somebody else, in a module of its own, that uses the client: it prints how many
// patients of a practice need attention. Until the project has a public address, go.mod says where it is.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"cadans/pkg/client"
)

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, server, email, password string) error {
	api, err := client.NewClientWithResponses(server)
	if err != nil {
		return err
	}
	signedIn, err := api.LogInWithResponse(ctx, client.LogIn{Email: email, Password: password})
	if err != nil {
		return err
	}
	if signedIn.JSON201 == nil {
		return fmt.Errorf("log in: %s", signedIn.Status())
	}
	caseload, err := api.GetCaseloadWithResponse(ctx, &client.GetCaseloadParams{}, bearer(signedIn.JSON201.AccessToken))
	if err != nil {
		return err
	}
	if caseload.JSON200 == nil {
		return fmt.Errorf("caseload: %s", caseload.Status())
	}
	waiting := 0
	for _, row := range caseload.JSON200.Data {
		if row.NeedsAttention {
			waiting++
		}
	}
	fmt.Println(waiting, "of", len(caseload.JSON200.Data), "need attention")
	return nil
}

// bearer sends the token of whoever is signed in.
func bearer(token string) client.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
}
