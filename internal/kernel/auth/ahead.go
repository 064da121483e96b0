package auth

import (
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// After a rollback of its history the database does not know the refresh tokens issued since. A phone that holds one
// of them would be signed out. The signature proves that we issued the token, and its number proves that the database
// has lost the tokens after the last one it knows. So such a token is accepted, once:
//
//	number not above the last known           reuse, the session ends
//	issued in the current epoch               a loss not yet detected: a new epoch begins, then as below
//	session was used in the current epoch     two parties hold its tokens: reuse, the session ends
//	otherwise                                 accepted; every earlier token counts as used, long ago
//
// This does not revive a session that has ended: the session must be known, alive, a phone's, and not too old. A
// token that was stolen before the loss is not above the last known number. A token that was stolen and renewed
// within the lost period is worth as much as the phone's own until both have been presented; then the session ends.

// unknown handles a token that the database does not know.
func (s *Service) unknown(store store, token string) (rotation, error) {
	invalid := rotation{refused: ErrRefreshInvalid}
	p, signed := s.keys.proven(token)
	if !signed {
		return invalid, nil
	}
	session, err := store.lockedSession(p.session)
	if err != nil {
		return invalid, ignoreNotFound(err)
	}
	may, err := mayGoOn(store, session, p)
	if err != nil || !may {
		return invalid, err
	}
	if _, err := store.refresh(token); err == nil { // another replica has just accepted it
		return s.rotate(store, token)
	} else if !fault.Is(err, fault.NotFound) {
		return invalid, err
	}
	return s.ahead(store, session, token, p)
}

// mayGoOn reports whether the session of a signed token is alive and the token has not expired.
func mayGoOn(store store, session sessionRow, p proof) (bool, error) {
	role := access.Role(session.Role)
	if role != access.Patient || !store.tx.Now().Before(expiry(role, session.CreatedAt.Time(), p.issued)) {
		return false, nil
	}
	alive, _, err := store.liveness(p.session)
	return alive, err
}

func (s *Service) ahead(store store, session sessionRow, token string, p proof) (rotation, error) {
	current, err := store.tx.Epoch()
	if err != nil {
		return rotation{}, err
	}
	latest, hasGoneOn, err := store.latestRefresh(p.session, current)
	switch {
	case err != nil:
		return rotation{}, err
	case p.number <= latest:
		return s.reused(store, p.session)
	case p.epoch == current:
		return rotation{lost: current}, nil
	case hasGoneOn:
		return s.reused(store, p.session)
	}
	if err := store.adoptRefresh(token, p, session); err != nil {
		return rotation{}, err
	}
	return s.next(store, session, p.number)
}

// lockedSession returns the session and locks it, for decisions that depend on all of its tokens: another replica
// that decides about it waits.
func (s store) lockedSession(session id.AuthSession) (sessionRow, error) {
	err := database.MustAffect(s.tx.Exec("UPDATE auth_sessions SET revoked_why = revoked_why WHERE id = ?", session))
	if err != nil {
		return sessionRow{}, err
	}
	return s.session(session)
}
