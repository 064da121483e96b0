package simulate

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/session"
	"cadans/internal/rules/reminder"
	"cadans/pkg/localtime"
)

// day simulates one day.
func (r *run) day(ctx context.Context, day int) error {
	week, date := &r.result.Weeks[day/7], r.start.AddDays(day)
	r.clock.Set(r.at(day, 6*60))
	if err := r.contact(ctx); err != nil {
		return err
	}
	if day%7 == 0 {
		week.Asked = quota * len(r.persons)
	}
	for minute := 7 * 60; minute <= 22*60+30; minute += tick {
		r.clock.Set(r.at(day, minute))
		if err := r.exercise(ctx, date, minute, week); err != nil {
			return err
		}
		if err := r.remind(ctx, date, minute, week); err != nil {
			return err
		}
	}
	return nil
}

// contact: most phones sync in the night.
func (r *run) contact(ctx context.Context) error {
	return r.app.DB.Write(ctx, func(tx *database.Tx) error {
		for _, p := range r.persons {
			if r.random.IntN(10) == 0 {
				continue
			}
			if err := (people.Directory{}).DeviceSeen(tx, p.viewer.Device); err != nil {
				return err
			}
		}
		return nil
	})
}

// exercise logs the sessions done since the last tick.
func (r *run) exercise(ctx context.Context, date localtime.Date, minute int, week *Week) error {
	for _, p := range r.persons {
		today := p.on(date, r.weekOf(date))
		if !today.does || today.done || today.minute > minute {
			continue
		}
		err := r.log(ctx, p, date, localtime.Resolve(date, localtime.TimeOfDay(today.minute), r.zone), week)
		if err != nil {
			return err
		}
	}
	now := r.clock.Now()
	for _, f := range r.later {
		if f.at.After(now) {
			continue
		}
		if err := r.log(ctx, f.person, date, f.at, week); err != nil {
			return err
		}
	}
	r.later = slices.DeleteFunc(r.later, func(f follow) bool { return !f.at.After(now) })
	return nil
}

func (r *run) log(ctx context.Context, p *person, date localtime.Date, performed time.Time, week *Week) error {
	today := p.plans[date]
	if today.done {
		return nil
	}
	today.done = true
	p.plans[date] = today
	week.Sessions++
	c := session.Content{
		PerformedAt: performed,
		Zone:        r.zone.String(),
		LocalDate:   date,
		Version:     p.version.ID,
		Status:      session.Completed,
	}
	for _, item := range p.version.Items {
		c.Items = append(c.Items, session.ItemDone{Item: item.ID, Sets: &item.Dose.Sets, Reps: &item.Dose.Reps})
	}
	_, _, err := r.app.Sessions.Log(ctx, p.viewer, id.Session(r.newID()), session.Told{Content: c})
	return err
}

// dailyAt is when the fixed policy pushes.
const dailyAt = 9 * 60

// remind lets the policy send pushes, and lets people respond.
func (r *run) remind(ctx context.Context, date localtime.Date, minute int, week *Week) error {
	r.inbox = nil
	switch r.Policy {
	case Ours, Learn:
		if err := r.app.Sweeper.Sweep(ctx); err != nil {
			return err
		}
		if err := r.note(ctx); err != nil {
			return err
		}
	case Daily:
		for _, p := range r.persons {
			if minute == dailyAt && !p.gone {
				r.inbox = append(
					r.inbox, reminder.Message{Kind: reminder.Cue, Target: people.PushTarget{Address: p.address}},
				)
			}
		}
	}
	slices.SortFunc(r.inbox, func(a, b reminder.Message) int { // phones do not answer in the order of goroutines
		return slices.Compare([]byte(a.Target.Address), []byte(b.Target.Address))
	})
	for _, m := range r.inbox {
		if err := r.receive(ctx, m, date, week); err != nil {
			return err
		}
	}
	return nil
}

// receive simulates how a person responds to a push.
func (r *run) receive(ctx context.Context, m reminder.Message, date localtime.Date, week *Week) error {
	p := r.byAddress[m.Target.Address]
	opened := p.random.Float64() < p.openChance(date)
	acts := opened && p.random.Float64() < p.acts*fading(r.weekOf(date))*persuades[r.said[m.Slot]]
	p.pushes = append(p.pushes, date)
	week.Pushes++
	if !opened {
		week.Ignored++
		return r.tire(ctx, p, date)
	}
	if today := p.plans[date]; acts && !today.done && !today.does {
		r.later = append(r.later, follow{p, r.clock.Now().Add(time.Duration(10+p.random.IntN(100)) * time.Minute)})
	}
	if !r.Policy.isOurs() {
		return nil
	}
	return r.app.Reminders.Receive(ctx, p.viewer, m.Slot, reminder.Opened, r.clock.Now())
}

// tire lets a person who gets too many pushes turn them off one day.
func (r *run) tire(ctx context.Context, p *person, date localtime.Date) error {
	if p.recent(date) <= tiring || p.random.IntN(50) > 0 {
		return nil
	}
	p.gone = true
	r.result.TurnedOff++
	if r.Policy.isOurs() {
		return r.set(ctx, p, turnOff)
	}
	return nil
}

// note adds the true effects of the decisions of this tick.
func (r *run) note(ctx context.Context) error {
	return r.app.DB.Read(ctx, func(tx *database.Tx) error {
		now := r.clock.Now()
		return tx.Rows("SELECT id, patient_id, kind, arms, arm FROM reminder_decisions "+
			"WHERE decided_at = ? AND arm <> ''", []any{database.At(now)},
			func(rows *sql.Rows) error {
				var slot id.Slot
				var patient id.Patient
				var kind reminder.Kind
				var arm reminder.Arm
				var arms []byte
				if err := rows.Scan(&slot, &patient, &kind, &arms, &arm); err != nil {
					return err
				}
				r.said[slot] = arm
				var chances []reminder.Chance
				if err := json.Unmarshal(arms, &chances); err != nil || chances[0].Permille == 0 {
					return err
				}
				r.result.add(kind, chances, arm, r.adds(r.byID[patient], now))
				return nil
			})
	})
}

// add counts a decision for every arm about which it is informative, as the estimate does.
func (r Result) add(kind reminder.Kind, chances []reminder.Chance, chosen reminder.Arm, effect float64) {
	for _, c := range chances[1:] {
		if c.Permille == 0 || chosen != c.Arm && chosen != reminder.Nothing {
			continue
		}
		way := Way{kind, c.Arm}
		truth := r.Truth[way]
		truth.Decisions++
		truth.Effect += effect * persuades[c.Arm]
		r.Truth[way] = truth
	}
}

// adds returns how much sending now, with the plain wording, raises the probability of a session within a day.
func (r *run) adds(p *person, now time.Time) float64 {
	date := localtime.Today(now, r.zone)
	if p.anyway(now, r.zone, r.weekOf) {
		return 0
	}
	today := p.on(date, r.weekOf(date))
	if today.done {
		return 0
	}
	return p.openChance(date) * p.acts * fading(r.weekOf(date))
}
