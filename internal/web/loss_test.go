package web_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/run/testkit"
)

// loses begins an epoch, as after a failover; so many commits may be missing.
func loses(t *testing.T, sys *testkit.System, missing int) {
	t.Helper()
	require.NoError(t, sys.App.DB.Renew(context.Background(), sys.App.DB.Epoch().ID))
	sys.ExpectedErrors()
	require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec("UPDATE epochs SET missing = ?, since = ? WHERE id = ?", missing,
			database.At(sys.Clock.Now()), sys.App.DB.Epoch().ID)
		return err
	}))
}

// After a loss every admin reads on every page how much may be missing, in both languages, until one of the
// practice has read it or 14 days have passed. Nobody else does, and nobody else ends it.
func TestAdminsHearOfALoss(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	_, elsewhere := sys.NewPractice("Praktijk Zuid")
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	admin, other, treats := newBrowser(t, sys), newBrowser(t, sys), newBrowser(t, sys)
	admin.signIn(sys.Admin.Email)
	other.signIn(elsewhere.Email)
	treats.signIn(therapist.Email)
	const notice, dutch = "went back to an earlier moment", "teruggezet naar een eerder moment"
	require.NotContains(t, admin.get("/caseload").body, notice)

	loses(t, sys, 12)
	page := admin.get("/practice").body
	require.Contains(t, page, notice)
	require.Contains(t, page, "12 changes may be missing. This is about what was saved after Mon 2 Mar 09:00 UTC")
	require.Contains(t, other.get("/caseload").body, notice)
	require.NotContains(t, treats.get("/caseload").body, notice)
	admin.send("POST", "/appearance", url.Values{"language": {"nl"}})
	require.Contains(t, admin.get("/caseload").body, dutch)
	admin.send("POST", "/appearance", url.Values{"language": {"en"}})

	epoch := sys.App.DB.Epoch().ID
	read := func(b *browser, epoch string) int {
		form := formWord.FindStringSubmatch(b.get("/caseload").body)[1]
		return b.send(
			"POST", "/loss/dismissal", url.Values{"form": {form}, "epoch": {epoch}, "back": {"/practice"}},
		).status
	}
	require.Equal(t, http.StatusForbidden, read(treats, epoch))
	require.Equal(t, http.StatusNotFound, read(admin, "no such epoch"))
	require.Contains(t, admin.get("/caseload").body, notice)
	require.Equal(t, http.StatusSeeOther, read(admin, epoch))
	require.Equal(t, http.StatusSeeOther, read(admin, epoch), "again")
	require.NotContains(t, admin.get("/caseload").body, notice)
	require.Contains(t, other.get("/caseload").body, notice, "the other practice has not read it")

	loses(t, sys, 3)
	require.Contains(t, admin.get("/caseload").body, "3 changes may be missing", "another loss is told again")
	loses(t, sys, 0)
	require.Contains(t, admin.get("/caseload").body, "3 changes may be missing", "one that lost nothing hides none")
	sys.Clock.Set(sys.Clock.Now().AddDate(0, 0, 15))
	admin.signIn(sys.Admin.Email)
	require.NotContains(t, admin.get("/caseload").body, notice, "after 14 days")
}

// Losses that nobody has read about are told together, from the first on. What
// another server missed is said to be that.
func TestLossesAreToldTogether(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	admin := newBrowser(t, sys)
	admin.signIn(sys.Admin.Email)
	loses(t, sys, 12)
	sys.Clock.Set(sys.Clock.Now().AddDate(0, 0, 1))
	loses(t, sys, 3)
	admin.signIn(sys.Admin.Email)
	require.Contains(
		t, admin.get("/caseload").body,
		"15 changes may be missing. This is about what was saved after Mon 2 Mar 09:00 UTC",
	)
	loses(t, sys, 1)
	require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec(
			"UPDATE epochs SET missing = NULL, since = NULL, reason = 'replaced' WHERE id = ?", sys.App.DB.Epoch().ID,
		)
		return err
	}))
	page := admin.get("/caseload").body
	require.Contains(t, page, "Another database server took over")
	require.Contains(t, page, "We do not know how many.")
	require.NotContains(t, page, "This is about what was saved", "what the last one misses may be older")
	admin.send("POST", "/appearance", url.Values{"language": {"nl"}})
	require.Contains(t, admin.get("/caseload").body, "Een andere databaseserver heeft het overgenomen")
}

// A notice that cannot be read takes nobody's page away, least of all the one that says what is wrong. Once no loss
// can be told any more nobody asks for one.
func TestAPageWithoutItsNotice(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	admin := newBrowser(t, sys)
	admin.signIn(sys.Admin.Email)
	loses(t, sys, 12)
	require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec("ALTER TABLE loss_dismissals RENAME TO gone")
		return err
	}))
	page := admin.get("/practice")
	require.Equal(t, http.StatusOK, page.status)
	require.NotContains(t, page.body, "moment")
	page = admin.get("/patients/" + sys.NewID())
	require.Equal(t, http.StatusNotFound, page.status)
	require.Contains(t, page.body, "<html")
	require.Contains(t, sys.Log(), "the notice of a loss")
	sys.ExpectedErrors()
	sys.Clock.Set(sys.Clock.Now().AddDate(0, 0, 15))
	admin.signIn(sys.Admin.Email)
	require.Equal(t, http.StatusOK, admin.get("/practice").status)
	require.NotContains(t, sys.Log(), "the notice of a loss")
}
