package alert

import (
	"context"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/record/people"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// Digest is what a therapist is told once a day, at an hour that the practice chooses: alerts that opened or got a
// reason since the previous digest. Only urgent alerts are announced immediately.
type Digest struct {
	Date         localtime.Date
	Since, Until time.Time
	New          []Alert         // neither resolved nor snoozed now
	Open         map[Urgency]int // all open alerts, new or not
	AsOf         time.Time
}

// Digest returns the viewer's latest digest.
func (s *Service) Digest(ctx context.Context, v access.Viewer) (Digest, error) {
	return access.Read(ctx, s.guard, v.InScope(access.GetAlertDigest), func(tx *database.Tx) (Digest, error) {
		limits, err := settings.Of(tx, v.Practice)
		if err != nil {
			return Digest{}, err
		}
		d, err := window(tx.Now(), limits)
		if err != nil {
			return Digest{}, err
		}
		patients, err := people.InScope(tx, v, access.GetAlertDigest)
		if err != nil {
			return Digest{}, err
		}
		alerts, err := unresolved(tx, people.IDs(patients))
		d.add(alerts, tx.Now())
		return d, err
	})
}

// window returns an empty digest of the last day whose hour has come.
func window(now time.Time, limits settings.Settings) (Digest, error) {
	zone, err := localtime.LoadZone(limits.Zone)
	if err != nil {
		return Digest{}, err
	}
	date := localtime.Today(now, zone)
	if now.Before(localtime.Resolve(date, limits.DigestAt, zone)) {
		date = date.AddDays(-1)
	}
	return Digest{
		Date:  date,
		Since: localtime.Resolve(date.AddDays(-1), limits.DigestAt, zone),
		Until: localtime.Resolve(date, limits.DigestAt, zone),
		Open:  map[Urgency]int{},
		AsOf:  now,
	}, nil
}

func (d *Digest) add(alerts []Alert, now time.Time) {
	for _, a := range alerts {
		if a.State(now) != Open {
			continue
		}
		d.Open[a.Urgency]++
		if !a.UpdatedAt.Before(d.Since) && a.UpdatedAt.Before(d.Until) {
			d.New = append(d.New, a)
		}
	}
	slices.SortStableFunc(d.New, byUrgency)
}
