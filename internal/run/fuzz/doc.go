// Package fuzz sends generated requests to the whole program, invalid ones and valid ones. Its tests generate them
// from openapi.yaml, with a seed and in the same order each time, so that a failure can be reproduced.
//
// They promise that no request gets a 5xx or an answer that violates the contract, that nothing invalid is accepted,
// that a refusal changes nothing, and that no caller reads or changes data of an unrelated patient or of another
// practice.
package fuzz
