package proposal_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/rules/proposal"
	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// A proposal is decided alone: not another for the patient, and not another patient's with the same id.
func TestAProposalIsDecidedAlone(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		service := proposal.NewService(town.Guard, nil, nil)
		ctx, tess := context.Background(), town.AsMember(testdb.Tess)
		for _, patient := range []id.Patient{testdb.Bert, testdb.Anna} {
			town.Insert("intakes", testdb.Row{"patient_id": patient, "id": "in", "number": 1, "answers": "{}",
				"submitted_on": "2026-03-01"})
			for i, as := range []id.Proposal{"p1", "p2", "p3"} {
				town.Insert("program_proposals", testdb.Row{
					"patient_id": patient, "id": as, "intake_id": "in", "composition": "{}", "propensity": 1,
					"proposed_by": testdb.Tess,
					"proposed_at": town.Clock.Now().Add(time.Duration(i) * time.Minute),
				})
			}
		}
		outcomes := func(patient id.Patient) (all []string) {
			proposals, err := service.List(ctx, tess, patient)
			require.NoError(t, err)
			for _, p := range proposals {
				outcome := "open"
				if p.Decision != nil {
					outcome = string(p.Decision.Outcome)
				}
				all = append(all, string(p.ID)+" "+outcome)
			}
			return all
		}
		p, err := service.Decide(
			ctx, tess, testdb.Anna, "p2", proposal.Choice{Outcome: proposal.Refused, Reason: "not yet"},
		)
		require.NoError(t, err)
		require.Equal(t, id.Proposal("p2"), p.ID)
		require.Equal(t, []string{"p3 open", "p2 refused", "p1 open"}, outcomes(testdb.Anna))
		require.Equal(t, []string{"p3 open", "p2 open", "p1 open"}, outcomes(testdb.Bert))
	})
}
