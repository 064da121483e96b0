package auth

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/text"
)

// Wrong tries are counted in the database, so that replicas share the limits. Every count decays: a caller who stops
// guessing may try again, at the latest after the window.
//
// Nobody can lock a member out from elsewhere: guesses at an account count per network. All guesses at an account
// together have a limit too, but it does not apply to a browser that has signed in to the account before; such a
// browser has a limit of its own.
var (
	guessLimit   = limit{name: "guess", tries: 5, window: 15 * time.Minute} // at an account, from a network
	accountLimit = limit{name: "account", tries: 50, window: time.Hour}     // at an account, from everywhere
	browserLimit = limit{name: "browser", tries: 10, window: 30 * time.Minute}
	networkLimit = limit{name: "network", tries: 30, window: time.Hour} // at any account, from a network
	pairingLimit = limit{name: "pairing", tries: 30, window: time.Hour} // at any invite, from a network
)

var (
	errTooMany = fault.New(fault.TooMany, "too-many-attempts", "too many wrong tries")
	errBusy    = fault.New(fault.TooMany, "busy", "too many log-ins at once").After(5 * time.Second)
)

// limit allows a number of wrong tries at once. Each is forgotten a share of the window after the one before it.
type limit struct {
	name   string
	tries  int
	window time.Duration
}

func (l limit) share() time.Duration { return l.window / time.Duration(l.tries) }

// key hashes who, so that the table holds no address and no e-mail.
func (l limit) key(who string) string {
	return l.name + ":" + hex.EncodeToString(sum([]byte(who))[:16])
}

// take counts a try before its outcome is known, so that concurrent tries are counted too. Above the limit it returns
// a TooMany fault, which undoes the transaction. A right try is given back.
func (l limit) take(tx *database.Tx, who string) error {
	now := database.At(tx.Now())
	if _, err := tx.Exec("DELETE FROM wrong_tries WHERE forgotten_at <= ?", now); err != nil {
		return database.Wrap("auth: forget wrong tries", err)
	}
	share := l.share().Milliseconds()
	var forgotten database.Instant
	err := tx.Value(&forgotten, `INSERT INTO wrong_tries (key, forgotten_at) VALUES (?, ?)
		ON CONFLICT (key) DO UPDATE SET forgotten_at = wrong_tries.forgotten_at + ? RETURNING forgotten_at`,
		l.key(who), now+database.Instant(share), share)
	if err != nil {
		return database.Wrap("auth: count a try", err)
	}
	if wait := forgotten.Time().Sub(tx.Now()) - l.window; wait > 0 {
		return errTooMany.After(wait)
	}
	return nil
}

// giveBack removes a try from the count. It deletes a count of zero, so that it does not matter when the clock is set
// back.
func (l limit) giveBack(tx *database.Tx, who string) error {
	share, key := l.share().Milliseconds(), l.key(who)
	if _, err := tx.Exec(
		"UPDATE wrong_tries SET forgotten_at = forgotten_at - ? WHERE key = ?", share, key,
	); err != nil {
		return database.Wrap("auth: give a try back", err)
	}
	_, err := tx.Exec("DELETE FROM wrong_tries WHERE key = ? AND forgotten_at <= ?", key, database.At(tx.Now()))
	return database.Wrap("auth: forget a try", err)
}

// forget clears the count.
func (l limit) forget(tx *database.Tx, who string) error {
	_, err := tx.Exec("DELETE FROM wrong_tries WHERE key = ?", l.key(who))
	return database.Wrap("auth: forget tries", err)
}

// budget is one limit that a try counts for. A success clears the limits of this account and place; from limits that
// others share it removes only its own try.
type budget struct {
	limit  limit
	who    string
	shared bool
}

// budgets returns the limits that a log-in counts for.
func (l Login) budgets(isKnown bool) []budget {
	account, network := text.Email(l.Email), networkOf(l.Address)
	if isKnown {
		return []budget{{limit: browserLimit, who: account + " " + l.Browser}}
	}
	return []budget{
		{limit: guessLimit, who: account + " " + network},
		{limit: accountLimit, who: account, shared: true},
		{limit: networkLimit, who: network, shared: true},
	}
}

func takeAll(tx *database.Tx, budgets []budget) error {
	for _, b := range budgets {
		if err := b.limit.take(tx, b.who); err != nil {
			return err
		}
	}
	return nil
}

// settle gives a try back that was right or was never made.
func settle(tx *database.Tx, budgets []budget, right bool) error {
	for _, b := range budgets {
		settled := b.limit.giveBack
		if right && !b.shared {
			settled = b.limit.forget
		}
		if err := settled(tx, b.who); err != nil {
			return err
		}
	}
	return nil
}

// networkOf returns the network of an address: whoever has one address of an IPv6 /64 or an IPv4 /24 often has the
// others too. A text that is not an address is returned unchanged.
func networkOf(address string) string {
	parsed, err := netip.ParseAddr(strings.TrimSpace(address))
	if err != nil {
		return address
	}
	parsed = parsed.Unmap().WithZone("")
	bits := 64
	if parsed.Is4() {
		bits = 24
	}
	network, err := parsed.Prefix(bits)
	if err != nil {
		return address
	}
	return network.String()
}
