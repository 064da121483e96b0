package people_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/run/testkit"
)

// register is who is known in a town.
type register struct {
	*testkit.Town
	*people.Service
	t *testing.T
}

func inRegister(t *testing.T, promise func(*testing.T, register)) {
	t.Helper()
	testkit.InTown(t, func(t *testing.T, town *testkit.Town) {
		promise(t, register{town, people.NewService(town.Guard, nil), t})
	})
}

// Everybody finds themselves, with their own practice.
func TestSelf(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		for _, v := range []access.Viewer{
			r.AsPatient(testkit.Anna), r.AsPatient(testkit.Bert), r.AsPatient(testkit.Carla),
		} {
			self, err := r.Self(context.Background(), v)
			require.NoError(t, err)
			require.Equal(t, v.Patient, self.Patient.ID)
			require.Equal(t, map[id.Practice]string{testkit.North: "Noord", testkit.Elsewhere: "Elders"}[v.Practice],
				self.PracticeName)
		}
		for _, member := range []id.Member{testkit.Adri, testkit.Elsa, testkit.Tess, testkit.Tom} {
			self, err := r.Self(context.Background(), r.AsMember(member))
			require.NoError(t, err)
			require.Equal(t, member, self.Member.ID)
		}
	})
}

// Lists are in order, and end at the practice or at the treatment.
func TestListsOfPeople(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		members, err := r.Members(context.Background(), r.AsMember(testkit.Adri))
		require.NoError(t, err)
		require.Equal(t, []id.Member{testkit.Adri, testkit.Tess, testkit.Tom}, idsOf(members))
		all := []id.Patient{testkit.Anna, testkit.Bert, testkit.Carla}
		r.Read(func(tx *database.Tx) error {
			scope := func(member id.Member) []people.Patient {
				found, err := people.InScope(tx, r.AsMember(member), access.GetCaseload)
				require.NoError(t, err)
				return found
			}
			require.Equal(t, all[:2], people.IDs(scope(testkit.Adri)), "an admin's")
			require.Equal(t, all[:2], people.IDs(scope(testkit.Tess)), "a therapist's")
			require.Equal(t, all[:1], people.IDs(scope(testkit.Tom)), "one's who treats few")
			require.Equal(t, all[2:], people.IDs(scope(testkit.Elsa)), "of another practice")
			found, err := people.OfPractice(tx, testkit.North)
			require.Equal(t, all[:2], people.IDs(found))
			require.NoError(t, err)
			found, err = people.ByIDs(tx, []id.Patient{testkit.Carla, testkit.Anna})
			require.Equal(t, []id.Patient{testkit.Anna, testkit.Carla}, people.IDs(found))
			require.NoError(t, err)
			everybody, err := people.Everybody(tx)
			require.Equal(t, all, everybody)
			return err
		})
	})
}

func idsOf(members []people.Member) (ids []id.Member) {
	for _, m := range members {
		ids = append(ids, m.ID)
	}
	return ids
}

// Who treats a patient is asked and changed for that patient and that therapist, and only within the practice.
func TestTreatments(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		ctx, adri := context.Background(), r.AsMember(testkit.Adri)
		therapists := func(patient id.Patient) []id.Member {
			p, err := r.Patient(ctx, adri, patient)
			require.NoError(t, err)
			require.Equal(t, patient, p.ID)
			return p.Therapists
		}
		require.Equal(
			t, []id.Member{testkit.Tess, testkit.Tom}, therapists(testkit.Anna), "in the order in which they began",
		)
		require.Equal(t, []id.Member{testkit.Tess}, therapists(testkit.Bert))
		require.ErrorIs(t, r.Assign(ctx, adri, testkit.Bert, testkit.Elsa), people.ErrNotFound)
		require.NoError(t, r.Assign(ctx, adri, testkit.Bert, testkit.Tom))
		require.NoError(t, r.Unassign(ctx, adri, testkit.Anna, testkit.Tess))
		require.Equal(t, []id.Member{testkit.Tom}, therapists(testkit.Anna))
		require.ElementsMatch(t, []id.Member{testkit.Tess, testkit.Tom}, therapists(testkit.Bert))
		r.Read(func(tx *database.Tx) error {
			for _, tc := range []struct {
				member  id.Member
				patient id.Patient
				want    bool
			}{
				{testkit.Tom, testkit.Anna, true}, {testkit.Tess, testkit.Anna, false},
				{testkit.Elsa, testkit.Anna, false},
				{testkit.Elsa, testkit.Carla, true},
			} {
				treats, err := people.Directory{}.Treats(tx, tc.member, tc.patient)
				require.NoError(t, err)
				require.Equal(t, tc.want, treats, "%s %s", tc.member, tc.patient)
			}
			return nil
		})
	})
}

// What the kernel asks about a person is answered about that person.
func TestTheDirectoryAnswersAboutOnePerson(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		r.Read(func(tx *database.Tx) error {
			var d people.Directory
			for patient, practice := range map[id.Patient]id.Practice{testkit.Anna: testkit.North,
				testkit.Carla: testkit.Elsewhere, "p-nobody": ""} {
				got, err := d.PracticeOf(tx, patient)
				require.NoError(t, err)
				require.Equal(t, practice, got)
			}
			for _, member := range []id.Member{testkit.Adri, testkit.Elsa, testkit.Tess, testkit.Tom} {
				email, err := d.EmailOf(tx, member)
				require.NoError(t, err)
				require.Equal(t, string(member)+"@praktijk.example", email)
				credentials, err := d.Credentials(tx, email)
				require.NoError(t, err)
				require.Equal(t, member, credentials.Member)
			}
			_, err := d.Credentials(tx, "nobody@praktijk.example")
			require.ErrorIs(t, err, people.ErrNotFound)
			return nil
		})
	})
}

// A change of phase or wishes is one patient's.
func TestAPatientIsChangedAlone(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		ctx, anna := context.Background(), r.AsPatient(testkit.Anna)
		_, err := r.SetPhase(ctx, r.AsMember(testkit.Tess), testkit.Anna, people.Prevention)
		require.NoError(t, err)
		wanted, err := r.Preferences(ctx, anna)
		require.NoError(t, err)
		based := wanted.Version()
		wanted.Language = people.English
		require.NoError(t, r.SetPreferences(ctx, anna, wanted, based))
		r.Read(func(tx *database.Tx) error {
			found, err := people.ByIDs(tx, []id.Patient{testkit.Anna, testkit.Bert, testkit.Carla})
			for i, want := range []string{"prevention en", "treatment nl", "treatment nl"} {
				require.Equal(t, want, string(found[i].Phase)+" "+string(found[i].Language), found[i].ID)
			}
			return err
		})
	})
}

// A registration that is sent again is told from others by its id.
func TestARegistrationSentAgain(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		n := people.NewPatient{ID: "p-aaron", Name: "Aaron", BirthYear: 1980, Complaint: "neck", Language: people.Dutch,
			Zone: "Europe/Amsterdam"}
		for _, want := range []bool{true, false} {
			p, created, err := r.CreatePatient(context.Background(), r.AsMember(testkit.Tess), n)
			require.NoError(t, err)
			require.Equal(t, want, created)
			require.Equal(t, "Aaron", p.Name)
		}
		n.ID = testkit.Bert
		_, _, err := r.CreatePatient(context.Background(), r.AsMember(testkit.Tess), n)
		require.True(t, errors.Is(err, database.ErrIDReused), err)
	})
}
