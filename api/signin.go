package api

import (
	"context"

	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/id"
)

// RedeemPairing implements StrictServerInterface.
func (s *Server) RedeemPairing(ctx context.Context, r RedeemPairingRequestObject) (RedeemPairingResponseObject, error) {
	tokens, err := s.parts.Auth.Redeem(ctx, auth.Redemption{
		Code: r.Body.Code, BirthYear: r.Body.BirthYear, Address: callerOf(ctx).address,
		Device: auth.NewDevice{
			ID:       value(r.Body.Device.ID),
			Name:     r.Body.Device.Name,
			Platform: string(r.Body.Device.Platform),
		},
	})
	if err != nil {
		return nil, err
	}
	return RedeemPairing201JSONResponse{
		AccessToken:  tokens.Access,
		TokenType:    PatientTokensTokenTypeBearer,
		ExpiresInS:   int(tokens.ExpiresIn.Seconds()),
		RefreshToken: tokens.Refresh,
		PatientID:    ID(tokens.Patient),
		DeviceID:     ID(tokens.Device),
	}, nil
}

// LogIn implements StrictServerInterface.
func (s *Server) LogIn(ctx context.Context, r LogInRequestObject) (LogInResponseObject, error) {
	tokens, err := s.parts.Auth.LogIn(ctx, auth.Login{
		Email: r.Body.Email, Password: r.Body.Password, Address: callerOf(ctx).address,
	}, value(r.Body.Code))
	if err != nil {
		return nil, err
	}
	return LogIn201JSONResponse(toTokens(tokens)), nil
}

// RefreshTokens implements StrictServerInterface.
func (s *Server) RefreshTokens(ctx context.Context, r RefreshTokensRequestObject) (RefreshTokensResponseObject, error) {
	tokens, err := s.parts.Auth.Refresh(ctx, r.Body.RefreshToken)
	if err != nil {
		return nil, err
	}
	return RefreshTokens200JSONResponse(toTokens(tokens)), nil
}

// LogOut implements StrictServerInterface.
func (s *Server) LogOut(ctx context.Context, _ LogOutRequestObject) (LogOutResponseObject, error) {
	return LogOut204Response{}, s.parts.Auth.LogOut(ctx, viewerOf(ctx))
}

// CreatePairing implements StrictServerInterface.
func (s *Server) CreatePairing(ctx context.Context, r CreatePairingRequestObject) (CreatePairingResponseObject, error) {
	p, created, err := s.parts.Auth.Invite(ctx, viewerOf(ctx), id.Pairing(r.Body.ID), id.Patient(r.Body.PatientID))
	if err != nil {
		return nil, err
	}
	invite := PairingWithCode{
		ID: ID(p.ID), PatientID: ID(p.Patient), State: PairingWithCodeState(p.State), ExpiresAt: p.ExpiresAt,
		Code: p.Code, QrPayload: p.QRPayload,
	}
	if created {
		return CreatePairing201JSONResponse(invite), nil
	}
	return CreatePairing200JSONResponse{PairingCreatedJSONResponse(invite)}, nil
}

// GetPairing implements StrictServerInterface.
func (s *Server) GetPairing(ctx context.Context, r GetPairingRequestObject) (GetPairingResponseObject, error) {
	p, err := s.parts.Auth.Pairing(ctx, viewerOf(ctx), id.Pairing(r.PairingID))
	if err != nil {
		return nil, err
	}
	return GetPairing200JSONResponse{
		ID: ID(p.ID), PatientID: ID(p.Patient), State: PairingState(p.State), ExpiresAt: p.ExpiresAt,
	}, nil
}

// RevokePairing implements StrictServerInterface.
func (s *Server) RevokePairing(ctx context.Context, r RevokePairingRequestObject) (RevokePairingResponseObject, error) {
	return RevokePairing204Response{}, s.parts.Auth.RevokePairing(ctx, viewerOf(ctx), id.Pairing(r.PairingID))
}

func toTokens(t auth.Tokens) Tokens {
	return Tokens{
		AccessToken:  t.Access,
		TokenType:    TokensTokenTypeBearer,
		ExpiresInS:   int(t.ExpiresIn.Seconds()),
		RefreshToken: t.Refresh,
	}
}
