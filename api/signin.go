package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/id"
)

// RedeemPairing implements StrictServerInterface.
func (s *Server) RedeemPairing(
	ctx context.Context, r wire.RedeemPairingRequestObject,
) (wire.RedeemPairingResponseObject, error) {
	tokens, err := s.parts.Auth.Redeem(ctx, auth.Redemption{
		Code: r.Body.Code, BirthYear: r.Body.BirthYear, Address: door.AddressOf(ctx),
		Device: auth.NewDevice{
			ID:       value(r.Body.Device.ID),
			Name:     r.Body.Device.Name,
			Platform: string(r.Body.Device.Platform),
		},
	})
	if err != nil {
		return nil, err
	}
	return wire.RedeemPairing201JSONResponse{
		AccessToken:  tokens.Access,
		TokenType:    wire.PatientTokensTokenTypeBearer,
		ExpiresInS:   int(tokens.ExpiresIn.Seconds()),
		RefreshToken: tokens.Refresh,
		PatientID:    wire.ID(tokens.Patient),
		DeviceID:     wire.ID(tokens.Device),
	}, nil
}

// LogIn implements StrictServerInterface.
func (s *Server) LogIn(ctx context.Context, r wire.LogInRequestObject) (wire.LogInResponseObject, error) {
	tokens, err := s.parts.Auth.LogIn(ctx, auth.Login{
		Email: r.Body.Email, Password: r.Body.Password, Address: door.AddressOf(ctx),
	}, value(r.Body.Code))
	if err != nil {
		return nil, err
	}
	return wire.LogIn201JSONResponse(toTokens(tokens)), nil
}

// RefreshTokens implements StrictServerInterface.
func (s *Server) RefreshTokens(
	ctx context.Context, r wire.RefreshTokensRequestObject,
) (wire.RefreshTokensResponseObject, error) {
	tokens, err := s.parts.Auth.Refresh(ctx, r.Body.RefreshToken)
	if err != nil {
		return nil, err
	}
	return wire.RefreshTokens200JSONResponse(toTokens(tokens)), nil
}

// LogOut implements StrictServerInterface.
func (s *Server) LogOut(ctx context.Context, _ wire.LogOutRequestObject) (wire.LogOutResponseObject, error) {
	return wire.LogOut204Response{}, s.parts.Auth.LogOut(ctx, door.ViewerOf(ctx))
}

// CreatePairing implements StrictServerInterface.
func (s *Server) CreatePairing(
	ctx context.Context, r wire.CreatePairingRequestObject,
) (wire.CreatePairingResponseObject, error) {
	p, created, err := s.parts.Auth.Invite(ctx, door.ViewerOf(ctx), id.Pairing(r.Body.ID), id.Patient(r.Body.PatientID))
	if err != nil {
		return nil, err
	}
	invite := wire.PairingWithCode{
		ID:        wire.ID(p.ID),
		PatientID: wire.ID(p.Patient),
		State:     wire.PairingWithCodeState(p.State),
		ExpiresAt: p.ExpiresAt,
		Code:      p.Code,
		QrPayload: p.QRPayload,
	}
	if created {
		return wire.CreatePairing201JSONResponse(invite), nil
	}
	return wire.CreatePairing200JSONResponse{PairingCreatedJSONResponse: wire.PairingCreatedJSONResponse(invite)}, nil
}

// GetPairing implements StrictServerInterface.
func (s *Server) GetPairing(
	ctx context.Context, r wire.GetPairingRequestObject,
) (wire.GetPairingResponseObject, error) {
	p, err := s.parts.Auth.Pairing(ctx, door.ViewerOf(ctx), id.Pairing(r.PairingID))
	if err != nil {
		return nil, err
	}
	return wire.GetPairing200JSONResponse{
		ID: wire.ID(p.ID), PatientID: wire.ID(p.Patient), State: wire.PairingState(p.State), ExpiresAt: p.ExpiresAt,
	}, nil
}

// RevokePairing implements StrictServerInterface.
func (s *Server) RevokePairing(
	ctx context.Context, r wire.RevokePairingRequestObject,
) (wire.RevokePairingResponseObject, error) {
	return wire.RevokePairing204Response{}, s.parts.Auth.RevokePairing(ctx, door.ViewerOf(ctx), id.Pairing(r.PairingID))
}

func toTokens(t auth.Tokens) wire.Tokens {
	return wire.Tokens{
		AccessToken:  t.Access,
		TokenType:    wire.TokensTokenTypeBearer,
		ExpiresInS:   int(t.ExpiresIn.Seconds()),
		RefreshToken: t.Refresh,
	}
}
