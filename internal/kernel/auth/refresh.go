package auth

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// Refresh exchanges a refresh token for its successor.
func (s *Service) Refresh(ctx context.Context, token string) (Tokens, error) {
	r, err := s.rotated(ctx, token)
	if err == nil && r.lost != "" {
		if err = s.db.Renew(ctx, r.lost); err == nil {
			r, err = s.rotated(ctx, token)
		}
	}
	if err != nil {
		return Tokens{}, err
	}
	if r.ended != "" {
		s.sessions.forget(r.ended)
	}
	return r.tokens, r.refused // a refusal is committed too: reuse ends the session
}

// rotation is the result of presenting a refresh token: tokens, or the reason for a refusal and the session that it
// ended. If the token proves that the database has lost commits since an epoch began, the result is that epoch, and
// nothing was changed.
type rotation struct {
	tokens  Tokens
	refused error
	ended   id.AuthSession
	lost    string
}

func (s *Service) rotated(ctx context.Context, token string) (r rotation, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) (err error) {
		r, err = s.rotate(newStore(tx), token)
		return err
	})
	return r, err
}

// rotate locks the session before it decides, so that it sees everything another replica did with the session's
// tokens.
func (s *Service) rotate(store store, token string) (rotation, error) {
	used, err := store.refresh(token)
	if fault.Is(err, fault.NotFound) {
		return s.unknown(store, token)
	}
	if err != nil {
		return rotation{}, err
	}
	session, err := store.lockedSession(used.SessionID)
	if err != nil {
		return rotation{}, err
	}
	if used, err = store.refresh(token); err != nil {
		return rotation{}, err
	}
	if session.RevokedAt != nil || !store.tx.Now().Before(used.ExpiresAt.Time()) {
		return rotation{refused: ErrRefreshInvalid}, nil
	}
	if used.UsedAt != nil {
		return s.handleUsed(store, token, used, session)
	}
	isFirst, err := store.useRefresh(token)
	if err != nil {
		return rotation{}, err
	}
	if !isFirst { // another replica has just answered it
		return s.rotate(store, token)
	}
	return s.next(store, session, used.Number)
}

// next issues the token after one of a session, numbered above all others. One of an older version has no
// number, and may come after some that have.
func (s *Service) next(store store, session sessionRow, number int) (rotation, error) {
	now := store.tx.Now()
	p := proof{session: id.AuthSession(session.ID)}
	if number == 0 {
		var err error
		if number, _, err = store.latestRefresh(p.session, ""); err != nil {
			return rotation{}, err
		}
	}
	p.number = number + 1
	next, err := s.issue(store, p, expiry(access.Role(session.Role), session.CreatedAt.Time(), now))
	if err != nil {
		return rotation{}, err
	}
	tokens, err := s.tokens(store.tx, session.viewer(), next)
	return rotation{tokens: tokens}, err
}

// issue stores and signs a token of the current epoch.
func (s *Service) issue(store store, p proof, expires time.Time) (token string, err error) {
	if p.epoch, err = store.tx.Epoch(); err != nil {
		return "", err
	}
	p.issued = store.tx.Now()
	token = s.keys.refreshToken(p)
	return token, store.insertRefresh(token, p, expires)
}

// handleUsed handles a used token: it returns the successor while the phone may have lost it, and otherwise ends the
// session.
func (s *Service) handleUsed(store store, token string, used refreshRow, session sessionRow) (rotation, error) {
	next, fresh, err := s.mayRepeat(store, token, used)
	if err != nil {
		return rotation{}, err
	}
	if !fresh {
		return s.reused(store, used.SessionID)
	}
	tokens, err := s.tokens(store.tx, session.viewer(), next)
	return rotation{tokens: tokens}, err
}

func (s *Service) reused(store store, session id.AuthSession) (rotation, error) {
	return rotation{refused: ErrRefreshReused, ended: session}, store.revokeSession(session, "refresh token reused")
}

// mayRepeat returns the successor of a used token while the answer may be repeated: within the grace window, and
// while the successor is unused. Mobile networks often lose answers.
func (s *Service) mayRepeat(store store, token string, used refreshRow) (next string, fresh bool, err error) {
	if store.tx.Now().Sub(used.UsedAt.Time()) > GraceWindow {
		return "", false, nil
	}
	successor, err := store.successor(used)
	if err != nil || successor.UsedAt != nil {
		return "", false, ignoreNotFound(err)
	}
	next, known := s.keys.issued(successor)
	if !known {
		next = s.keys.unsignedSuccessor(token)
		known = tokenHash(next) == successor.TokenHash
	}
	return next, known, nil
}
