package people_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/run/testdb"
)

// pairs gives a patient a phone that was seen so many days ago; with an address it is pushed to.
func (r register) pairs(patient id.Patient, phone id.Device, daysAgo int, address any) {
	row := testdb.Row{"id": phone, "patient_id": patient, "last_seen_at": r.Clock.Now().AddDate(0, 0, -daysAgo),
		"push_address": address, "time_zone": ""}
	if address != nil {
		row["push_kind"] = "fcm"
	}
	r.Insert("devices", row)
}

// addresses shows where each phone is pushed to; "-" is nowhere.
func (r register) addresses() (all map[string]string) {
	all = map[string]string{}
	r.Read(func(tx *database.Tx) error {
		var rows []struct{ ID, Address string }
		err := tx.All(&rows, "SELECT id, COALESCE(push_address, '-') AS address FROM devices")
		for _, row := range rows {
			all[row.ID] = row.Address
		}
		return err
	})
	return all
}

// A phone that was seen or is gone is that phone.
func TestAPhoneIsSeenAlone(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		for phone, patient := range map[id.Device]id.Patient{"d1": testdb.Anna, "d2": testdb.Anna, "d3": testdb.Anna,
			"d4": testdb.Bert} {
			r.pairs(patient, phone, 1+int(phone[1]-'0'), "to-"+string(phone))
		}
		r.Write(func(tx *database.Tx) error { return people.Directory{}.DeviceSeen(tx, "d2") })
		r.Write(func(tx *database.Tx) error { return people.Directory{}.DeviceGone(tx, "d3") })
		devices, err := r.Devices(context.Background(), r.AsPatient(testdb.Anna))
		require.NoError(t, err)
		require.Equal(
			t, []id.Device{"d2", "d1"}, devicesOf(devices), "those that are not gone, the one seen last first",
		)
		require.Equal(t, map[string]string{"d1": "to-d1", "d2": "to-d2", "d3": "-", "d4": "to-d4"}, r.addresses())
	})
}

func devicesOf(devices []people.Device) (ids []id.Device) {
	for _, d := range devices {
		ids = append(ids, d.ID)
	}
	return ids
}

// Registering one phone moves its address here from any other phone, and leaves the rest.
func TestRegisteringAPhone(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		r.pairs(testdb.Anna, "d1", 0, "old")
		r.pairs(testdb.Anna, "d2", 0, "second")
		r.pairs(testdb.Bert, "d3", 0, "shared")
		r.pairs(testdb.Bert, "d4", 0, "fourth")
		r.pairs(testdb.Anna, "d5", 0, nil)
		r.Write(func(tx *database.Tx) error { return people.Directory{}.DeviceGone(tx, "d5") })
		register := func(phone id.Device, address string) error {
			return r.RegisterPush(context.Background(), r.AsPatient(testdb.Anna), people.PushTarget{Device: phone,
				Kind: "fcm", Address: address})
		}
		require.NoError(t, register("d1", "shared"))
		require.Equal(t, map[string]string{"d1": "shared", "d2": "second", "d3": "-", "d4": "fourth", "d5": "-"},
			r.addresses())
		require.ErrorIs(t, register("d4", "fifth"), people.ErrNotFound, "somebody else's")
		require.ErrorIs(t, register("d5", "fifth"), people.ErrNotFound, "one that is gone")
		require.NoError(t, r.UnregisterPush(context.Background(), r.AsPatient(testdb.Anna), "d2"))
		require.Equal(
			t, map[string]string{"d1": "shared", "d2": "-", "d3": "-", "d4": "fourth", "d5": "-"}, r.addresses(),
		)
	})
}

// Messages go to phones that have an address and were seen in the last 60 days, the one seen last first.
func TestWhereMessagesGo(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		r.pairs(testdb.Anna, "d1", 59, "a1")
		r.pairs(testdb.Anna, "d2", 0, "a2")
		r.pairs(testdb.Anna, "d3", 60, "a3")
		r.pairs(testdb.Anna, "d4", 0, nil)
		r.pairs(testdb.Anna, "d5", 0, "a5")
		r.pairs(testdb.Bert, "d6", 0, "a6")
		r.Write(func(tx *database.Tx) error { // a registration that outlived its phone
			_, err := tx.Exec("UPDATE devices SET revoked_at = 1 WHERE id = 'd5'")
			return err
		})
		r.Read(func(tx *database.Tx) error {
			targets, err := people.PushTargets(tx, []id.Patient{testdb.Anna, testdb.Carla})
			require.Len(t, targets, 1)
			require.Len(t, targets[testdb.Anna], 2)
			require.Equal(
				t, []string{"a2", "a1"}, []string{targets[testdb.Anna][0].Address, targets[testdb.Anna][1].Address},
			)
			return err
		})
	})
}

// A dead address is forgotten on its own phone, unless the phone has another one by now.
func TestForgettingADeadAddress(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		r.pairs(testdb.Anna, "d1", 0, "dead")
		r.pairs(testdb.Anna, "d2", 0, "new")
		r.pairs(testdb.Bert, "d3", 0, "other")
		for phone, address := range map[id.Device]string{"d1": "dead", "d2": "dead before", "d3": "new"} {
			r.Write(func(tx *database.Tx) error { return people.ForgetPushAddress(tx, phone, address) })
		}
		require.Equal(t, map[string]string{"d1": "-", "d2": "new", "d3": "other"}, r.addresses())
	})
}

// Phones without contact for 60 days are forgotten, of the patients asked about.
func TestForgettingIdlePhones(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		r.pairs(testdb.Anna, "d1", 60, "idle")
		r.pairs(testdb.Anna, "d2", 59, "in contact")
		r.pairs(testdb.Bert, "d3", 60, "idle too")
		r.Write(func(tx *database.Tx) error { return people.ForgetIdle(tx, []id.Patient{testdb.Anna}) })
		require.Equal(t, map[string]string{"d1": "-", "d2": "in contact", "d3": "idle too"}, r.addresses())
	})
}

// A patient was last in contact when any phone was.
func TestLastContact(t *testing.T) {
	inRegister(t, func(t *testing.T, r register) {
		r.pairs(testdb.Anna, "d1", 5, nil)
		r.pairs(testdb.Anna, "d2", 2, nil)
		r.pairs(testdb.Anna, "d3", 4, nil)
		r.pairs(testdb.Carla, "d4", 0, nil)
		r.Read(func(tx *database.Tx) error {
			contacts, err := people.LastContact(tx, []id.Patient{testdb.Anna, testdb.Bert})
			require.Equal(t, map[id.Patient]time.Time{testdb.Anna: r.Clock.Now().AddDate(0, 0, -2)}, contacts)
			return err
		})
	})
}
