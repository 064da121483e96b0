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
	"cadans/internal/run/testdb"
)

// register is who is known in a town.
type register struct {
	*testdb.Town
	*people.Service
	t *testing.T
}

func inRegister(t *testing.T, promise func(*testing.T, register)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		promise(t, register{town, people.NewService(town.Guard, nil), t})
	})
}

// Everybody finds themselves, with their own practice.
func TestSelf(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		for _, v := range []access.Viewer{
			r.AsPatient(testdb.Anna), r.AsPatient(testdb.Bert), r.AsPatient(testdb.Carla),
		} {
			self, err := r.Self(context.Background(), v)
			require.NoError(t, err)
			require.Equal(t, v.Patient, self.Patient.ID)
			require.Equal(t, map[id.Practice]string{testdb.North: "Noord", testdb.Elsewhere: "Elders"}[v.Practice],
				self.PracticeName)
		}
		for _, member := range []id.Member{testdb.Adri, testdb.Elsa, testdb.Tess, testdb.Tom} {
			self, err := r.Self(context.Background(), r.AsMember(member))
			require.NoError(t, err)
			require.Equal(t, member, self.Member.ID)
		}
	})
}

// Lists are in order, and end at the practice or at the treatment.
func TestListsOfPeople(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		members, err := r.Members(context.Background(), r.AsMember(testdb.Adri))
		require.NoError(t, err)
		require.Equal(t, []id.Member{testdb.Adri, testdb.Tess, testdb.Tom}, idsOf(members))
		all := []id.Patient{testdb.Anna, testdb.Bert, testdb.Carla}
		r.Read(func(tx *database.Tx) error {
			scope := func(member id.Member) []people.Patient {
				found, err := people.InScope(tx, r.AsMember(member), access.GetCaseload)
				require.NoError(t, err)
				return found
			}
			require.Equal(t, all[:2], people.IDs(scope(testdb.Adri)), "an admin's")
			require.Equal(t, all[:2], people.IDs(scope(testdb.Tess)), "a therapist's")
			require.Equal(t, all[:1], people.IDs(scope(testdb.Tom)), "one's who treats few")
			require.Equal(t, all[2:], people.IDs(scope(testdb.Elsa)), "of another practice")
			found, err := people.OfPractice(tx, testdb.North)
			require.Equal(t, all[:2], people.IDs(found))
			require.NoError(t, err)
			found, err = people.ByIDs(tx, []id.Patient{testdb.Carla, testdb.Anna})
			require.Equal(t, []id.Patient{testdb.Anna, testdb.Carla}, people.IDs(found))
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
		ctx, adri := context.Background(), r.AsMember(testdb.Adri)
		therapists := func(patient id.Patient) []id.Member {
			p, err := r.Patient(ctx, adri, patient)
			require.NoError(t, err)
			require.Equal(t, patient, p.ID)
			return p.Therapists
		}
		require.Equal(
			t, []id.Member{testdb.Tess, testdb.Tom}, therapists(testdb.Anna), "in the order in which they began",
		)
		require.Equal(t, []id.Member{testdb.Tess}, therapists(testdb.Bert))
		require.ErrorIs(t, r.Assign(ctx, adri, testdb.Bert, testdb.Elsa), people.ErrNotFound)
		require.NoError(t, r.Assign(ctx, adri, testdb.Bert, testdb.Tom))
		require.NoError(t, r.Unassign(ctx, adri, testdb.Anna, testdb.Tess))
		require.Equal(t, []id.Member{testdb.Tom}, therapists(testdb.Anna))
		require.ElementsMatch(t, []id.Member{testdb.Tess, testdb.Tom}, therapists(testdb.Bert))
		r.Read(func(tx *database.Tx) error {
			for _, tc := range []struct {
				member  id.Member
				patient id.Patient
				want    bool
			}{
				{testdb.Tom, testdb.Anna, true}, {testdb.Tess, testdb.Anna, false},
				{testdb.Elsa, testdb.Anna, false},
				{testdb.Elsa, testdb.Carla, true},
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
			for patient, practice := range map[id.Patient]id.Practice{testdb.Anna: testdb.North,
				testdb.Carla: testdb.Elsewhere, "p-nobody": ""} {
				got, err := d.PracticeOf(tx, patient)
				require.NoError(t, err)
				require.Equal(t, practice, got)
			}
			for _, member := range []id.Member{testdb.Adri, testdb.Elsa, testdb.Tess, testdb.Tom} {
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
		ctx, anna := context.Background(), r.AsPatient(testdb.Anna)
		_, err := r.SetPhase(ctx, r.AsMember(testdb.Tess), testdb.Anna, people.Prevention)
		require.NoError(t, err)
		wanted, err := r.Preferences(ctx, anna)
		require.NoError(t, err)
		based := wanted.Version()
		wanted.Language = people.English
		require.NoError(t, r.SetPreferences(ctx, anna, wanted, based))
		r.Read(func(tx *database.Tx) error {
			found, err := people.ByIDs(tx, []id.Patient{testdb.Anna, testdb.Bert, testdb.Carla})
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
			p, created, err := r.CreatePatient(context.Background(), r.AsMember(testdb.Tess), n)
			require.NoError(t, err)
			require.Equal(t, want, created)
			require.Equal(t, "Aaron", p.Name)
		}
		n.ID = testdb.Bert
		_, _, err := r.CreatePatient(context.Background(), r.AsMember(testdb.Tess), n)
		require.True(t, errors.Is(err, database.ErrIDReused), err)
	})
}
